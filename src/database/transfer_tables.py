"""The table of money that came or went by no trade."""

from sqlalchemy import Column, Index, Table, Text

from src.database.columns import BigInt, ExactDecimal, metadata

transfers = Table(
    "transfers",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("transfer_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("amount", ExactDecimal, nullable=False),
    Column("time", BigInt, nullable=False),
    Column("enters_at", BigInt, nullable=False),
    Column("equity_before", ExactDecimal, nullable=False),
    Index(None, "environment", "enters_at"),
)
"""`time` is the venue's word. `enters_at` is the first instant of the equity curve that holds the
money, and `equity_before` the account just before it: what a return is measured with."""
