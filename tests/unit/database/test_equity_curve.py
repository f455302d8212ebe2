"""The equity curve: few points, true extremes, true drawdown, however long it is."""

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.analytics.equity import drawdowns
from src.database import Database, EquityReader, EventLog, SqlJournal, open_database
from src.database.equity_store import add_equity_point
from src.domain.events import EquityPoint, StepRecord
from tests.unit.database.facts import START, FixedClock

QUARTER_HOUR = 900_000


def record(database: Database, curve: list[tuple[int, str]]) -> None:
    """Store a curve of (time, equity) in one transaction."""
    with database.writing() as connection:
        for time, value in curve:
            point = EquityPoint(time, Decimal(1000), Decimal(value))
            add_equity_point(connection, "paper", point)


def quarter_hours(values: list[str]) -> list[tuple[int, str]]:
    """A value every quarter of an hour from START."""
    return [(START + number * QUARTER_HOUR, value) for number, value in enumerate(values)]


def test_a_short_curve_is_shown_whole_with_its_drawdown_in_percent(database: Database) -> None:
    record(database, quarter_hours(["1000", "1200", "900"]))
    assert EquityReader(database, "paper").points(300) == [
        {"time": "2026-03-06T07:00:00.000Z", "equity": 1000.0, "wallet": 1000.0, "drawdown": 0.0},
        {"time": "2026-03-06T07:15:00.000Z", "equity": 1200.0, "wallet": 1000.0, "drawdown": 0.0},
        {"time": "2026-03-06T07:30:00.000Z", "equity": 900.0, "wallet": 1000.0, "drawdown": -25.0},
    ]


def test_a_window_still_measures_from_the_highest_equity_before_it(database: Database) -> None:
    record(database, quarter_hours(["2000", "1000", "1500"]))
    points = EquityReader(database, "paper").points(300, since=START + 1)
    assert [point["drawdown"] for point in points] == [-50.0, -25.0]


def test_no_points_in_the_window_is_an_empty_curve(database: Database) -> None:
    record(database, quarter_hours(["1000"]))
    assert EquityReader(database, "paper").points(300, since=START + 1) == []
    assert EquityReader(database, "demo").points(300) == []


def test_a_second_point_of_one_instant_replaces_the_first(database: Database) -> None:
    record(database, [(START, "1000"), (START, "1001"), (START, "1001")])
    [point] = EquityReader(database, "paper").points(300)
    assert point["equity"] == 1001.0
    assert EquityReader(database, "paper").daily()[0].closing == 1001.0


def test_a_point_that_is_stored_already_is_not_told_again(database: Database) -> None:
    journal = SqlJournal(database, "paper", None, FixedClock())
    for _ in range(2):
        journal.commit(StepRecord(START, equity=EquityPoint(START, Decimal(1), Decimal(1))))
    assert EventLog(database, "paper").newest_id() == 1


@pytest.mark.parametrize("points_to_read", [10_000, 100, 10], ids=["points", "hours", "days"])
def test_a_long_curve_keeps_its_ends_and_extremes_at_every_zoom(
    database: Database, points_to_read: int
) -> None:
    """Ten days of quarters, a spike of one quarter up and another down."""
    values = ["1000"] * 960
    values[333], values[700] = "1100", "450"
    record(database, quarter_hours(values))
    points = EquityReader(database, "paper", points_to_read).points(20)
    shown = [point["equity"] for point in points]
    assert len(points) <= 20
    assert (max(shown), min(shown)) == (1100.0, 450.0)
    assert min(point["drawdown"] for point in points) == pytest.approx(100 * (450 / 1100 - 1))
    assert points[0]["time"] == "2026-03-06T07:00:00.000Z"
    assert points[-1]["time"] == "2026-03-16T06:45:00.000Z"


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.integers(-60, 60), min_size=1, max_size=200),
    window=st.integers(0, 150),
    size=st.integers(5, 40),
    points_to_read=st.sampled_from([10_000, 40, 4]),
)
def test_extremes_and_drawdown_are_exact_for_any_curve_and_window(
    migrated_file: Path, steps: list[int], window: int, size: int, points_to_read: int
) -> None:
    values = [1000.0]
    for step in steps:
        values.append(max(values[-1] + step, 1.0))
    first = min(window, len(values) - 1)
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(migrated_file, f"{folder}/trading.db")
        database = open_database(f"sqlite:///{path}")
        record(database, quarter_hours([str(value) for value in values]))
        reader = EquityReader(database, "paper", points_to_read)
        points = reader.points(size, since=START + first * QUARTER_HOUR)
        deepest = reader.max_drawdown()
        database.dispose()
    shown = [point["equity"] for point in points]
    assert len(points) <= size
    assert (shown[0], shown[-1]) == (values[first], values[-1])
    assert (min(shown), max(shown)) == (min(values[first:]), max(values[first:]))
    depths = drawdowns(values)
    assert min(p["drawdown"] for p in points) == pytest.approx(100 * depths[first:].min())
    assert deepest == pytest.approx(-depths.min())


def test_an_account_began_with_its_first_equity(database: Database) -> None:
    assert EquityReader(database, "paper").opening() is None
    record(database, quarter_hours(["50000", "50100"]))
    assert EquityReader(database, "paper").opening() == 50_000.0
