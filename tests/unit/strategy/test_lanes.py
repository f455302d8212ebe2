"""Questions asked of several numbers at once are answered as one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from src.strategy.compiled import Floats, compiled
from src.strategy.lanes import at_least, below, replace

NUMBERS = st.one_of(st.floats(-3, 3).map(round), st.sampled_from([np.nan, np.inf, -np.inf, -0.0]))
FOUR = st.lists(NUMBERS, min_size=4, max_size=4)


@compiled
def asked(levels: Floats, values: Floats) -> tuple[int, int]:
    four = (values[0], values[1], values[2], values[3])
    return at_least(levels, four), below(levels, four)


@compiled
def replaced(levels: Floats, values: Floats, bits: int) -> None:
    replace(levels, (values[0], values[1], values[2], values[3]), bits)


def bits(answers: list[bool]) -> int:
    return sum(answer << lane for lane, answer in enumerate(answers))


@settings(deadline=None)  # the first example compiles
@given(FOUR, FOUR)
def test_each_lane_answers_for_itself_and_what_is_undefined_answers_no(
    levels: list[float], values: list[float]
) -> None:
    reached, under = asked(np.array(levels, float), np.array(values, float))
    pairs = list(zip(levels, values, strict=True))
    assert reached == bits([level >= value for level, value in pairs])
    assert under == bits([level < value for level, value in pairs])


@settings(deadline=None)  # the first example compiles
@given(FOUR, FOUR, st.integers(0, 15))
def test_only_the_chosen_lanes_are_replaced(
    levels: list[float], values: list[float], chosen: int
) -> None:
    changed = np.array(levels, float)
    replaced(changed, np.array(values, float), chosen)
    expected = [
        value if chosen >> lane & 1 else level
        for lane, (level, value) in enumerate(zip(levels, values, strict=True))
    ]
    assert changed.tobytes() == np.array(expected, float).tobytes()
