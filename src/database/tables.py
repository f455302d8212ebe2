"""Every table of the product.

`users`, `paper_trades` and `signals` begin with the columns their readers know from the
README (REAL prices, TEXT times, ISO 8601 with `Z`). Everything else keeps times as UTC
milliseconds and money as TEXT decimals; where both exist, the TEXT decimal is the truth.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from src.database.columns import BigInt, ExactDecimal, JsonText, Real, metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True, nullable=True),
    Column("email", Text, nullable=False),
    Column("password_hash", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("email"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", BigInt, nullable=False),
    Column("expires_at", BigInt, nullable=False),
    Column("revoked_at", BigInt),
    Index(None, "user_id"),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("account", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("failed_at", BigInt, nullable=False),
    Index(None, "account", "failed_at"),
    Index(None, "address", "failed_at"),
)

paper_trades = Table(
    "paper_trades",
    metadata,
    Column("id", Integer, primary_key=True, nullable=True),
    Column("signal_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("entry_price", Real, nullable=False),
    Column("current_price", Real),
    Column("exit_price", Real),
    Column("position_size", Real, nullable=False),
    Column("stop_loss", Real, nullable=False),
    Column("take_profit", Real, nullable=False),
    Column("status", Text, nullable=False),
    Column("unrealized_pnl", Real, server_default=text("0")),
    Column("realized_pnl", Real, server_default=text("0")),
    Column("risk_amount", Real, nullable=False),
    Column("entry_time", Text, nullable=False),
    Column("exit_time", Text),
    Column("created_date", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("order_link_id", Text, nullable=False),
    Column("exit_reason", Text),
    Column("quantity_exact", ExactDecimal, nullable=False),
    Column("entry_price_exact", ExactDecimal, nullable=False),
    Column("exit_price_exact", ExactDecimal),
    Column("stop_loss_exact", ExactDecimal, nullable=False),
    Column("take_profit_exact", ExactDecimal, nullable=False),
    Column("risk_amount_exact", ExactDecimal, nullable=False),
    Column("fees", ExactDecimal, nullable=False),
    Column("funding", ExactDecimal, nullable=False),
    Column("slippage", ExactDecimal, nullable=False),
    Column("gross_pnl", ExactDecimal, nullable=False),
    Column("net_pnl", ExactDecimal, nullable=False),
    Column("entry_ms", BigInt, nullable=False),
    Column("exit_ms", BigInt),
    Column("ambiguous", Boolean, nullable=False),
    UniqueConstraint("environment", "order_link_id"),
    Index(None, "environment", "exit_ms", "id"),
    Index(None, "status", "environment"),
    sqlite_autoincrement=True,
)

signals = Table(
    "signals",
    metadata,
    Column("id", Integer, primary_key=True, nullable=True),
    Column("signal_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("entry_price", Real, nullable=False),
    Column("stop_loss", Real, nullable=False),
    Column("take_profit", Real, nullable=False),
    Column("confluence_score", Real, nullable=False),
    Column("status", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("timeframe", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("components", JsonText, nullable=False),
    Column("reasons", JsonText, nullable=False),
    Column("refusals", JsonText, nullable=False),
    Column("armed_at", BigInt, nullable=False),
    Column("updated_at", BigInt, nullable=False),
    UniqueConstraint("signal_id"),
    Index(None, "environment", "id"),
    Index(None, "environment", "status", "id"),
    sqlite_autoincrement=True,
)

orders = Table(
    "orders",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("environment", Text, nullable=False),
    Column("order_link_id", Text, nullable=False),
    Column("signal_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("quantity", ExactDecimal, nullable=False),
    Column("price", ExactDecimal, nullable=False),
    Column("stop_loss", ExactDecimal, nullable=False),
    Column("take_profit", ExactDecimal, nullable=False),
    Column("leverage", ExactDecimal, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("placed_at", BigInt, nullable=False),
    UniqueConstraint("environment", "order_link_id"),
    Index(None, "environment", "status"),
    sqlite_autoincrement=True,
)

fills = Table(
    "fills",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("execution_id", Text, primary_key=True),
    Column("order_link_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("quantity", ExactDecimal, nullable=False),
    Column("price", ExactDecimal, nullable=False),
    Column("fee", ExactDecimal, nullable=False),
    Column("slippage", ExactDecimal, nullable=False),
    Column("is_maker", Boolean, nullable=False),
    Column("time", BigInt, nullable=False),
    Column("ambiguous", Boolean, nullable=False),
    Index(None, "environment", "order_link_id"),
)

funding_payments = Table(
    "funding_payments",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("execution_id", Text, primary_key=True),
    Column("order_link_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("rate", ExactDecimal, nullable=False),
    Column("amount", ExactDecimal, nullable=False),
    Column("time", BigInt, nullable=False),
    Index(None, "environment", "order_link_id"),
)

candles = Table(
    "candles",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("symbol", Text, primary_key=True),
    Column("timeframe", Text, primary_key=True),
    Column("open_time", BigInt, primary_key=True, autoincrement=False),
    Column("open", Real, nullable=False),
    Column("high", Real, nullable=False),
    Column("low", Real, nullable=False),
    Column("close", Real, nullable=False),
    Column("volume", Real, nullable=False),
    sqlite_with_rowid=False,
)

equity = Table(
    "equity",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("time", BigInt, primary_key=True, autoincrement=False),
    Column("wallet", ExactDecimal, nullable=False),
    Column("equity", ExactDecimal, nullable=False),
    Column("drawdown", Real, nullable=False),
    sqlite_with_rowid=False,
)
"""`drawdown` is the fraction (<= 0) below the highest equity the account ever had before."""

equity_spans = Table(
    "equity_spans",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("length_ms", BigInt, primary_key=True, autoincrement=False),
    Column("start", BigInt, primary_key=True, autoincrement=False),
    Column("opening", Real, nullable=False),
    Column("closing", Real, nullable=False),
    Column("closing_time", BigInt, nullable=False),
    Column("low", Real, nullable=False),
    Column("low_time", BigInt, nullable=False),
    Column("high", Real, nullable=False),
    Column("high_time", BigInt, nullable=False),
    Column("deepest", Real, nullable=False),
    Column("deepest_time", BigInt, nullable=False),
    sqlite_with_rowid=False,
)
"""The equity curve by hour and by day: what a chart or a daily return needs of each."""

trade_totals = Table(
    "trade_totals",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("closed", Integer, nullable=False),
    Column("wins", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("gross_profit", ExactDecimal, nullable=False),
    Column("gross_loss", ExactDecimal, nullable=False),
    Column("result_r", Real, nullable=False),
    Column("peak_equity", Real),
    Column("max_drawdown", Real, nullable=False),
)
"""Running totals per environment, kept by the transactions that change them.

`gross_loss` and `max_drawdown` (a fraction) are not negative; `result_r` is the sum of R.
"""

signal_totals = Table(
    "signal_totals",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("direction", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

venue_state = Table(
    "venue_state",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("state", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("environment", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("market_time", BigInt, nullable=False),
    Column("created_at", BigInt, nullable=False),
    Column("payload", JsonText, nullable=False),
    Index(None, "environment", "id"),
    sqlite_autoincrement=True,
)

commands = Table(
    "commands",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("environment", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", BigInt, nullable=False),
    Column("handled_at", BigInt),
    Column("result", JsonText),
    Column("steps", JsonText),
    Index(None, "environment", "handled_at", "id"),
    sqlite_autoincrement=True,
)

live_state = Table(
    "live_state",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", BigInt, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("updated_at", BigInt, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("epoch", BigInt, nullable=False),
    Column("holder", Text),
    Column("heartbeat_at", BigInt, nullable=False),
    Column("alive_at", BigInt),
    Column("silent_from", BigInt),
    Column("silent_until", BigInt),
)

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", BigInt, nullable=False),
)
