"""The fast runner does what the slow loop does, trade by trade and sentence by sentence."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from src.backtest.request import DEFAULT_COSTS, DEFAULT_RISK, BacktestRequest
from src.backtest.result import BacktestResult, CandleGap
from src.backtest.runner import Progress, Stage, run_backtest
from src.domain.candle import DAY_MS
from src.domain.errors import InvalidInput
from src.domain.signal import Signal
from src.engine import GuardSettings
from src.strategy.parameters import StrategyParameters
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market
from tests.unit.backtest.plain_backtest import PlainResult, run_plainly

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
RICH = Decimal(100_000)


def both_ways(
    request: BacktestRequest, days: int, seed: int, holes: int = 0
) -> tuple[BacktestResult, PlainResult]:
    candles = market(request.symbols, days, seed, holes)
    fast = run_backtest(request, candles, INSTRUMENTS)
    return fast, run_plainly(request, candles, INSTRUMENTS, fast.begins_at)


def assert_same(fast: BacktestResult, slow: PlainResult) -> None:
    assert fast.trades == tuple(slow.trades)
    assert fast.open_trades == slow.open_trades
    signals = {signal.signal_id: signal for signal in fast.signals()}
    assert signals.keys() == slow.signals.keys()
    for name, signal in slow.signals.items():
        assert_same_signal(signals[name], signal)
    for time, wallet, equity in zip(
        fast.equity.time.tolist(), fast.equity.wallet, fast.equity.equity, strict=True
    ):
        if time in slow.equity:
            assert wallet == pytest.approx(float(slow.equity[time][0]), abs=1e-6)
            assert equity == pytest.approx(float(slow.equity[time][1]), abs=1e-6)


def assert_same_signal(fast: Signal, slow: Signal) -> None:
    """Where there was no room, the backtest does not ask what else stood against the entry."""
    assert bool(fast.refusals) == bool(slow.refusals)
    assert set(fast.refusals) <= set(slow.refusals)
    assert replace(fast, refusals=()) == replace(slow, refusals=())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_symbols_with_holes_in_their_candles_trade_as_candle_by_candle(seed: int) -> None:
    request = BacktestRequest(SYMBOLS, TIMEFRAME, initial_balance=RICH)
    fast, slow = both_ways(request, days=20, seed=seed, holes=10)
    assert len(fast.trades) > 30, "too quiet a market proves nothing"
    assert_same(fast, slow)


def test_few_positions_and_a_small_account_refuse_as_candle_by_candle() -> None:
    tight = replace(DEFAULT_RISK, max_positions=1, max_leverage=Decimal(2))
    request = BacktestRequest(SYMBOLS, TIMEFRAME, risk=tight, initial_balance=Decimal(60))
    fast, slow = both_ways(request, days=20, seed=4)
    assert fast.refusals()["no_room"] > 0
    assert fast.refusals()["risk"] > 0
    assert_same(fast, slow)


def test_guards_and_smt_pairs_decide_as_candle_by_candle() -> None:
    guards = GuardSettings(
        daily_loss_limit=Decimal(2),
        weekly_loss_limit=Decimal(4),
        losing_streak=2,
        cooldown_ms=3_600_000,
        max_open_risk=Decimal("0.015"),
        max_entry_distance=Decimal("0.004"),
    )
    pairs = (("BTCUSDT", "ETHUSDT"), ("SOLUSDT", "BTCUSDT"))
    request = BacktestRequest(
        SYMBOLS, TIMEFRAME, guards=guards, smt_pairs=pairs, initial_balance=RICH
    )
    fast, slow = both_ways(request, days=25, seed=6, holes=5)
    said = [" ".join(signal.refusals) for signal in slow.signals.values()]
    named = ("Daily loss", "Weekly loss", "Cooldown", "open-risk", "price-distance")
    for guard in named:
        assert any(guard in words for words in said)
    counted, told = fast.refusals(), [" ".join(signal.refusals) for signal in fast.signals()]
    stopped = sum(any(guard in words for guard in named) for words in told)
    assert counted["guards"] == stopped, "a guard is not a lack of room"
    assert counted["no_room"] > 0
    assert any(signal.components["smt"] > 0 for signal in slow.signals.values())
    assert_same(fast, slow)


def test_an_account_that_could_be_liquidated_is_watched_candle_by_candle() -> None:
    """With half of everything as maintenance margin, positions are liquidated before their stop."""
    costs = replace(DEFAULT_COSTS, maintenance_margin_rate=Decimal("0.1"))
    risk = replace(DEFAULT_RISK, risk_per_trade=Decimal("0.1"))
    request = BacktestRequest(SYMBOLS, TIMEFRAME, risk=risk, costs=costs, initial_balance=RICH)
    fast, slow = both_ways(request, days=20, seed=5)
    assert any(
        trade.exit_reason and trade.exit_reason.value == "liquidation" for trade in slow.trades
    )
    assert_same(fast, slow)


def test_nothing_armed_before_the_start_is_traded() -> None:
    candles = market(("BTCUSDT",), days=20)
    begins = int(candles["BTCUSDT"].time[0]) + 10 * DAY_MS
    request = BacktestRequest(("BTCUSDT",), TIMEFRAME, start=begins, initial_balance=RICH)
    fast = run_backtest(request, candles, INSTRUMENTS)
    slow = run_plainly(request, candles, INSTRUMENTS, begins)
    assert fast.begins_at == begins
    assert fast.equity.time[0] == begins
    assert_same(fast, slow)


def test_candles_after_the_end_change_nothing() -> None:
    candles = market(("BTCUSDT",), days=12)
    end = int(candles["BTCUSDT"].time[0]) + 8 * DAY_MS
    request = BacktestRequest(("BTCUSDT",), TIMEFRAME, end=end, initial_balance=RICH)
    cut = {"BTCUSDT": candles["BTCUSDT"].first(8 * 288)}
    whole, short = (run_backtest(request, found, INSTRUMENTS) for found in (candles, cut))
    assert whole.ends_at == short.ends_at == end
    assert whole.trades == short.trades
    assert np.array_equal(whole.equity.equity, short.equity.equity)


def test_the_same_request_gives_the_same_result() -> None:
    request = BacktestRequest(SYMBOLS, TIMEFRAME, initial_balance=RICH)
    candles = market(SYMBOLS, days=10)
    first, second = (run_backtest(request, candles, INSTRUMENTS) for _ in range(2))
    assert first.trades == second.trades
    assert first.refusals() == second.refusals()
    assert np.array_equal(first.equity.equity, second.equity.equity)


def test_equity_is_told_for_every_day_and_every_closed_trade() -> None:
    request = BacktestRequest(("BTCUSDT",), TIMEFRAME, initial_balance=RICH)
    fast, _ = both_ways(request, days=10, seed=1)
    times = fast.equity.time
    assert np.all(np.diff(times) > 0)
    assert {int(day) for day in times if day % DAY_MS == 0} >= {
        fast.begins_at + day * DAY_MS for day in range(11)
    }
    step = TIMEFRAME.milliseconds
    for trade in fast.trades:
        assert trade.exit_time is not None
        assert trade.exit_time - trade.exit_time % step + step in times


def test_missing_candles_are_named() -> None:
    candles = market(("BTCUSDT",), days=6, holes=3)
    fast = run_backtest(BacktestRequest(("BTCUSDT",), TIMEFRAME), candles, INSTRUMENTS)
    missing = sum((gap.end - gap.start) // TIMEFRAME.milliseconds for gap in fast.gaps)
    span = (fast.ends_at - int(candles["BTCUSDT"].time[0])) // TIMEFRAME.milliseconds
    assert fast.gaps
    assert missing == span - len(candles["BTCUSDT"])


def test_a_symbol_whose_history_is_shorter_than_the_others_is_named() -> None:
    """While it was not there, the other one traded alone."""
    candles = market(("BTCUSDT", "ETHUSDT"), days=6)
    day = DAY_MS // TIMEFRAME.milliseconds
    short = {**candles, "ETHUSDT": candles["ETHUSDT"].part(2 * day, 5 * day)}
    first = int(candles["BTCUSDT"].time[0])
    request = BacktestRequest(("BTCUSDT", "ETHUSDT"), TIMEFRAME)
    assert run_backtest(request, short, INSTRUMENTS).gaps == (
        CandleGap("ETHUSDT", first, first + 2 * DAY_MS),
        CandleGap("ETHUSDT", first + 5 * DAY_MS, first + 6 * DAY_MS),
    )
    # What is missing before trading begins only shortens the warming up.
    later = replace(request, start=first + 3 * DAY_MS - 1, end=first + 5 * DAY_MS)
    assert run_backtest(later, short, INSTRUMENTS).gaps == ()


def test_progress_is_told_and_an_error_of_the_listener_cancels_the_run() -> None:
    candles = market(("BTCUSDT",), days=10)
    told: list[Progress] = []
    run_backtest(BacktestRequest(("BTCUSDT",), TIMEFRAME), candles, INSTRUMENTS, told.append)
    assert [progress.stage for progress in told] == [Stage.STRATEGY, Stage.ACCOUNT]
    assert all(progress.done == progress.total for progress in told)

    def cancel(progress: Progress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run_backtest(BacktestRequest(("BTCUSDT",), TIMEFRAME), candles, INSTRUMENTS, cancel)


def test_without_a_model_nothing_is_proposed_and_the_equity_stays() -> None:
    request = BacktestRequest(("BTCUSDT",), TIMEFRAME, parameters=StrategyParameters(models=()))
    fast, _ = both_ways(request, days=3, seed=1)
    assert not fast.trades
    assert not list(fast.signals())
    assert set(fast.equity.equity) == {1000.0}


@pytest.mark.parametrize(
    ("symbols", "sentence"),
    [
        (("DOGEUSDT",), "There are no 5m candles of DOGEUSDT"),
        (("BTCUSDT", "BTCUSDT"), "each only once"),
        ((), "at least one symbol"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(symbols: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        run_backtest(BacktestRequest(symbols, TIMEFRAME), market(("BTCUSDT",), 1), INSTRUMENTS)
