"""Strategies altered to see what they live on: heard later, or without a part of the score."""

from dataclasses import replace

import numpy as np
import pytest

from src.analytics.luck.verdict import Evidence, Finding, Stressed, verdict
from src.backtest.alteration import MOST_POINTS, UNALTERED, Alteration
from src.backtest.evidence import expectancy
from src.backtest.proposals import NEVER, Proposals
from src.backtest.request import BacktestRequest
from src.backtest.stress import worse_conditions
from src.backtest.trial import Trial, evaluate, run_trial
from src.domain.errors import InvalidInput
from src.strategy import records
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import ARMED, REFUSED
from src.strategy.setup_updates import COMPONENTS
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market

STEP = TIMEFRAME.milliseconds
MARKET = market(("BTCUSDT",), days=25)
REQUEST = BacktestRequest(("BTCUSDT",))


def memoryless(bars: int) -> CandleArrays:
    """A market in which what was says nothing of what will be; prices on ticks."""
    dice = np.random.default_rng(11)
    path = 100_000 * np.exp(np.cumsum(dice.normal(0, 0.002, bars + 1)))
    close = path[1:].round(1)
    opened = path[:-1].round(1)
    reach = np.abs(dice.normal(0, 0.0005, (2, bars)))
    high = (np.maximum(opened, close) * (1 + reach[0])).round(1)
    low = (np.minimum(opened, close) * (1 - reach[1])).round(1)
    times = MARKET["BTCUSDT"].time[0] + np.arange(bars) * STEP
    return CandleArrays(times, opened, high, low, close)


def peeking(_proposals: Proposals, candles: CandleArrays) -> Proposals:
    """A strategy that knows the candle after the next close and takes half of its move."""
    move = candles.close[1:] / candles.open[1:] - 1.0
    bars = np.flatnonzero(np.abs(move) > 0.002)
    rows = np.zeros(len(bars), records.SETUP_ROW)
    rows["id"] = np.arange(len(bars))
    rows["event"], rows["market"], rows["score"] = ARMED, 1, 100.0
    rows["t"], rows["event_t"] = bars, bars
    rows["event_time"] = rows["armed_at"] = candles.time[bars] + STEP
    rows["side"] = move[bars] < 0
    sign = np.where(move[bars] < 0, -1.0, 1.0)
    price = candles.close[bars] * sign
    reach = np.abs(move[bars]) * candles.close[bars]
    rows["entry"], rows["stop"], rows["target"] = price, price - 1.5 * reach, price + 0.6 * reach
    none = np.zeros(0, records.SETUP_ROW)
    return Proposals(rows, np.full(len(bars), NEVER), np.full(len(bars), -1), none)


class TestPlantedLookAhead:
    """A backtest that knows the future looks splendid; one candle later it knows nothing."""

    def test_the_delay_test_catches_it(self) -> None:
        trial, candles = Trial(REQUEST), {"BTCUSDT": memoryless(6_000)}
        honest_looking = evaluate(trial, candles, INSTRUMENTS, peeking)
        splendid = expectancy(honest_looking, seed=1)
        assert splendid.n > 100
        assert splendid.low is not None
        assert splendid.low > 0.0
        stressed = []
        for variant in worse_conditions(trial):
            found = evaluate(variant.trial, candles, INSTRUMENTS, peeking)
            stressed.append(Stressed(variant.name, expectancy(found, seed=1)))
        judged = verdict(Evidence(splendid, stressed=stressed))
        assert judged.finding is Finding.LUCK
        assert "one bar of delay leaves −" in judged.sentence

    def test_it_holds_positions_for_which_it_was_never_late(self) -> None:
        """The trades of the delayed run are entered one candle after those of the plain one."""
        plain = run_trial(Trial(REQUEST), MARKET, INSTRUMENTS, peeking)
        late = run_trial(Trial(REQUEST, Alteration(delay_bars=1)), MARKET, INSTRUMENTS, peeking)
        assert late.trades[0].entry_time == plain.trades[0].entry_time + STEP


class TestDelay:
    def test_everything_said_is_heard_that_much_later(self) -> None:
        plain = run_trial(Trial(REQUEST), MARKET, INSTRUMENTS)
        late = run_trial(Trial(REQUEST, Alteration(delay_bars=3)), MARKET, INSTRUMENTS)
        before, after = plain.setups["BTCUSDT"].rows, late.setups["BTCUSDT"].rows
        assert len(before) - 5 < len(after) <= len(before)
        assert (after["event_time"] == before["event_time"][: len(after)] + 3 * STEP).all()
        assert (after["armed_at"] == before["armed_at"][: len(after)]).all()

    def test_the_end_of_a_setup_is_heard_late_as_well(self) -> None:
        """An entry that should be withdrawn waits on, as it would with slow news."""
        plain = run_trial(Trial(REQUEST), MARKET, INSTRUMENTS).setups["BTCUSDT"].proposals
        late = run_trial(Trial(REQUEST, Alteration(delay_bars=2)), MARKET, INSTRUMENTS)
        ended = late.setups["BTCUSDT"].proposals.ended_at
        before = plain.ended_at[: len(ended)]
        assert (before < NEVER).any()
        assert (ended == np.where(before < NEVER, before + 2 * STEP, NEVER)).all()

    def test_nothing_is_heard_before_it_is_said(self) -> None:
        with pytest.raises(InvalidInput, match="before it speaks"):
            Alteration(delay_bars=-1)


class TestWithout:
    @pytest.mark.parametrize("name", ["htf_bias", "structure"])
    def test_what_is_armed_passes_without_the_points(self, name: str) -> None:
        trial = Trial(REQUEST, Alteration(without=name))
        rows = run_trial(trial, MARKET, INSTRUMENTS).setups["BTCUSDT"].rows
        threshold = 60.0 * (1 - MOST_POINTS[name] / 100)
        left = rows["score"] - rows[COMPONENTS[name]]
        assert (left[rows["event"] == ARMED] >= threshold).all()
        assert (rows["event"] == ARMED).any()
        assert (left[rows["event"] == REFUSED] < threshold).any()
        # Without its points nothing reaches what it did with them: the bar is lower for all.
        assert (left[rows["event"] == ARMED] < 60.0).any()

    def test_the_components_make_a_hundred_points(self) -> None:
        assert sum(MOST_POINTS.values()) == 100
        assert set(MOST_POINTS) == set(COMPONENTS)

    def test_an_unknown_component_is_refused(self) -> None:
        with pytest.raises(InvalidInput, match="known are htf_bias"):
            Alteration(without="luck")


def test_nothing_altered_is_the_plain_backtest() -> None:
    trial = Trial(REQUEST)
    assert UNALTERED.request(REQUEST) is REQUEST
    assert evaluate(trial, MARKET, INSTRUMENTS) == evaluate(
        replace(trial, alteration=Alteration()), MARKET, INSTRUMENTS
    )
