"""Remember when the holder of a lease was last at work."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    big_int = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")
    op.add_column("lease", sa.Column("alive_at", big_int, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lease") as lease:
        lease.drop_column("alive_at")
