"""The share of a gap that was traded and the entries into an order block, from their definition."""

from collections.abc import Iterator

from hypothesis import given, settings

from src.strategy.candle_arrays import CandleArrays
from src.strategy.certificate import certify
from src.strategy.export import Event, analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, walk, walks

DEPTH = StrategyParameters(
    internal_degree=2, external_degree=6, models=(), detectors=("fvg_fill", "ob_touches")
)
Told = list[tuple[int, int, float]]


def lows_after(
    candles: CandleArrays, zone: Event, events: list[Event]
) -> Iterator[tuple[int, float]]:
    """Bars and lows, as the zone's side sees them, from the one after it to the one ending it."""
    ends = [
        event["t"]
        for event in events
        if (event["kind"], event["id"]) == (zone["kind"], zone["id"])
        and event["event"] in ("inverted", "invalidated")
    ]
    for u in range(zone["t"] + 1, min([len(candles) - 1, *ends]) + 1):
        yield u, low(candles, zone, u)


def low(candles: CandleArrays, zone: Event, u: int) -> float:
    return float(candles.low[u] if zone["dir"] == 1 else -candles.high[u])


def edges(zone: Event) -> tuple[float, float]:
    if zone["dir"] == 1:
        return zone["top"], zone["bottom"]
    return -zone["bottom"], -zone["top"]


def fills(candles: CandleArrays, events: list[Event]) -> Told:
    """Every deepening of every gap: bar, gap and the share of it traded by then."""
    told = []
    for zone in born(events, "fvg"):
        (top, bottom), fill = edges(zone), 0.0
        for u, reached in lows_after(candles, zone, events):
            deeper = min(max((top - reached) / (top - bottom), 0.0), 1.0)
            if deeper > fill:
                fill = deeper
                told.append((u, zone["id"], fill))
    return sorted(told)


def touches(candles: CandleArrays, events: list[Event]) -> Told:
    """Every entry from outside: bar, block and the number of the entry."""
    told = []
    for zone in born(events, "ob"):
        (top, _), count = edges(zone), 0
        for u, reached in lows_after(candles, zone, events):
            if reached <= top < low(candles, zone, u - 1):
                count += 1
                told.append((u, zone["id"], float(count)))
    return sorted(told)


def born(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if (event["kind"], event["event"]) == (kind, "created")]


def told(events: list[Event], kind: str, parent: str, value: str) -> Told:
    return sorted(
        (event["t"], event[parent], event[value]) for event in events if event["kind"] == kind
    )


@given(walks())
@settings(max_examples=40, deadline=None)
def test_fills_and_touches_are_what_the_definition_gives(candles: CandleArrays) -> None:
    events = list(analyse(candles, M5, DEPTH))
    assert told(events, "fvg_fill", "fvg_id", "fill") == fills(candles, events)
    assert told(events, "ob_touches", "ob_id", "touches") == touches(candles, events)


def test_fills_grow_to_one_and_blocks_are_entered_more_than_once() -> None:
    events = list(analyse(walk(3, 1500), M5, DEPTH))
    shares = [fill for _, _, fill in told(events, "fvg_fill", "fvg_id", "fill")]
    assert max(shares) == 1.0
    assert min(shares) < 0.5
    assert max(number for _, _, number in told(events, "ob_touches", "ob_id", "touches")) >= 2


def test_the_certificate_covers_them() -> None:
    certificate = certify(walk(4, 400), M5, DEPTH)
    assert certificate.rewritten == 0
    assert min(certificate.kinds[kind].readings for kind in DEPTH.detectors) > 0
