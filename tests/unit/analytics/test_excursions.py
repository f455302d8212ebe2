"""How far prices went against a trade and for it, and nothing that was not its own."""

import numpy as np
import pytest

from src.analytics.excursions import Excursion, excursion
from src.domain.order import Direction
from src.domain.trade import TradeStatus
from src.strategy.candle_arrays import CandleArrays
from tests.unit.analytics.trades_of import closed_trade

BAR = 1000


def history(*bars: tuple[float, float, float, float]) -> CandleArrays:
    """Candles of one second each, as (open, high, low, close)."""
    columns = np.array(bars, dtype=np.float64).T
    return CandleArrays(np.arange(len(bars), dtype=np.int64) * BAR, *columns)


def reach(measured: Excursion | None) -> tuple[float, float]:
    """Adverse and favourable excursion."""
    assert measured is not None
    return measured.adverse, measured.favourable


PRICES = history(
    (100.0, 150.0, 98.0, 101.0),
    (101.0, 106.0, 97.0, 104.0),
    (104.0, 111.0, 50.0, 109.0),
)


def test_a_long_trade_counts_lows_against_it_and_highs_for_it() -> None:
    """Neither the high of the entry's candle nor the low of the exit's is known to be its own."""
    trade = closed_trade(100.0, 110.0, stop=95.0, entered=0, left=2 * BAR + 500)
    assert reach(excursion(trade, PRICES)) == pytest.approx((0.6, 2.0))


def test_a_short_trade_is_the_mirror() -> None:
    trade = closed_trade(
        100.0, 110.0, stop=110.0, direction=Direction.SHORT, entered=0, left=2 * BAR
    )
    assert reach(excursion(trade, PRICES)) == pytest.approx((5.0, 0.3))


def test_entry_and_exit_in_one_candle_leave_the_exit_price_only() -> None:
    trade = closed_trade(100.0, 95.0, stop=95.0, entered=0, left=10)
    assert excursion(trade, PRICES) == Excursion(adverse=1.0, favourable=0.0)


def test_an_open_trade_or_one_before_all_candles_has_none() -> None:
    assert excursion(closed_trade(status=TradeStatus.CLOSED, entered=-5), PRICES) is None
    assert excursion(closed_trade(100.0, 110.0, stop=100.0), PRICES) is None
