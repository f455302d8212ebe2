"""Market time, and what is kept of it between runs."""

from pathlib import Path

import pytest

from src.domain.errors import InvalidInput
from src.simulator.clock import CATCH_UP_MS, LockStepClock, RealTimeClock
from src.simulator.state import STATE_FILE, StoredState

NOW = 1_795_000_000_000


class Wall:
    """A wall clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> int:
        return self.time


def new_clock(wall: Wall, end: int | None = None) -> RealTimeClock:
    return RealTimeClock(StoredState(1, "synthetic", NOW), wall=wall, end=end)


def test_the_market_stays_three_days_behind_until_somebody_follows_candles() -> None:
    wall = Wall()
    clock = new_clock(wall)
    wall.time += 5_000
    assert clock.now() == wall.time - CATCH_UP_MS
    assert clock.anchor is None
    assert not clock.caught_up


def test_three_days_pass_in_about_a_minute_and_then_time_is_real() -> None:
    wall = Wall()
    clock = new_clock(wall)
    clock.kline_subscribed()
    assert clock.anchor == NOW
    assert clock.now() == NOW - CATCH_UP_MS
    wall.time = NOW + 30_000
    assert NOW - CATCH_UP_MS * 0.51 < clock.now() < NOW - CATCH_UP_MS * 0.49
    assert not clock.caught_up
    wall.time = NOW + 61_000
    assert clock.now() == wall.time
    assert clock.caught_up


def test_a_second_follower_does_not_move_the_anchor() -> None:
    wall = Wall()
    clock = new_clock(wall)
    clock.kline_subscribed()
    wall.time += 10_000
    before = clock.now()
    clock.kline_subscribed()
    assert (clock.anchor, clock.now()) == (NOW, before)


def test_a_recording_ends_where_it_ends() -> None:
    wall = Wall()
    clock = new_clock(wall, end=NOW + 100_000)
    clock.kline_subscribed()
    wall.time += 1_000_000
    assert clock.now() == NOW + 100_000


def test_lock_step_moves_only_when_asked_and_stops_at_the_end() -> None:
    clock = LockStepClock(600_123, end=1_200_000)
    clock.kline_subscribed()
    assert clock.now() == 600_000
    assert [clock.step(), clock.step()] == [900_000, 1_200_000]
    assert clock.finished
    assert clock.step() == 1_200_000


def test_seed_and_anchor_survive_a_restart(tmp_path: Path) -> None:
    first = StoredState.load(tmp_path, None, "synthetic", NOW)
    first.set_anchor(NOW + 5)
    again = StoredState.load(tmp_path, None, "synthetic", NOW + 999)
    assert (again.seed, again.origin, again.anchor) == (first.seed, NOW, NOW + 5)


def test_a_market_of_another_seed_or_source_is_not_served_over_this_one(tmp_path: Path) -> None:
    StoredState.load(tmp_path, 4, "synthetic", NOW)
    with pytest.raises(InvalidInput, match="another simulated market"):
        StoredState.load(tmp_path, 5, "synthetic", NOW)
    with pytest.raises(InvalidInput, match="another simulated market"):
        StoredState.load(tmp_path, 4, "recorded BTCUSDT", NOW)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"seed": "x"}'])
def test_a_damaged_state_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_FILE).write_text(text)
    with pytest.raises(InvalidInput, match=r"simulator\.json is damaged"):
        StoredState.load(tmp_path, None, "synthetic", NOW)
