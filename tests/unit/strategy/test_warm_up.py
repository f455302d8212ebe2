"""What depends on where a history begins, after the sixty days that section 0 asks for.

Ranges, structure and every object born afterwards do not. What rests on something older may: the
daily trend, levels nobody has traded since, and with them the draw, the score and the setups.
"""

from functools import cache

from src.domain.candle import Timeframe
from src.strategy.bar_states import COLUMNS, describe_bars
from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import Event, analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import part, walk

M15 = Timeframe.M15
A_DAY = 96
EARLIER, WARM_UP, COMPARED = 30 * A_DAY, 60 * A_DAY, 30 * A_DAY
NOTHING_BUT_WHAT_IS_FOUND = StrategyParameters(models=())
OLD_MEMORIES = {"bias_1d", "bias", "dol_dir", "dol_price", "score_long", "score_short"}
BAR_NUMBERS = ("t", "t_origin", "leg_start", "previous")


@cache
def longer() -> CandleArrays:
    return walk(5, EARLIER + WARM_UP + COMPARED, timeframe=M15)


def born(candles: CandleArrays, begins: int) -> list[Event]:
    """The first events of objects after the warm-up, bars counted from it and ids left out.

    `begins` is the number of the first bar after it. What older zones turn into is left out, and
    whether some older pool was swept before a break.
    """
    found = []
    for event in analyse(candles, M15, NOTHING_BUT_WHAT_IS_FOUND):
        first = event["event"] in ("confirmed", "created", "bos", "choch")
        if not first or event["t"] < begins or event["kind"] in ("ifvg", "breaker"):
            continue
        told = {key: value for key, value in event.items() if not key.endswith("id")}
        told |= {key: event[key] - begins for key in BAR_NUMBERS if key in event}
        told.pop("after_sweep", None)
        found.append(told)
    return found


def test_whatever_is_born_after_the_warm_up_is_the_same() -> None:
    late = born(part(longer(), EARLIER), WARM_UP)
    assert late == born(longer(), EARLIER + WARM_UP)
    assert {event["kind"] for event in late} >= {"swing", "structure", "fvg", "ob", "pool", "ote"}


def test_the_state_of_every_bar_is_the_same_but_for_old_memories() -> None:
    late = list(describe_bars(part(longer(), EARLIER), M15, NOTHING_BUT_WHAT_IS_FOUND))[WARM_UP:]
    whole = list(describe_bars(longer(), M15, NOTHING_BUT_WHAT_IS_FOUND))[EARLIER + WARM_UP :]
    differing = {
        name
        for name in COLUMNS
        if name != "t"
        and any(row[name] != other[name] for row, other in zip(late, whole, strict=True))
    }
    assert differing <= OLD_MEMORIES
    assert "bias_1d" in differing, "sixty days are few for a daily trend"
