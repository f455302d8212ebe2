"""Create the first schema."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")
REAL: sa.REAL[float] = sa.REAL().with_variant(sa.DOUBLE_PRECISION(), "postgresql")

TABLES = (
    *("users", "sessions", "login_failures"),
    *("paper_trades", "signals", "orders", "fills", "funding_payments"),
    *("candles", "equity", "equity_spans", "trade_totals", "signal_totals", "venue_state"),
    *("events", "commands", "live_state", "lease", "settings"),
)


def upgrade() -> None:
    _create_people()
    _create_trades()
    _create_signals()
    _create_orders()
    _create_executions()
    _create_market()
    _create_totals()
    _create_logs()
    _create_shared_state()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _required(kind: Any, names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names.split()]


def _optional(kind: Any, names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names.split()]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _counted(kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column("id", kind, autoincrement=True, nullable=nullable)


def _create_people() -> None:
    op.create_table(
        "users",
        _counted(sa.Integer(), nullable=True),
        *_required(sa.Text(), "email"),
        *_required(sa.LargeBinary(), "password_hash"),
        *_required(sa.Text(), "created_at"),
        _key("users", "id"),
        _unique("users", "email"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        *_required(sa.Text(), "id"),
        *_required(sa.Integer(), "user_id"),
        *_required(BIG_INT, "created_at expires_at"),
        *_optional(BIG_INT, "revoked_at"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"
        ),
        _key("sessions", "id"),
    )
    _index("sessions", "user_id")
    op.create_table(
        "login_failures",
        _counted(BIG_INT),
        *_required(sa.Text(), "account address"),
        *_required(BIG_INT, "failed_at"),
        _key("login_failures", "id"),
    )
    _index("login_failures", "account", "failed_at")
    _index("login_failures", "address", "failed_at")


def _create_trades() -> None:
    op.create_table(
        "paper_trades",
        _counted(sa.Integer(), nullable=True),
        *_required(sa.Text(), "signal_id symbol direction"),
        *_required(REAL, "entry_price"),
        *_optional(REAL, "current_price exit_price"),
        *_required(REAL, "position_size stop_loss take_profit"),
        *_required(sa.Text(), "status"),
        sa.Column("unrealized_pnl", REAL, server_default=sa.text("0")),
        sa.Column("realized_pnl", REAL, server_default=sa.text("0")),
        *_required(REAL, "risk_amount"),
        *_required(sa.Text(), "entry_time"),
        *_optional(sa.Text(), "exit_time"),
        *_required(sa.Text(), "created_date environment order_link_id"),
        *_optional(sa.Text(), "exit_reason"),
        *_required(sa.Text(), "quantity_exact entry_price_exact"),
        *_optional(sa.Text(), "exit_price_exact"),
        *_required(sa.Text(), "stop_loss_exact take_profit_exact risk_amount_exact"),
        *_required(sa.Text(), "fees funding slippage gross_pnl net_pnl"),
        *_required(BIG_INT, "entry_ms"),
        *_optional(BIG_INT, "exit_ms"),
        *_required(sa.Boolean(), "ambiguous"),
        _key("paper_trades", "id"),
        _unique("paper_trades", "environment", "order_link_id"),
        sqlite_autoincrement=True,
    )
    _index("paper_trades", "environment", "exit_ms", "id")
    _index("paper_trades", "status", "environment")


def _create_signals() -> None:
    op.create_table(
        "signals",
        _counted(sa.Integer(), nullable=True),
        *_required(sa.Text(), "signal_id symbol direction"),
        *_required(REAL, "entry_price stop_loss take_profit confluence_score"),
        *_required(sa.Text(), "status environment timeframe model components reasons refusals"),
        *_required(BIG_INT, "armed_at updated_at"),
        _key("signals", "id"),
        _unique("signals", "signal_id"),
        sqlite_autoincrement=True,
    )
    _index("signals", "environment", "id")
    _index("signals", "environment", "status", "id")


def _create_orders() -> None:
    op.create_table(
        "orders",
        _counted(BIG_INT),
        *_required(sa.Text(), "environment order_link_id signal_id symbol direction kind"),
        *_required(sa.Text(), "quantity price stop_loss take_profit leverage status"),
        *_optional(sa.Text(), "reason"),
        *_required(BIG_INT, "placed_at"),
        _key("orders", "id"),
        _unique("orders", "environment", "order_link_id"),
        sqlite_autoincrement=True,
    )
    _index("orders", "environment", "status")


def _create_executions() -> None:
    op.create_table(
        "fills",
        *_required(sa.Text(), "environment execution_id order_link_id symbol direction reason"),
        *_required(sa.Text(), "quantity price fee slippage"),
        *_required(sa.Boolean(), "is_maker"),
        *_required(BIG_INT, "time"),
        *_required(sa.Boolean(), "ambiguous"),
        _key("fills", "environment", "execution_id"),
    )
    _index("fills", "environment", "order_link_id")
    op.create_table(
        "funding_payments",
        *_required(sa.Text(), "environment execution_id order_link_id symbol rate amount"),
        *_required(BIG_INT, "time"),
        _key("funding_payments", "environment", "execution_id"),
    )
    _index("funding_payments", "environment", "order_link_id")


def _create_market() -> None:
    op.create_table(
        "candles",
        *_required(sa.Text(), "environment symbol timeframe"),
        *_required(BIG_INT, "open_time"),
        *_required(REAL, "open high low close volume"),
        _key("candles", "environment", "symbol", "timeframe", "open_time"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "equity",
        *_required(sa.Text(), "environment"),
        *_required(BIG_INT, "time"),
        *_required(sa.Text(), "wallet equity"),
        *_required(REAL, "drawdown"),
        _key("equity", "environment", "time"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "equity_spans",
        *_required(sa.Text(), "environment"),
        *_required(BIG_INT, "length_ms start"),
        *_required(REAL, "opening closing"),
        *_required(BIG_INT, "closing_time"),
        *_required(REAL, "low"),
        *_required(BIG_INT, "low_time"),
        *_required(REAL, "high"),
        *_required(BIG_INT, "high_time"),
        *_required(REAL, "deepest"),
        *_required(BIG_INT, "deepest_time"),
        _key("equity_spans", "environment", "length_ms", "start"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "venue_state",
        *_required(sa.Text(), "environment state"),
        _key("venue_state", "environment"),
    )


def _create_totals() -> None:
    op.create_table(
        "trade_totals",
        *_required(sa.Text(), "environment"),
        *_required(sa.Integer(), "closed wins losses"),
        *_required(sa.Text(), "gross_profit gross_loss"),
        *_required(REAL, "result_r"),
        *_optional(REAL, "peak_equity"),
        *_required(REAL, "max_drawdown"),
        _key("trade_totals", "environment"),
    )
    op.create_table(
        "signal_totals",
        *_required(sa.Text(), "environment model direction status"),
        *_required(sa.Integer(), "count"),
        _key("signal_totals", "environment", "model", "direction", "status"),
    )


def _create_logs() -> None:
    op.create_table(
        "events",
        _counted(BIG_INT),
        *_required(sa.Text(), "environment type"),
        *_required(BIG_INT, "market_time created_at"),
        *_required(sa.Text(), "payload"),
        _key("events", "id"),
        sqlite_autoincrement=True,
    )
    _index("events", "environment", "id")
    op.create_table(
        "commands",
        _counted(BIG_INT),
        *_required(sa.Text(), "environment type payload requested_by"),
        *_required(BIG_INT, "created_at"),
        *_optional(BIG_INT, "handled_at"),
        *_optional(sa.Text(), "result"),
        _key("commands", "id"),
        sqlite_autoincrement=True,
    )
    _index("commands", "environment", "handled_at", "id")


def _create_shared_state() -> None:
    op.create_table(
        "live_state",
        *_required(sa.Text(), "environment name"),
        *_required(BIG_INT, "version"),
        *_required(sa.Text(), "payload"),
        *_required(BIG_INT, "updated_at"),
        _key("live_state", "environment", "name"),
    )
    op.create_table(
        "lease",
        *_required(sa.Text(), "name"),
        *_required(BIG_INT, "epoch"),
        *_optional(sa.Text(), "holder"),
        *_required(BIG_INT, "heartbeat_at"),
        _key("lease", "name"),
    )
    op.create_table(
        "settings",
        *_required(sa.Text(), "key value"),
        *_required(BIG_INT, "updated_at"),
        _key("settings", "key"),
    )
