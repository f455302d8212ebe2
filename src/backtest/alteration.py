"""The strategy with something changed, to see whether its result survives: later, or without."""

from dataclasses import dataclass, replace

import numpy as np

from src.backtest.proposals import NEVER, Alter, Proposals, unaltered
from src.backtest.request import BacktestRequest
from src.domain.errors import InvalidInput
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import ARMED, REFUSED, REFUSED_SCORE
from src.strategy.score import (
    BIAS_POINTS,
    BLOCK_POINTS,
    DIVERGENCE_POINTS,
    GAP_POINTS,
    KILL_ZONE_POINTS,
    RANGE_POINTS,
    RETRACEMENT_POINTS,
    SHIFT_POINTS,
    SWEEP_POINTS,
)
from src.strategy.setup_updates import COMPONENTS

MOST_POINTS = {
    "htf_bias": BIAS_POINTS,
    "sweep": SWEEP_POINTS,
    "structure": SHIFT_POINTS,
    "fvg": GAP_POINTS,
    "order_block": BLOCK_POINTS,
    "range": RANGE_POINTS + RETRACEMENT_POINTS,
    "kill_zone": KILL_ZONE_POINTS,
    "smt": DIVERGENCE_POINTS,
}
"""What each component of the score can add; together 100."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """`delay_bars`: everything the strategy says is heard that many candles later. `without`: a
    component of the confluence score that counts for nothing, the threshold lowered in
    proportion to what can still be reached. Raises InvalidInput for anything else.
    """

    delay_bars: int = 0
    without: str | None = None

    def __post_init__(self) -> None:
        if self.delay_bars < 0:
            raise InvalidInput("Nobody hears a strategy before it speaks.", "delay_bars")
        if self.without is not None and self.without not in MOST_POINTS:
            known = ", ".join(MOST_POINTS)
            raise InvalidInput(
                f"{self.without} is no component of the score; known are {known}", "without"
            )

    def request(self, request: BacktestRequest) -> BacktestRequest:
        """The request that proposes everything the altered strategy could trade."""
        if self.without is None:
            return request
        threshold = request.parameters.confluence_threshold * _reachable(self.without)
        lower = replace(request.parameters, confluence_threshold=threshold)
        return replace(request, parameters=lower)

    def alter(self, request: BacktestRequest, before: Alter = unaltered) -> Alter:
        """What becomes of the proposals that the altered request brought, after `before`."""
        threshold = request.parameters.confluence_threshold
        step = request.timeframe.milliseconds

        def change(proposals: Proposals, candles: CandleArrays) -> Proposals:
            found = before(proposals, candles)
            if self.without is not None:
                found = _refuse_without(self.without, threshold * _reachable(self.without), found)
            if self.delay_bars:
                found = _delay(self.delay_bars * step, int(candles.time[-1]) + step, found)
            return found

        return change


UNALTERED = Alteration()


def _reachable(component: str) -> float:
    """Share of all points that a score can still reach without the component."""
    return 1.0 - MOST_POINTS[component] / sum(MOST_POINTS.values())


def _delay(by: int, last: int, found: Proposals) -> Proposals:
    """What is said at one close is heard `by` ms later, the end of a setup too; `last` close."""
    rows, endings = found.rows.copy(), found.ending_rows.copy()
    rows["event_time"] += by
    endings["event_time"] += by
    heard = rows["event_time"] <= last
    ended_at = np.where(found.ended_at < NEVER - by, found.ended_at + by, NEVER)
    return Proposals(rows[heard], ended_at[heard], found.endings[heard], endings)


def _refuse_without(component: str, threshold: float, found: Proposals) -> Proposals:
    """Refuse what was armed only with the component's points."""
    rows = found.rows.copy()
    poor = rows["score"] - rows[COMPONENTS[component]] < threshold
    fails = poor & (rows["event"] == ARMED)
    rows["event"][fails] = REFUSED
    rows["refusals"][fails] |= REFUSED_SCORE
    return replace(found, rows=rows)
