"""The fold calls machine code that looks at no argument: all it hands over must be of one type."""

from collections.abc import Callable
from itertools import product
from typing import Any, cast

import pytest
from numba import typeof

from src.strategy.calendar import build_calendar
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from src.strategy.snapshot import copied, load_snapshot, take_snapshot
from src.strategy.state import State, new_state
from tests.unit.strategy.test_room import EAGER, rise_and_fall
from tests.unit.strategy.walks import M5, walk

PLAIN = new_state(M5.milliseconds)
CANDLES = walk(5, 60)


def kind(value: object) -> object:
    return cast(Any, typeof)(value)


def grown_state() -> State:
    fold = Fold(EAGER, M5.milliseconds, 0.5, record_events=True)
    fold.feed(rise_and_fall(1, 6_000).rows())
    assert len(fold.state.tables.zones) > len(PLAIN.tables.zones)
    return fold.state


def restored(state: State) -> State:
    whose = ("BTCUSDT", "5m", EAGER, 0.5)
    return load_snapshot(take_snapshot(state, *whose), new_state(M5.milliseconds), *whose)


@pytest.mark.parametrize("change", [copied, restored])
def test_a_state_is_of_one_type_whatever_became_of_it(
    change: Callable[[State], State],
) -> None:
    state = grown_state()
    assert kind(state) == kind(PLAIN)
    assert kind(change(state)) == kind(PLAIN)


def test_calendars_and_parameters_are_of_one_type() -> None:
    calendars = {kind(build_calendar(*flags)) for flags in product((False, True), repeat=2)}
    assert len(calendars) == 1
    settings = (StrategyParameters(), EAGER, StrategyParameters(models=(), left_out=("bpr",)))
    assert (
        len({kind(parameters.numbers(tick)) for parameters in settings for tick in (0, 0.5)}) == 1
    )


def test_rows_of_candles_are_of_one_type_with_and_without_a_peer() -> None:
    kinds = {kind(CANDLES.rows()), kind(CANDLES.rows(CANDLES))}
    kinds |= {kind(rows) for rows in CANDLES.stretches(7, CANDLES)}
    assert len(kinds) == 1
