"""The draw on liquidity where both sides pull alike, and before it is known."""

from src.domain.candle import Timeframe
from src.strategy.bar_states import describe_bars
from src.strategy.export import Event
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import START, Bar, arrays

DAY = Timeframe.D1
# Every day trades as far above its close as below it.
EVEN: Bar = (100, 101, 99, 100)


def states(*days: Bar) -> list[Event]:
    candles = arrays(days, START, DAY)
    return list(describe_bars(candles, DAY, StrategyParameters(models=())))


def test_there_is_no_draw_before_fourteen_days_have_closed() -> None:
    days = states(*[EVEN] * 15)
    assert [day["dol_dir"] for day in days] == [None] * 13 + [0, 0]


def test_sides_that_pull_alike_draw_nowhere() -> None:
    last = states(*[EVEN] * 40)[-1]
    assert (last["dol_dir"], last["dol_price"]) == (0, None)


def test_the_nearer_side_draws_once_the_close_leaves_the_middle() -> None:
    last = states(*[EVEN] * 40, (100, 100.75, 99.5, 100.5))[-1]
    assert (last["dol_dir"], last["dol_price"]) == (1, 101.0)
