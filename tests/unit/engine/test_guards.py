"""Discipline: when the account stops itself, and that a restart cannot talk it out of it."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.candle import DAY_MS
from src.domain.events import GuardTripped
from src.domain.trade import TradeResult
from src.engine.guard_folds import (
    DAILY_LOSS,
    LOSING_STREAK,
    WEEK_MS,
    WEEKLY_LOSS,
    day_start,
    week_start,
)
from src.engine.guards import EntryFacts, Guards, GuardSettings
from tests.unit.engine.builders import NOON

HOUR = 3_600_000
MONDAY = 1_772_409_600_000
"""2026-03-02 00:00 UTC."""

SETTINGS = GuardSettings(
    daily_loss_limit=Decimal(3),
    weekly_loss_limit=Decimal(6),
    losing_streak=3,
    cooldown_ms=HOUR,
    max_open_risk=Decimal("0.05"),
    max_entry_distance=Decimal("0.05"),
    max_spread=Decimal("0.001"),
)


def result(time: int, r: str, name: str = "") -> TradeResult:
    return TradeResult(name or f"at-{time}", time, Decimal(r))


def names(guards: Guards, now: int) -> list[str]:
    return [trip.guard for trip in guards.standing(now)]


def test_days_begin_at_midnight_utc_and_weeks_on_monday() -> None:
    assert day_start(MONDAY + HOUR) == day_start(MONDAY) == MONDAY
    assert week_start(MONDAY) == week_start(MONDAY + WEEK_MS - 1) == MONDAY
    assert week_start(MONDAY - 1) == MONDAY - WEEK_MS


def test_the_day_ends_for_entries_once_its_losses_reach_the_limit() -> None:
    guards = Guards(SETTINGS)
    assert guards.on_closed(result(MONDAY, "-2")) == ()
    (trip,) = guards.on_closed(result(MONDAY + HOUR, "-1"))
    assert (trip.guard, trip.at, trip.until) == (DAILY_LOSS, MONDAY + HOUR, MONDAY + DAY_MS)
    assert trip.sentence == (
        "Daily loss limit reached: 3.00 R lost, 3 R allowed; no new entries until "
        "2026-03-03 00:00 UTC."
    )
    assert names(guards, MONDAY + DAY_MS - 1) == [DAILY_LOSS]
    assert names(guards, MONDAY + DAY_MS) == []


def test_a_later_win_does_not_open_the_day_again() -> None:
    guards = Guards(SETTINGS)
    guards.on_closed(result(MONDAY, "-3.2"))
    assert guards.on_closed(result(MONDAY + HOUR, "2.5")) == ()
    assert names(guards, MONDAY + 2 * HOUR) == [DAILY_LOSS]


def test_losses_of_several_days_end_the_week() -> None:
    guards = Guards(SETTINGS)
    for day in range(2):
        guards.on_closed(result(MONDAY + day * DAY_MS, "-2.5"))
    trips = guards.on_closed(result(MONDAY + 2 * DAY_MS, "-1"))
    assert WEEKLY_LOSS in [trip.guard for trip in trips]
    assert names(guards, MONDAY + WEEK_MS - 1) == [WEEKLY_LOSS]
    assert names(guards, MONDAY + WEEK_MS) == []


def test_a_streak_of_losses_is_followed_by_a_pause_and_so_is_every_further_loss() -> None:
    guards = Guards(SETTINGS)
    for minute in range(3):
        trips = guards.on_closed(result(MONDAY + minute, "-0.1"))
    assert [(trip.guard, trip.until) for trip in trips] == [(LOSING_STREAK, MONDAY + 2 + HOUR)]
    later = MONDAY + 2 * HOUR
    assert names(guards, later) == []
    (again,) = guards.on_closed(result(later, "-0.1"))
    assert again.until == later + HOUR
    guards.on_closed(result(later + 2 * HOUR, "0.1"))
    assert guards.on_closed(result(later + 3 * HOUR, "-0.1")) == ()


def test_a_trade_that_broke_even_ends_a_streak() -> None:
    guards = Guards(SETTINGS)
    for minute, r in enumerate(("-0.1", "-0.1", "0", "-0.1", "-0.1")):
        assert guards.on_closed(result(MONDAY + minute, r)) == ()
    assert {guard.guard: guard.left for guard in guards.overview(MONDAY + HOUR)} == {
        DAILY_LOSS: Decimal("2.6"),
        WEEKLY_LOSS: Decimal("5.6"),
        LOSING_STREAK: Decimal(1),
    }


def test_what_is_spent_beyond_a_limit_leaves_nothing() -> None:
    guards = Guards(SETTINGS, [result(MONDAY, "-3.5")])
    (daily, *_) = guards.overview(MONDAY)
    assert (daily.guard, daily.used, daily.left) == (DAILY_LOSS, Decimal("3.5"), Decimal(0))


def test_a_corrected_result_stands_where_a_restart_would() -> None:
    settings = GuardSettings(daily_loss_limit=Decimal(3), losing_streak=3, cooldown_ms=HOUR)
    first = [result(1, "-1", "a"), result(2, "-1.9", "b"), result(3, "0.01", "c")]
    guards = Guards(settings, first)
    corrected = result(2, "-2.1", "b")
    guards.on_corrected(corrected)
    fresh = Guards(settings, [first[0], corrected, first[2]])
    assert guards.overview(4) == fresh.overview(4)
    assert names(guards, 4) == names(fresh, 4) == ["daily_loss"]
    guards.on_corrected(result(9, "-5", "unknown"))
    assert guards.overview(4) == fresh.overview(4)


def test_zero_switches_every_guard_off() -> None:
    guards = Guards(GuardSettings())
    for minute in range(30):
        assert guards.on_closed(result(MONDAY + minute, "-9")) == ()
    assert guards.overview(MONDAY) == ()
    facts = EntryFacts(
        "BTCUSDT", Decimal(1), None, Decimal(1), Decimal(100), Decimal(100), Decimal(1)
    )
    assert guards.entry_refusals(facts) == []


@pytest.mark.parametrize(
    "only",
    [
        GuardSettings(max_open_risk=Decimal("0.01")),
        GuardSettings(max_entry_distance=Decimal("0.01")),
        GuardSettings(max_spread=Decimal("0.01")),
    ],
)
def test_one_cap_is_enough_to_have_entries_judged(only: GuardSettings) -> None:
    assert Guards(only).judge_entries
    assert not Guards(GuardSettings(daily_loss_limit=Decimal(1))).judge_entries


def test_the_overview_says_how_much_of_each_limit_is_used() -> None:
    guards = Guards(SETTINGS, [result(MONDAY - HOUR, "-1"), result(MONDAY + HOUR, "-0.5")])
    used = {guard.guard: guard.used for guard in guards.overview(MONDAY + 2 * HOUR)}
    assert used == {
        DAILY_LOSS: Decimal("0.5"),
        WEEKLY_LOSS: Decimal("0.5"),
        LOSING_STREAK: Decimal(2),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"open_risk": Decimal(41)}, "open-risk limit is 50.00", id="open risk"),
        pytest.param({"entry": Decimal(94)}, "6 % away", id="price distance"),
        pytest.param({"last": None}, "not known", id="no price yet"),
        pytest.param({"spread": Decimal("0.002")}, "spread of BTCUSDT is 0.2 %", id="spread"),
    ],
)
def test_an_entry_beyond_a_cap_is_refused_in_words(
    changes: dict[str, Decimal | None], words: str
) -> None:
    usual: dict[str, object] = {
        "symbol": "BTCUSDT",
        "entry": Decimal(100),
        "last": Decimal(100),
        "spread": None,
        "open_risk": Decimal(40),
        "added_risk": Decimal(10),
        "equity": Decimal(1000),
    }
    guards = Guards(SETTINGS)
    at_the_caps = {"entry": Decimal(95), "spread": Decimal("0.001")}
    for allowed in (usual, usual | at_the_caps):
        assert guards.entry_refusals(EntryFacts(**allowed)) == []  # type: ignore[arg-type]  # by name
    (sentence,) = guards.entry_refusals(EntryFacts(**usual | changes))  # type: ignore[arg-type]  # by name
    assert words in sentence


results = st.lists(
    st.builds(
        TradeResult,
        st.uuids().map(str),
        st.integers(NOON, NOON + 3 * WEEK_MS).map(lambda time: time - time % (6 * HOUR)),
        st.decimals(Decimal(-2), Decimal(3), places=2),
    ),
    max_size=60,
)
"""Closed trades of three weeks; many close at the same instant."""


@given(results, st.integers(0, 60))
def test_a_restart_stands_where_the_process_before_it_stood(
    closed: list[TradeResult], restart_at: int
) -> None:
    closed.sort(key=lambda each: each.closed_at)
    lived, reborn = Guards(SETTINGS), Guards(SETTINGS, reversed(closed[:restart_at]))
    for number, each in enumerate(closed):
        tripped = lived.on_closed(each)
        if number >= restart_at:
            assert reborn.on_closed(each) == tripped
    now = closed[-1].closed_at if closed else NOON
    assert lived.overview(now) == reborn.overview(now)
    assert lived.standing(now) == reborn.standing(now)


@given(results)
def test_no_entry_is_allowed_while_a_loss_limit_is_spent(closed: list[TradeResult]) -> None:
    closed.sort(key=lambda each: each.closed_at)
    guards = Guards(SETTINGS)
    for number, each in enumerate(closed):
        guards.on_closed(each)
        now, known = each.closed_at, closed[: number + 1]
        for guard, since, limit in (
            (DAILY_LOSS, day_start(now), SETTINGS.daily_loss_limit),
            (WEEKLY_LOSS, week_start(now), SETTINGS.weekly_loss_limit),
        ):
            lost = -sum(r.result_in_r for r in known if r.closed_at >= since)
            assert lost < limit or guard in names(guards, now)


def trippings(trips: Iterable[GuardTripped]) -> set[tuple[str, int, int]]:
    return {(trip.guard, trip.at, trip.until) for trip in trips}


def test_a_late_result_of_the_same_instant_does_not_tell_a_tripping_again() -> None:
    guards = Guards(GuardSettings(daily_loss_limit=Decimal(3)))
    told = [
        guards.on_closed(result(MONDAY, r, f"trade{r}"))
        for r in ("-0.01", "-0.99", "-2.00", "-0.02")
    ]
    assert [len(trips) for trips in told] == [0, 0, 1, 0]


@given(results)
def test_each_tripping_is_told_once_and_ends_with_its_period(closed: list[TradeResult]) -> None:
    closed.sort(key=lambda each: each.closed_at)
    guards = Guards(SETTINGS)
    told = [trip for each in closed for trip in guards.on_closed(each)]
    periods = [(trip.guard, trip.until) for trip in told if trip.guard != LOSING_STREAK]
    assert len(periods) == len(set(periods))
    for trip in told:
        if trip.guard == DAILY_LOSS:
            assert trip.until == day_start(trip.at) + DAY_MS
        if trip.guard == WEEKLY_LOSS:
            assert trip.until == week_start(trip.at) + WEEK_MS


@given(
    st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(-3, 2)), max_size=60),
    st.integers(0, 42 * 24),
)
def test_results_one_by_one_leave_what_all_of_them_at_once_leave(
    closed: list[tuple[int, int]], now: int
) -> None:
    results = [result(MONDAY + t * HOUR, str(r), f"{i}") for i, (t, r) in enumerate(closed)]
    told = Guards(SETTINGS)
    for one in results:
        known = results[: results.index(one)]
        before, after = Guards(SETTINGS, known), Guards(SETTINGS, [*known, one])
        new = trippings(after.standing(one.closed_at)) - trippings(before.standing(one.closed_at))
        assert new <= trippings(told.on_closed(one))
    instant = MONDAY + now * HOUR
    assert told.standing(instant) == Guards(SETTINGS, results).standing(instant)
    assert told.overview(instant) == Guards(SETTINGS, results).overview(instant)
