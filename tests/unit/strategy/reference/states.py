"""Section 15: what `--bars` writes for one bar, undefined values None."""

from tests.unit.strategy.reference.draw import find_draw
from tests.unit.strategy.reference.facts import Facts
from tests.unit.strategy.reference.lines import Event
from tests.unit.strategy.reference.score import components


def bar_state(facts: Facts, t: int) -> Event:
    bars, context = facts.market.up, facts.context
    draw = find_draw(facts, t)
    low = facts.range_end(-1, t)
    return {
        "t": t,
        "ts": bars.time[t],
        "atr": bars.average_ranges[t],
        "trend_internal": trend(facts, "internal", t),
        "trend_external": trend(facts, "external", t),
        "range_high": facts.range_end(1, t),
        "range_low": None if low is None else -low,
        "range_pos": facts.range_position(1, t),
        "killzones": "|".join(facts.windows(t)),
        "bias_4h": context.four_hours.trend(t) if context.four_hours.usable else None,
        "bias_1d": context.day.trend(t) if context.day.usable else None,
        "bias": context.bias(t),
        "dol_dir": None if draw is None else draw.dir,
        "dol_price": draw.pool.keys["price"] if draw and draw.pool else None,
        "score_long": sum(components(facts, 1, bars.close[t], t).values()),
        "score_short": sum(components(facts, -1, -bars.close[t], t).values()),
    }


def trend(facts: Facts, degree: str, t: int) -> int:
    known = [found.dir for found in facts.breaks if found.degree == degree and found.t <= t]
    return known[-1] if known else 0
