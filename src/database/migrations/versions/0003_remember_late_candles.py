"""Remember which candles came after other symbols' of the same instant."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "late_candles",
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.Text(), nullable=False),
        sa.Column("open_time", BIG_INT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "environment", "symbol", "timeframe", "open_time", name="pk_late_candles"
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("late_candles")
