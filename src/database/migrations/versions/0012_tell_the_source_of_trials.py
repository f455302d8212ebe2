"""Tell whose candles a trial read and a seal was kept from; nobody said it of those before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SEGMENTS = "sealed_segments"
PLACE = ("symbol", "timeframe", "begins_at")
AUTOINCREMENT = {"sqlite_autoincrement": True}
# What an older version, or a process of it that still runs, writes names no source.
UNKNOWN = "unknown"


def upgrade() -> None:
    op.add_column("trials", _source())
    with op.batch_alter_table(SEGMENTS, table_kwargs=AUTOINCREMENT) as segments:
        segments.add_column(_source())
        segments.drop_constraint(_unique(*PLACE), type_="unique")
        segments.create_unique_constraint(_unique("source", *PLACE), ["source", *PLACE])


def downgrade() -> None:
    """What was opened on the candles of any source stays opened."""
    _keep_one_of_each_place(op.get_bind())
    with op.batch_alter_table(SEGMENTS, table_kwargs=AUTOINCREMENT) as segments:
        segments.drop_constraint(_unique("source", *PLACE), type_="unique")
        segments.create_unique_constraint(_unique(*PLACE), [*PLACE])
        segments.drop_column("source")
    with op.batch_alter_table("trials", table_kwargs=AUTOINCREMENT) as trials:
        trials.drop_column("source")


def _source() -> sa.Column[str]:
    return sa.Column("source", sa.Text(), nullable=False, server_default=UNKNOWN)


def _unique(*columns: str) -> str:
    return f"uq_{SEGMENTS}_{'_'.join(columns)}"


def _keep_one_of_each_place(connection: sa.Connection) -> None:
    """The first opening, reaching as far as any that began where it did."""
    segments = sa.table(
        SEGMENTS,
        sa.column("id", sa.Integer()),
        *(sa.column(name, sa.Text()) for name in ("symbol", "timeframe")),
        *(sa.column(name, sa.BigInteger()) for name in ("begins_at", "ends_at")),
    )
    column, place = segments.c, [segments.c[name] for name in PLACE]
    groups = connection.execute(
        sa.select(sa.func.min(column.id), sa.func.max(column.ends_at)).group_by(*place)
    ).all()
    for first, ends_at in groups:
        connection.execute(sa.update(segments).where(column.id == first).values(ends_at=ends_at))
    kept = [first for first, _ in groups]
    connection.execute(sa.delete(segments).where(column.id.not_in(kept)))
