"""Add deposits and withdrawals of the account."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("time", BIG_INT, nullable=False),
        sa.Column("enters_at", BIG_INT, nullable=False),
        sa.Column("equity_before", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("environment", "transfer_id", name="pk_transfers"),
    )
    op.create_index("ix_transfers_environment_enters_at", "transfers", ["environment", "enters_at"])


def downgrade() -> None:
    op.drop_table("transfers")
