"""Count signals and results by model and kill zone, those stored before included."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from src.domain.candle import Timeframe
from src.domain.kill_zones import kill_zone_at

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTED = ("buys", "sells", "filled", "wins", "losses", "result_r")
STORED = """
    SELECT s.environment, s.model, s.armed_at, s.timeframe, s.direction, s.status,
           t.realized_pnl, t.risk_amount
    FROM signals s
    LEFT JOIN paper_trades t ON t.signal_id = s.signal_id AND t.exit_ms IS NOT NULL
"""


def upgrade() -> None:
    totals = op.create_table(
        "setup_totals",
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("kill_zone", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED[:-1]),
        sa.Column("result_r", sa.REAL(), nullable=False),
        sa.PrimaryKeyConstraint("environment", "model", "kill_zone", name="pk_setup_totals"),
    )
    counts = _counted(op.get_bind())
    if counts:
        op.bulk_insert(totals, counts)


def downgrade() -> None:
    op.drop_table("setup_totals")


def _counted(connection: sa.Connection) -> list[dict[str, object]]:
    groups: dict[tuple[str, str, str], dict[str, float]] = defaultdict(
        lambda: dict.fromkeys(COUNTED, 0)
    )
    for row in connection.execute(sa.text(STORED)):
        opened = row.armed_at - Timeframe(row.timeframe).milliseconds
        group = groups[row.environment, row.model, kill_zone_at(opened) or ""]
        group["buys" if row.direction == "long" else "sells"] += 1
        group["filled"] += row.status == "filled"
        if row.realized_pnl is not None:
            group["wins"] += row.realized_pnl > 0
            group["losses"] += row.realized_pnl < 0
            group["result_r"] += row.realized_pnl / row.risk_amount
    return [
        {"environment": environment, "model": model, "kill_zone": zone, **counted}
        for (environment, model, zone), counted in groups.items()
    ]
