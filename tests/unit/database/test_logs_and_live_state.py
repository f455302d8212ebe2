"""The event log, live state, commands and stored settings."""

import pytest

from src.database import Database, EventLog, EventRow, LiveState, StoredSettings
from src.database.errors import UnstorableValue
from tests.unit.database.facts import START, FixedClock


def test_the_log_is_read_in_order_from_where_one_stopped(database: Database) -> None:
    log = EventLog(database, "paper", FixedClock())
    ids = [log.append("signal", START + number, {"number": number}) for number in range(5)]
    assert ids == sorted(ids)
    assert log.after(ids[1], 2) == [
        EventRow(ids[2], "signal", START + 2, {"number": 2}),
        EventRow(ids[3], "signal", START + 3, {"number": 3}),
    ]
    assert log.after(ids[-1], 10) == []
    assert log.newest_id() == ids[-1]


def test_an_empty_log_has_no_newest_event(database: Database) -> None:
    assert EventLog(database, "paper").newest_id() == 0


def test_each_environment_has_its_own_log(database: Database) -> None:
    paper, demo = EventLog(database, "paper"), EventLog(database, "demo")
    first = paper.append("signal", START, {})
    second = demo.append("signal", START, {})
    assert second > first
    assert (paper.newest_id(), demo.newest_id()) == (first, second)
    assert [row.id for row in demo.after(0, 10)] == [second]


def test_live_state_counts_its_versions_and_keeps_the_newest(database: Database) -> None:
    state = LiveState(database, "paper")
    assert state.read("prices") is None
    state.write("prices", {"last": 1.5})
    state.write("prices", {"last": 2.5})
    assert state.read("prices") == (2, {"last": 2.5})


def test_live_state_is_only_read_when_it_is_newer(database: Database) -> None:
    state = LiveState(database, "paper")
    state.write("prices", {"last": 1.5})
    assert state.read("prices", newer_than=0) == (1, {"last": 1.5})
    assert state.read("prices", newer_than=1) is None


def test_live_state_is_separate_by_name_and_environment(database: Database) -> None:
    LiveState(database, "paper").write("prices", {"last": 1.5})
    assert LiveState(database, "paper").read("monitor") is None
    assert LiveState(database, "demo").read("prices") is None


def test_live_state_refuses_what_a_browser_cannot_read(database: Database) -> None:
    with pytest.raises(UnstorableValue):
        LiveState(database, "paper").write("prices", {"last": float("nan")})
    assert LiveState(database, "paper").read("prices") is None


def test_settings_are_remembered_and_replaced(database: Database) -> None:
    settings = StoredSettings(database)
    assert settings.get("market") is None
    settings.set("market", "bybit")
    settings.set("market", "simulator")
    assert settings.get("market") == "simulator"
