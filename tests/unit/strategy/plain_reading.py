"""A slow, obvious second reading of the specification: whole-array loops, no rings, no stacks.

Written from the page, not from the engine. `plain_events` gives the export's events for
swings, structure, FVG, IFVG, BPR, order blocks, breakers, mitigation blocks, pools and OTE.
"""

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from tests.unit.strategy.plain_market import Event, Market
from tests.unit.strategy.plain_pools import PoolReference
from tests.unit.strategy.plain_structure import StructureReference

KINDS = ["swing", "structure", "fvg", "ifvg", "bpr", "ob", "breaker", "mitigation", "pool", "ote"]


def plain_events(
    candles: CandleArrays,
    timeframe: Timeframe,
    degrees: tuple[int, int] = (5, 20),
    tick: float = 0.0,
) -> list[Event]:
    """The events of the covered kinds in export order."""
    market = Market(candles, timeframe, degrees, tick)
    events = (
        market.swing_events()
        + market.gap_events()
        + PoolReference(market).events()
        + StructureReference(market).events()
    )
    events.sort(key=lambda e: (e["t"], e["step"], KINDS.index(e["kind"]), e["id"], e["order"]))
    for event in events:
        del event["step"], event["order"]
        event["ts"] = market.ts[event["t"]]
    return events
