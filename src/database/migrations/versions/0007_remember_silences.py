"""Remember the last long silence of every lease."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    op.add_column("lease", sa.Column("silent_from", BIG_INT, nullable=True))
    op.add_column("lease", sa.Column("silent_until", BIG_INT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lease") as lease:
        lease.drop_column("silent_until")
        lease.drop_column("silent_from")
