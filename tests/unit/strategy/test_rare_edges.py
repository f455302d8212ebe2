"""Seeded walks on which the exact edge of a rule decides, compared with the slow reading.

Each was found by looking for walks that tell the rule from its neighbour: a bar more or less, a
price touched instead of broken, one order of ties instead of another.
"""

from dataclasses import replace

import pytest

from tests.unit.strategy.reference.random_bars import Walk, beside, random_bars
from tests.unit.strategy.reference.rules import Rules
from tests.unit.strategy.test_against_reference import check

HOUR = 3_600_000


# Low thresholds, so that a thousand bars bring everything about.
EAGER = Rules(
    displacement=0.5,
    gap_fraction=0.125,
    equal_fraction=0.5,
    tick=0.5,
    threshold=30.0,
    minimum_reward=0.0,
)


def swings(internal: int, external: int) -> dict[str, int]:
    return {"internal": internal, "external": external}


@pytest.mark.parametrize(
    ("walk", "rules", "missing"),
    [
        pytest.param(
            Walk(156755, 1_000, 1_753_534_800_000, HOUR, 0.5, 3, 0.01),
            replace(
                EAGER,
                degrees=swings(2, 3),
                blocks_end_on_wick=True,
                filter_sweeps=True,
                gap_requires_displacement=True,
                gap_entry="top",
            ),
            0.02,
            id="gaps of the smallest size, holes beside them, wicks at the end of blocks",
        ),
        pytest.param(
            Walk(468558, 1_000, 1_631_599_200_000, 6 * HOUR, 0.5, 2, 0.01),
            replace(
                EAGER, degrees=swings(2, 6), filter_sweeps=True, mitigated="touched", old_pool=0
            ),
            0.02,
            id="six hours, of which only the daily trend is made, and a rare second market",
        ),
        pytest.param(
            Walk(661919, 1_000, 1_626_217_200_000, HOUR, 0.5, 40, 0.01),
            replace(EAGER, degrees=swings(1, 3), gap_fraction=0.0, setup_bars=6),
            0.02,
            id="wide bars, of which the smallest divergence is a small part",
        ),
        pytest.param(
            Walk(912384, 1_500, 1_687_590_000_000, HOUR, 0.1, 2),
            replace(
                EAGER,
                degrees=swings(1, 3),
                displacement=1.0,
                gap_fraction=0.0,
                tick=0.0,
                body_zones=True,
                filter_sweeps=True,
                gap_requires_displacement=True,
                block_entry="open",
                threshold=0.0,
                minimum_reward=1.0,
                setup_bars=3,
                old_pool=0,
            ),
            0.0,
            id="reclaims of one bar with different extremes, and extremes touched again",
        ),
        pytest.param(
            Walk(604580, 1_000, 1_685_919_300_000, 300_000, 0.5, 2),
            replace(EAGER, degrees=swings(1, 6), filter_sweeps=True, setup_bars=6),
            0.02,
            id="a sweep thirty bars before the shift, and two gaps as high",
        ),
        pytest.param(
            Walk(180723, 1_200, 1_728_568_800_000, 900_000, 0.5, 2),
            replace(
                EAGER,
                degrees=swings(1, 6),
                gap_fraction=0.0,
                filter_sweeps=True,
                gap_entry="top",
                minimum_reward=1.0,
                setup_bars=6,
            ),
            0.0,
            id="a gap known on the bar of the sweep",
        ),
        pytest.param(
            Walk(976965, 399, 1_678_348_800_000, 2 * HOUR, 0.5, 1),
            replace(EAGER, degrees=swings(1, 6)),
            0.0,
            id="a near pool that pulls like a heavier one farther away",
        ),
        pytest.param(
            Walk(460767, 399, 1_724_252_400_000, HOUR, 0.5, 2, 0.02),
            replace(EAGER, degrees=swings(1, 6)),
            0.0,
            id="four-hour candles whose last hour is missing",
        ),
        pytest.param(
            Walk(505438, 500, 1_686_232_800_000, HOUR, 0.5, 3),
            replace(
                EAGER,
                degrees=swings(1, 3),
                displacement=1.0,
                gap_fraction=0.0,
                body_zones=True,
                filter_sweeps=True,
                gap_entry="top",
                breaker_needs_sweep=False,
                threshold=0.0,
                minimum_reward=2.0,
                old_pool=0,
            ),
            0.0,
            id="a draw on liquidity between the close and an entry beyond it",
        ),
    ],
)
def test_the_edge_of_a_rule_is_where_the_specification_puts_it(
    walk: Walk, rules: Rules, missing: float
) -> None:
    bars = random_bars(walk)
    check(bars, rules, beside(bars, walk, missing) if missing else None)
