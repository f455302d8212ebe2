"""What is held against a result: everything ever tried, and everything it was chosen from."""

from dataclasses import replace

import numpy as np
import pytest

from src.analytics.luck.verdict import Finding, verdict
from src.backtest.evidence import books_of, deflated, expectancy, gather, overfit
from src.backtest.request import BacktestRequest
from src.backtest.stress import worse_conditions
from src.backtest.trial import Trial, evaluate, outcome_of, run_trial
from src.database.trial_ledger import Tried
from src.domain.candle import DAY_MS
from tests.unit.backtest.invented import BASE, outcome, trial
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market


def test_the_strategy_on_a_random_market_is_judged_with_everything() -> None:
    """The synthetic market has no edge to find, and the verdict does not find one."""
    candles = market(("BTCUSDT", "ETHUSDT"), days=40)
    asked = Trial(BacktestRequest(("BTCUSDT", "ETHUSDT")))
    result = run_trial(asked, candles, INSTRUMENTS)
    found = outcome_of(asked, result)
    stressed = [
        (variant, evaluate(variant.trial, candles, INSTRUMENTS))
        for variant in worse_conditions(asked)
    ]
    evidence = gather(found, result, 1, Tried(1, (found.daily_sharpe or 0.0,)), [found], stressed)
    assert evidence.random_entries is not None
    assert evidence.random_entries.n == len(result.trades)
    assert evidence.overfitting is None
    assert len(evidence.stressed) == 2
    assert verdict(evidence).finding in (Finding.NONE, Finding.LOSS, Finding.TOO_FEW)


def test_random_entries_are_drawn_from_the_candles_that_could_be_traded() -> None:
    """A market that fell while the strategy warmed up would make later longs look like skill."""
    candles = market(("BTCUSDT",), days=25)
    start = int(candles["BTCUSDT"].time[0]) + 15 * DAY_MS
    result = run_trial(Trial(BacktestRequest(("BTCUSDT",), start=start)), candles, INSTRUMENTS)
    [(trades, lived)] = books_of(result)
    assert len(trades) == len(result.trades) > 0
    assert lived.time[0] == start
    entered = [lived.time[bar] for bar in trades.bar]
    assert all(
        time <= trade.entry_time < time + TIMEFRAME.milliseconds
        for time, trade in zip(entered, result.trades, strict=True)
    )


def test_everything_ever_tried_deflates() -> None:
    good = outcome(BASE, 0.004)
    spread = tuple(np.linspace(-0.2, 0.4, 20).tolist())
    alone, among_many = deflated(good, Tried(1, ())), deflated(good, Tried(400, spread))
    assert (alone.trials, among_many.trials) == (1, 400)
    assert (alone.probability or 0.0) > 0.95 > (among_many.probability or 0.0)


def test_trials_that_differ_are_needed_to_speak_of_choosing() -> None:
    same = outcome(BASE, 0.001)
    assert overfit([same, same]) is None
    others = [outcome(trial(setup_bars=bars), 0.0, seed=bars) for bars in range(10, 20)]
    found = overfit([same, *others, same])
    assert found is not None
    assert (found.trials, found.n) == (11, 60)


def test_few_days_are_cut_into_fewer_blocks_and_very_few_not_at_all() -> None:
    short = [outcome(trial(setup_bars=bars), 0.0, days=21, seed=bars) for bars in (10, 11)]
    found = overfit(short)
    assert found is not None
    assert found.splits == 252
    tiny = [outcome(trial(setup_bars=bars), 0.0, days=7, seed=bars) for bars in (10, 11)]
    assert overfit(tiny) is None


def test_a_trial_that_was_ruined_counts_with_nothing_earned_on_the_days_after() -> None:
    others = [outcome(trial(setup_bars=bars), 0.0, seed=bars) for bars in (10, 11, 12)]
    ruined = outcome(trial(setup_bars=13), 0.0, days=60, seed=13)
    lived = (*ruined.daily_returns[:20], -1.5)
    after = replace(ruined, daily_returns=(*lived, *[0.0] * 39))
    found = overfit([*others, replace(ruined, daily_returns=lived)])
    assert found is not None
    assert found == overfit([*others, after])
    assert (found.trials, found.n) == (4, 60)


def test_how_many_a_result_was_chosen_from_is_known_where_overfitting_cannot_be_told() -> None:
    asked = Trial(BacktestRequest(("BTCUSDT",)))
    result = run_trial(asked, market(("BTCUSDT",), days=2), INSTRUMENTS)
    tiny = [outcome(trial(setup_bars=bars), 0.0, days=2) for bars in (10, 11, 11)]
    evidence = gather(tiny[0], result, 1, Tried(2, ()), tiny)
    assert (evidence.chosen_among, evidence.overfitting) == (2, None)
    assert gather(tiny[0], result, 1).chosen_among == 1


def test_the_expectancy_comes_with_its_interval() -> None:
    found = expectancy(outcome(BASE, 0.001), seed=1)
    assert found.estimate == pytest.approx(0.1)
    assert found.n == 50
