"""Which faults are due: occasions counted one by one, and seeded draws."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from types import MappingProxyType

from src.simulator.faults.fault import Fault, Script
from src.simulator.faults.kinds import Occasion

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Armed:
    """A fault with how many occasions it has seen and how often it has happened."""

    fault: Fault
    random: Random = field(repr=False)
    seen: int = 0
    happened: int = 0

    def takes(self) -> bool:
        """Count an occasion that matches; whether the fault happens on it."""
        self.seen += 1
        fault = self.fault
        if self.spent or self.seen < fault.first or (self.seen - fault.first) % fault.every:
            return False
        if fault.probability < 1 and self.random.random() >= fault.probability:
            return False
        self.happened += 1
        return True

    @property
    def spent(self) -> bool:
        """Whether it can never happen again."""
        return bool(self.fault.times) and self.happened >= self.fault.times


class Schedule:
    """The faults in force. `now` answers market time, UTC ms."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._armed: list[Armed] = []
        self._added = 0

    @property
    def armed(self) -> Iterable[Armed]:
        """Every fault added, in order."""
        return tuple(self._armed)

    def add(self, script: Script) -> None:
        """Add the faults of a script; each has draws of its own."""
        for fault in script.faults:
            # Draws for tests, not secrets: the same seed must give the same faults.
            random = Random(f"{script.seed} {self._added} {fault.kind}")  # noqa: S311
            self._armed.append(Armed(fault, random))
            self._added += 1

    def clear(self) -> None:
        """Forget every fault."""
        self._armed.clear()
        self._added = 0

    def due(
        self, occasion: Occasion, name: str = "", symbol: str = "",
        parameters: Mapping[str, str] = _NOTHING, counts: Callable[[Fault], bool] | None = None,
    ) -> list[Fault]:  # fmt: skip
        """The faults that happen on this occasion; it is counted for every fault it matches.

        `counts` says for which faults the occasion exists at all (default: for every one).
        """
        now = self._now()
        return [
            armed.fault
            for armed in tuple(self._armed)
            if (counts is None or counts(armed.fault))
            and _matches(armed.fault, occasion, name, symbol, parameters, now)
            and armed.takes()
        ]


def _matches(
    fault: Fault,
    occasion: Occasion,
    name: str,
    symbol: str,
    parameters: Mapping[str, str],
    now: int,
) -> bool:
    return (
        fault.occasion is occasion
        and fault.begins <= now
        and (fault.ends is None or now < fault.ends)
        and (symbol == "" or fault.symbol in ("", symbol))
        and fnmatchcase(name, fault.pattern)
        and all(parameters.get(key) == value for key, value in fault.matching.items())
    )
