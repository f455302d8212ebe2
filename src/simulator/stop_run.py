"""Stop runs: the scripted part of a synthetic day.

Price makes a fresh low, bounces, comes back, trades through the low where stops rest, and
is thrown back with displacement; it then retraces into the gap it left. What follows is
drawn like everything else: sometimes the new leg runs, sometimes it fails. Written for a
run on lows; `direction` -1 turns it upside down.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.simulator.randomness import generator
from src.simulator.sessions import window_of_day

LEAD_MINUTES = 110
TAIL_MINUTES = 175
LATEST_END = 1345

_CHANCE_BY_WINDOW = {
    "asia": 0.6,
    "london_open": 0.75,
    "ny_am": 0.8,
    "london_close": 0.45,
    "ny_pm": 0.65,
}
_CHANCE_TO_JOIN = 0.65
_CHANCE_OF_EQUAL_EXTREMES = 0.4
_CHANCE_TO_RUN = 0.5
_CHANCE_TO_FAIL = 0.35


@dataclass(frozen=True, slots=True)
class StopRun:
    """A stop run planned for minute `sweep` of its UTC day. Distances are in 5-minute ranges.

    `outcome` is where price ends, counted from the swept extreme in the run's direction.
    """

    sweep: int
    direction: int
    depth: float
    bounce: float
    pierce: float
    displacement: float
    retrace: float
    outcome: float
    equal_extremes: bool


class Leg(NamedTuple):
    """Minutes, distance moved (5-minute ranges, signed) and share of the usual noise."""

    minutes: int
    distance: float
    noise: float


def plan_day(seed: int, symbol: str, day: int) -> list[StopRun]:
    """The stop runs of one symbol on one day, in time order, never overlapping.

    Symbols share most of the market's plan, so they sweep together as they do in life.
    """
    market = generator(seed, "stop runs", day)
    own = generator(seed, f"stop runs {symbol}", day)
    runs: list[StopRun] = []
    free_from = 0
    for window, chance in _CHANCE_BY_WINDOW.items():
        shared, mine = _draw(market, window, day), _draw(own, window, day)
        shared_happens, mine_happens = market.random() < chance, own.random() < chance
        joins = own.random() < _CHANCE_TO_JOIN
        jitter = int(own.integers(-6, 7))
        happens, run = (shared_happens, shared) if joins else (mine_happens, mine)
        sweep = run.sweep + (jitter if joins else 0)
        if not happens or sweep - LEAD_MINUTES < free_from or sweep + TAIL_MINUTES > LATEST_END:
            continue
        direction = shared.direction if joins else mine.direction
        runs.append(
            StopRun(
                sweep, direction, mine.depth, mine.bounce, mine.pierce, mine.displacement,
                mine.retrace, run.outcome, run.equal_extremes,
            )
        )  # fmt: skip
        free_from = sweep + TAIL_MINUTES
    return runs


def _draw(random: np.random.Generator, window: str, day: int) -> StopRun:
    first, last = window_of_day(window, day)
    fate = random.random()
    distance = random.random()
    if fate < _CHANCE_TO_RUN:
        outcome = 6.0 + 6.5 * distance
    elif fate < _CHANCE_TO_RUN + _CHANCE_TO_FAIL:
        outcome = -0.5 - 3.0 * distance
    else:
        outcome = 0.5 + 3.0 * distance
    return StopRun(
        sweep=int(random.integers(max(first + 10, LEAD_MINUTES), last - 30)),
        direction=1 if random.random() < 0.5 else -1,
        depth=random.uniform(0.6, 1.6),
        bounce=random.uniform(1.8, 2.8),
        pierce=random.uniform(0.25, 0.7),
        displacement=random.uniform(3.2, 5.0),
        retrace=random.uniform(0.37, 0.78),
        outcome=outcome,
        equal_extremes=bool(random.random() < _CHANCE_OF_EQUAL_EXTREMES),
    )


def legs(run: StopRun, to_extreme: float) -> list[Leg]:
    """The run as legs from LEAD_MINUTES before the sweep to TAIL_MINUTES after it.

    `to_extreme` is the distance down to the lowest price of the hours before (>= 0): the
    first leg goes a little beyond it, so that it is a fresh low. Distances already carry
    the direction.
    """
    first_low = [Leg(25, -(to_extreme + run.depth), 0.55), Leg(5, 0.25, 0.3)]
    if run.equal_extremes:
        approach = [
            Leg(20, run.bounce * 0.8, 0.4),
            Leg(20, -run.bounce * 0.8 - 0.25, 0.35),
            Leg(15, run.bounce * 0.75, 0.4),
            Leg(25, -run.bounce * 0.75 + 0.1, 0.4),
        ]
    else:
        approach = [Leg(35, run.bounce, 0.45), Leg(45, -run.bounce - 0.1, 0.5)]
    bottom = [Leg(3, -run.pierce, 0.15), Leg(2, run.pierce + 0.25, 0.15)]
    thrust = run.displacement + run.pierce * 0.3
    away = [
        Leg(5, thrust * 0.25, 0.25),
        Leg(5, thrust * 0.5, 0.15),
        Leg(5, thrust * 0.25, 0.25),
    ]
    height = thrust + 0.25
    back = [Leg(10, 0.15, 0.5), Leg(30, -height * run.retrace, 0.5)]
    left = height * (1 - run.retrace) + 0.15
    rest = TAIL_MINUTES - sum(leg.minutes for leg in (*bottom[1:], *away, *back))
    end = [Leg(rest, run.outcome - left, 0.9)]
    script = [*first_low, *approach, *bottom, *away, *back, *end]
    return [leg._replace(distance=leg.distance * run.direction) for leg in script]


def bridge(noise: NDArray[np.float64], distance: float) -> NDArray[np.float64]:
    """A path of `noise` increments bent so that it ends exactly at `distance`."""
    wander = np.cumsum(noise)
    share = np.arange(1, noise.size + 1) / noise.size
    return np.asarray(wander + (distance - wander[-1]) * share)
