"""Signals and results by model and kill zone: counted as they happen, and by the migration."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from src.database import Database, SignalReader, SqlJournal, downgrade, migrate
from src.domain.candle import DAY_MS
from src.domain.events import Change, SignalChanged, StepRecord, TradeClosed, TradeOpened
from src.domain.kill_zones import NEW_YORK, kill_zone_at
from src.domain.signal import SignalStatus
from src.strategy.calendar import SESSION_ROW, build_calendar
from src.strategy.codes import SESSIONS
from tests.unit.database.facts import (
    START,
    FixedClock,
    closed,
    entry_fill,
    exit_fill,
    open_trade,
    signal,
)

FIVE_MINUTES = 300_000
ASIA = START - 6 * 3_600_000
"""20:00 in New York, the evening before START, which is 02:00 there."""


def store(database: Database, *changes: Change) -> None:
    SqlJournal(database, "paper", None, FixedClock()).commit(
        StepRecord(market_time=START, changes=changes)
    )


def traded(database: Database) -> None:
    """One refused in London, one won there, one lost in Asia."""
    store(database, SignalChanged(signal(1, SignalStatus.REFUSED)))
    for number, price, armed_at in (
        (2, "101.70", START + FIVE_MINUTES),
        (4, "99.00", ASIA + FIVE_MINUTES),
    ):
        armed = replace(signal(number), armed_at=armed_at)
        fill = exit_fill(number, price)
        trade = open_trade(number)
        store(database, SignalChanged(armed))
        filled = replace(armed, status=SignalStatus.FILLED)
        store(database, SignalChanged(filled), TradeOpened(trade, entry_fill(number)))
        store(database, TradeClosed(closed(trade, fill), fill))


def by_zone(database: Database) -> dict[str | None, tuple[int, ...]]:
    groups = SignalReader(database, "paper").distribution()["killZones"]
    names = ("signals", "buy", "sell", "taken", "won", "lost")
    return {group["name"]: tuple(group[name] for name in names) for group in groups}


EXPECTED = {None: (1, 0, 1, 0, 0, 0), "london_open": (1, 1, 0, 1, 1, 0), "asia": (1, 1, 0, 1, 0, 1)}


def test_each_signal_counts_in_the_window_its_candle_opened_in(database: Database) -> None:
    """The refused one was armed at 02:00 by the candle of 01:55, before London opens."""
    traded(database)
    assert by_zone(database) == EXPECTED
    [model] = SignalReader(database, "paper").distribution()["models"]
    assert (model["name"], model["signals"], model["taken"]) == ("2022", 3, 2)
    assert model["resultR"] == pytest.approx((0.045721 - 0.035279) / 0.025, abs=1e-3)


def test_a_filled_signal_that_is_stored_again_counts_once(database: Database) -> None:
    traded(database)
    filled = replace(signal(2, SignalStatus.FILLED), armed_at=START + FIVE_MINUTES)
    store(database, SignalChanged(filled))
    assert by_zone(database) == EXPECTED


def test_the_migration_counts_what_was_stored_before(database: Database, url: str) -> None:
    traded(database)
    [before] = SignalReader(database, "paper").distribution()["models"]
    downgrade(url, "0010")
    migrate(url)
    assert by_zone(database) == EXPECTED
    [after] = SignalReader(database, "paper").distribution()["models"]
    assert after == pytest.approx(before)


@pytest.mark.parametrize("day", [(2026, 1, 15), (2026, 3, 8), (2026, 11, 1)])
def test_the_windows_are_those_of_the_strategy(day: tuple[int, int, int]) -> None:
    """On a day of winter and on both days of a clock change."""
    minutes = build_calendar(new_york_days=False, index_hours=False).minutes
    start = int(datetime(*day, tzinfo=UTC).timestamp()) * 1000
    for time in range(start, start + DAY_MS, FIVE_MINUTES):
        zone = kill_zone_at(time)
        session = minutes[SESSION_ROW, new_york_minute(time)]
        if zone == "london_close":
            continue
        assert zone == (None if session < 0 else SESSIONS[session])


def new_york_minute(time: int) -> int:
    wall = datetime.fromtimestamp(time / 1000, NEW_YORK)
    return wall.hour * 60 + wall.minute
