"""Add the queue of backtests and their reports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "backtest_jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", BIG_INT, nullable=False),
        sa.Column("started_at", BIG_INT, nullable=True),
        sa.Column("finished_at", BIG_INT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_backtest_jobs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_backtest_jobs_status_id", "backtest_jobs", ["status", "id"])
    op.create_table(
        "backtest_reports",
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["backtest_jobs.id"],
            name="fk_backtest_reports_job_id_backtest_jobs",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", name="pk_backtest_reports"),
    )


def downgrade() -> None:
    op.drop_table("backtest_reports")
    op.drop_table("backtest_jobs")
