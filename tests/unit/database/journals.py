"""Steps to commit and ways to look at what a journal stored."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from src.database import Database, EventLog, EventRow
from src.database.columns import metadata
from src.domain.events import (
    Change,
    EntryIntended,
    OrderChanged,
    SignalChanged,
    StepRecord,
    TradeOpened,
)
from src.domain.order import OrderStatus
from src.domain.signal import SignalStatus
from tests.unit.database.facts import (
    START,
    entry_fill,
    open_trade,
    order,
    request,
    signal,
)


def step(*changes: Change, time: int = START) -> StepRecord:
    """A step that changes only these things."""
    return StepRecord(market_time=time, changes=changes)


def opening(number: int = 1) -> tuple[Change, ...]:
    """Everything that leads to an open trade."""
    return (
        SignalChanged(signal(number)),
        EntryIntended(request(number)),
        OrderChanged(order(number, OrderStatus.ACCEPTED)),
        OrderChanged(order(number, OrderStatus.FILLED)),
        SignalChanged(signal(number, SignalStatus.FILLED)),
        TradeOpened(open_trade(number), entry_fill(number)),
    )


def events_of(database: Database, environment: str = "paper") -> list[EventRow]:
    """Every event, oldest first."""
    return EventLog(database, environment).after(0, 1_000)


def types_of(database: Database) -> list[str]:
    """Types of every event, oldest first."""
    return [event.type for event in events_of(database)]


def row_of(database: Database, table: Any) -> dict[str, Any]:
    """The only row of a table."""
    with database.reading() as connection:
        return dict(connection.execute(select(table)).mappings().one())


def everything(database: Database) -> dict[str, Sequence[Any]]:
    """Every row of every table."""
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables
        }
