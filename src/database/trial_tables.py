"""Tables of the backtest lab's memory: every trial ever run, and the segments once unsealed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from src.database.columns import BigInt, JsonText, Real, metadata

UNKNOWN_SOURCE = "unknown"
"""Nobody said whose candles: so every row was written before there was a source."""

trials = Table(
    "trials",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("created_at", BigInt, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("study", Text, nullable=False),
    Column("symbols", Text, nullable=False),
    Column("timeframe", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("data_fingerprint", Text, nullable=False),
    Column("parameters", JsonText, nullable=False),
    Column("trade_count", Integer, nullable=False),
    Column("daily_sharpe", Real),
    Column("figures", JsonText, nullable=False),
    Column("first_day", BigInt, nullable=False),
    Column("daily_returns", JsonText, nullable=False),
    Column("source", Text, nullable=False, server_default=UNKNOWN_SOURCE),
    Index(None, "symbols", "timeframe", "identity"),
    Index(None, "study", "id"),
    sqlite_autoincrement=True,
)
"""Append-only. `identity` and `data_fingerprint` are SHA-256 of what was asked and of the candles;
`daily_sharpe` is not annualised; `daily_returns` begin on UTC day `first_day`; `source` is whose
candles were read."""

sealed_segments = Table(
    "sealed_segments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("symbol", Text, nullable=False),
    Column("timeframe", Text, nullable=False),
    Column("begins_at", BigInt, nullable=False),
    Column("ends_at", BigInt, nullable=False),
    Column("opened_at", BigInt, nullable=False),
    Column("trial_id", BigInt, ForeignKey("trials.id"), nullable=False),
    Column("source", Text, nullable=False, server_default=UNKNOWN_SOURCE),
    UniqueConstraint("source", "symbol", "timeframe", "begins_at"),
    sqlite_autoincrement=True,
)
"""A stretch of history kept from every search and looked at once; times are UTC ms."""
