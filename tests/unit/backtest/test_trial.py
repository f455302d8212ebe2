"""A trial has a name of its own, and its outcome is small, complete and repeatable."""

import json
from dataclasses import asdict, replace
from decimal import Decimal

import numpy as np
import pytest

from src.backtest.alteration import Alteration
from src.backtest.request import BacktestRequest
from src.backtest.trial import Trial, evaluate, fingerprint, outcome_of, run_trial
from src.domain.candle import DAY_MS
from src.strategy.parameters import StrategyParameters
from tests.unit.backtest.market import INSTRUMENTS, market

MARKET = market(("BTCUSDT", "ETHUSDT"), days=12)
TRIAL = Trial(BacktestRequest(("BTCUSDT", "ETHUSDT")))


class TestIdentity:
    @pytest.mark.parametrize(
        "other",
        [
            replace(TRIAL, alteration=Alteration(delay_bars=1)),
            Trial(BacktestRequest(("BTCUSDT",))),
            Trial(replace(TRIAL.request, end=5)),
            Trial(replace(TRIAL.request, initial_balance=Decimal(2000))),
            Trial(replace(TRIAL.request, parameters=StrategyParameters(setup_bars=25))),
        ],
    )
    def test_another_question_has_another(self, other: Trial) -> None:
        assert other.identity() != TRIAL.identity()

    def test_the_same_question_has_the_same(self) -> None:
        again = Trial(
            BacktestRequest(("BTCUSDT", "ETHUSDT"), seed=9, initial_balance=Decimal("1000.00"))
        )
        assert again.identity() == TRIAL.identity()

    def test_the_description_says_everything_in_json(self) -> None:
        described = json.loads(json.dumps(TRIAL.description()))
        assert described["request"]["parameters"]["confluence_threshold"] == 60.0
        assert described["request"]["costs"]["taker_fee_rate"] == "0.00055"
        assert described["request"]["timeframe"] == "5m"
        assert described["alteration"] == {"delay_bars": 0, "without": None}


def test_the_fingerprint_is_of_every_price() -> None:
    changed = dict(MARKET)
    candles = changed["BTCUSDT"].part(0, len(MARKET["BTCUSDT"]))
    closes = candles.close.copy()
    closes[17] *= 1.0001
    changed["BTCUSDT"] = replace(candles, close=closes)
    assert fingerprint(changed) != fingerprint(MARKET)
    assert fingerprint(dict(reversed(list(MARKET.items())))) == fingerprint(MARKET)


def test_an_outcome_agrees_with_the_whole_result() -> None:
    result = run_trial(TRIAL, MARKET, INSTRUMENTS)
    outcome = outcome_of(TRIAL, result)
    assert outcome == evaluate(TRIAL, MARKET, INSTRUMENTS)
    assert outcome.results_in_r == tuple(float(trade.result_in_r or 0) for trade in result.trades)
    assert outcome.figures["net"].n == len(result.trades) > 0
    assert outcome.first_day == result.begins_at // DAY_MS
    grown = float(np.prod(1 + np.array(outcome.daily_returns)))
    assert grown == pytest.approx(result.equity.equity[-1] / result.equity.equity[0])
    assert len(outcome.daily_returns) == 12
    json.dumps({name: asdict(figure) for name, figure in outcome.figures.items()}, allow_nan=False)


def test_a_daily_ratio_needs_days_that_differ() -> None:
    outcome = evaluate(TRIAL, MARKET, INSTRUMENTS)
    returns = np.array(outcome.daily_returns)
    assert outcome.daily_sharpe == pytest.approx(returns.mean() / returns.std(ddof=1))
    assert replace(outcome, daily_returns=(0.0, 0.0)).daily_sharpe is None
    assert replace(outcome, daily_returns=(0.1,)).daily_sharpe is None
