"""The strategy as the monitor uses it: candles in, updates and a reading out."""

from dataclasses import replace

import numpy as np
import pytest

from src.domain.candle import Timeframe
from src.domain.errors import InvalidCandle, InvalidInput, SettingsError
from src.domain.order import Direction, OrderKind
from src.domain.signal import SetupEvent
from src.strategy.parameters import StrategyParameters
from src.strategy.symbol_strategy import SymbolStrategy, candle_rows, compile_kernels
from tests.unit.strategy.walks import M5, as_candles, walk

PARAMETERS = StrategyParameters(internal_degree=3, external_degree=10, confluence_threshold=45)
CANDLES = as_candles(walk(11, 3000, amplitude=12))


def strategy() -> SymbolStrategy:
    return SymbolStrategy("BTCUSDT", M5, PARAMETERS, 0.5)


def test_one_candle_at_a_time_says_what_a_history_at_once_says() -> None:
    live, history = strategy(), strategy()
    expected = history.update(CANDLES)
    assert [update for candle in CANDLES for update in live.update([candle])] == expected
    assert live.snapshot() == history.snapshot()
    assert live.view() == history.view()
    assert len(expected) > 50


def test_a_candle_of_the_second_symbol_stands_beside_the_one_of_its_own_time() -> None:
    candles, other = walk(5, 400, missing=0.1), walk(6, 400, missing=0.1)
    rows = candle_rows(as_candles(candles), as_candles(other, "ETHUSDT"))
    assert rows.tobytes() == candles.rows(other).tobytes()
    assert 0 < np.isnan(rows["peer_high"]).sum() < len(rows)


def test_updates_carry_prices_score_and_sentences() -> None:
    for update in strategy().update(CANDLES):
        assert (update.symbol, update.timeframe) == ("BTCUSDT", M5)
        assert update.known_at % M5.milliseconds == 0
        assert update.armed_at <= update.known_at
        long = update.direction is Direction.LONG
        assert (update.stop < update.entry < update.target) == long
        assert sum(update.components.values()) == update.score
        assert update.reasons
        assert all(reason[0].isupper() for reason in update.reasons)
        assert bool(update.refusals) == (update.event is SetupEvent.REFUSED)
        assert (update.cancel_reason is not None) == (update.event is SetupEvent.CANCELLED)
        assert (update.entry_kind is OrderKind.MARKET) == (update.model == "turtle_soup")


def test_sentences_name_the_side_of_the_liquidity_they_speak_of() -> None:
    """A long follows a sweep of lows and is drawn to highs; a short the other way round."""
    quarter = Timeframe.M15
    candles = as_candles(walk(12, 3000, timeframe=quarter), timeframe=quarter)
    eager = replace(PARAMETERS, confluence_threshold=20)
    drawn = set()
    for update in SymbolStrategy("BTCUSDT", quarter, eager, 0.5).update(candles):
        swept, ahead = ("low", "high") if update.direction is Direction.LONG else ("high", "low")
        for reason in update.reasons:
            if "liquidity at" in reason:
                assert f" {swept}" in reason
                assert reason.startswith("Sell" if swept == "low" else "Buy")
            if "the draw on liquidity (" in reason:
                assert f" {ahead}" in reason
                drawn.add(update.direction)
    assert drawn == set(Direction)


def test_a_setup_is_named_by_model_direction_and_time() -> None:
    born = [
        (update.model, update.direction, update.armed_at)
        for update in strategy().update(CANDLES)
        if update.event in (SetupEvent.ARMED, SetupEvent.REFUSED)
    ]
    assert len(born) == len(set(born))


def test_a_restored_strategy_continues_as_if_nothing_had_happened() -> None:
    uninterrupted = strategy()
    uninterrupted.update(CANDLES[:1500])
    restored = SymbolStrategy.restore("BTCUSDT", M5, PARAMETERS, 0.5, uninterrupted.snapshot())
    assert restored.last_time == CANDLES[1499].open_time
    assert restored.update(CANDLES[1500:]) == uninterrupted.update(CANDLES[1500:])
    assert restored.snapshot() == uninterrupted.snapshot()


@pytest.mark.parametrize(
    ("symbol", "timeframe", "parameters", "what"),
    [
        ("ETHUSDT", M5, PARAMETERS, "symbol"),
        ("BTCUSDT", Timeframe.M15, PARAMETERS, "timeframe"),
        ("BTCUSDT", M5, replace(PARAMETERS, internal_degree=4), "parameters"),
    ],
)
def test_a_snapshot_of_something_else_is_refused(
    symbol: str, timeframe: Timeframe, parameters: StrategyParameters, what: str
) -> None:
    snapshot = strategy().snapshot()
    with pytest.raises(InvalidInput, match=f"snapshot's {what} is"):
        SymbolStrategy.restore(symbol, timeframe, parameters, 0.5, snapshot)


@pytest.mark.parametrize("damaged", [b"", b"nonsense", b"\x05\x00\x00\x00\x00\x00\x00\x00[1,2]"])
def test_a_damaged_snapshot_is_refused(damaged: bytes) -> None:
    with pytest.raises(InvalidInput):
        SymbolStrategy.restore("BTCUSDT", M5, PARAMETERS, 0.5, damaged)


def test_a_cut_off_snapshot_is_refused() -> None:
    whole = strategy().snapshot()
    for snapshot in (whole[:-1], whole[:-1000], whole + b"more"):
        with pytest.raises(InvalidInput):
            SymbolStrategy.restore("BTCUSDT", M5, PARAMETERS, 0.5, snapshot)


def test_candles_must_come_in_order_and_belong_here() -> None:
    folded = strategy()
    folded.update(CANDLES[:10])
    before = folded.snapshot()
    with pytest.raises(InvalidCandle, match="not newer"):
        folded.update([CANDLES[10], CANDLES[9]])
    with pytest.raises(InvalidCandle, match="not newer"):
        folded.update([CANDLES[9]])
    with pytest.raises(InvalidCandle, match="BTCUSDT strategy"):
        folded.update([replace(CANDLES[10], symbol="ETHUSDT")])
    assert folded.snapshot() == before, "a refused candle changes nothing"


def test_the_view_says_why_nothing_trades() -> None:
    folded = strategy()
    assert folded.view().reading.startswith("Warming up: 0 of the 14 candles")
    readings = set()
    for candle in CANDLES[:1500]:
        folded.update([candle])
        view = folded.view()
        assert view.reading
        assert view.trend in (-1, 0, 1)
        assert 0 <= view.score_long <= 100
        readings.add(view.reading.split(" ")[0])
        if view.live_setups:
            assert view.reading.startswith("Waiting for a ")
    assert readings >= {"Warming", "Waiting", "The", "No"}


def test_the_view_changes_nothing() -> None:
    folded = strategy()
    folded.update(CANDLES[:800])
    before = folded.snapshot()
    folded.view()
    assert folded.snapshot() == before


def test_wrong_parameters_are_named() -> None:
    with pytest.raises(SettingsError, match="models names 'astrology'"):
        StrategyParameters(models=("astrology",))
    with pytest.raises(SettingsError, match="break_on is 'touch'"):
        StrategyParameters(break_on="touch")
    with pytest.raises(SettingsError, match="external_degree is 500"):
        StrategyParameters(external_degree=500)
    with pytest.raises(SettingsError, match="sweep_window is 64; the newest gaps kept allow at"):
        StrategyParameters(sweep_window=64)


def test_compiling_reports_its_progress() -> None:
    said: list[str] = []
    compile_kernels(said.append)
    assert said[0].startswith("Compiling")
    assert len(said) == 2
