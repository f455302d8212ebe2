"""How far prices went against a trade and for it, and nothing that was not its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.analytics.excursions import Excursion, Trips, excursion, excursions
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


bars = st.tuples(*[st.integers(90, 110).map(float)] * 4).map(
    lambda one: (one[0], max(one), min(one), one[3])
)
trips = st.tuples(
    st.sampled_from((1, -1)), st.integers(0, 7_999), st.integers(0, 7_999), st.integers(90, 110)
)


@given(st.lists(bars, min_size=8, max_size=8), st.lists(trips, max_size=6))
def test_many_trades_at_once_are_measured_as_one_by_one_and_plainly(
    told: list[tuple[float, float, float, float]], asked: list[tuple[int, int, int, int]]
) -> None:
    prices = history(*told)
    found = excursions(
        Trips(
            direction=np.array([side for side, *_ in asked], dtype=np.int64),
            entry_time=np.array([min(a, b) for _, a, b, _ in asked], dtype=np.int64),
            exit_time=np.array([max(a, b) for _, a, b, _ in asked], dtype=np.int64),
            entry_price=np.full(len(asked), 100.0),
            exit_price=np.array([float(level) for *_, level in asked]),
            stop=np.full(len(asked), 98.0),
        ),
        prices,
    )
    for (side, a, b, level), measured in zip(asked, found, strict=True):
        first, last = min(a, b) // BAR, max(a, b) // BAR
        seen = [float(level)]
        if first < last:
            seen += [told[first][2 if side > 0 else 1], told[first][3]]
        for bar in told[first + 1 : last]:
            seen += bar
        gains = [side * (price - 100.0) / 2.0 for price in seen]
        assert reach(measured) == pytest.approx((max(0.0, -min(gains)), max(0.0, *gains)))
