"""Add the ledger of trials and the sealed segments of history."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")
REAL: sa.REAL[float] = sa.REAL().with_variant(sa.DOUBLE_PRECISION(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", BIG_INT, autoincrement=True, nullable=False),
        sa.Column("created_at", BIG_INT, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("symbols", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("data_fingerprint", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("trade_count", sa.Integer(), nullable=False),
        sa.Column("daily_sharpe", REAL, nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("first_day", BIG_INT, nullable=False),
        sa.Column("daily_returns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_trials_symbols_timeframe_identity", "trials", ["symbols", "timeframe", "identity"]
    )
    op.create_index("ix_trials_study_id", "trials", ["study", "id"])
    _create_sealed_segments()


def downgrade() -> None:
    op.drop_table("sealed_segments")
    op.drop_table("trials")


def _create_sealed_segments() -> None:
    op.create_table(
        "sealed_segments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.Text(), nullable=False),
        sa.Column("begins_at", BIG_INT, nullable=False),
        sa.Column("ends_at", BIG_INT, nullable=False),
        sa.Column("opened_at", BIG_INT, nullable=False),
        sa.Column("trial_id", BIG_INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["trials.id"], name="fk_sealed_segments_trial_id_trials"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_segments"),
        sa.UniqueConstraint(
            "symbol",
            "timeframe",
            "begins_at",
            name="uq_sealed_segments_symbol_timeframe_begins_at",
        ),
        sqlite_autoincrement=True,
    )
