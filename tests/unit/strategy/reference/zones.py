"""What all zones share: when a later bar first reaches one of their levels."""

from collections.abc import Callable, Iterator, Sequence

from tests.unit.strategy.reference.bars import Bars

Condition = Callable[[Bars, int], bool]
Stage = tuple[str, Condition]


def low_reaches(level: float) -> Condition:
    """Touch is inclusive: l≤level."""
    return lambda bars, u: bars.low[u] <= level


def closes_below(level: float) -> Condition:
    """Break is strict: c<level."""
    return lambda bars, u: bars.close[u] < level


def trades_below(level: float) -> Condition:
    """The same judged by the wick: l<level."""
    return lambda bars, u: bars.low[u] < level


def follow(
    bars: Bars, known: int, stages: Sequence[Stage], terminal: Stage | None
) -> Iterator[tuple[int, str]]:
    """Bars and names of the stages a zone passes, each once, none after the terminal one."""
    waiting = dict(stages)
    for u in range(known + 1, len(bars)):
        for event in [event for event, reached in waiting.items() if reached(bars, u)]:
            del waiting[event]
            yield u, event
        if terminal is not None and terminal[1](bars, u):
            yield u, terminal[0]
            return
        if terminal is None and not waiting:
            return


def ended(passed: Sequence[tuple[int, str]], event: str) -> int | None:
    """The bar at which a zone passed its terminal stage."""
    return next((u for u, name in passed if name == event), None)
