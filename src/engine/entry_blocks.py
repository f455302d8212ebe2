"""Why no new entry may be made now: the whole account paused, or one symbol quarantined.

Every cause owns its own pause, so that one cause passing never lifts another's. Blocks are of the
running process: whoever rebuilds an engine sets them again.
"""

from collections.abc import Mapping


class EntryBlocks:
    """Pauses by cause and quarantines by symbol, each with its sentence for a person."""

    def __init__(self) -> None:
        self._pauses: dict[str, str] = {}
        self._quarantines: dict[str, str] = {}

    @property
    def paused(self) -> str | None:
        """Why new entries are paused; None while they are allowed."""
        return "; ".join(self._pauses.values()) or None

    @property
    def causes(self) -> tuple[str, ...]:
        """What pauses entries now, in the order it began."""
        return tuple(self._pauses)

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Symbols that take no new entries, and why."""
        return self._quarantines

    def pause(self, cause: str, reason: str) -> None:
        """Refuse new entries from now on; open trades and resting entries stay."""
        self._pauses[cause] = reason

    def resume(self, cause: str) -> None:
        """Lift the pause of this cause, if there is one."""
        self._pauses.pop(cause, None)

    def quarantine(self, symbol: str, reason: str) -> None:
        """Refuse new entries on one symbol; what is open there stays as it is."""
        self._quarantines[symbol] = reason

    def release(self, symbol: str) -> None:
        """Lift the quarantine of a symbol, if there is one."""
        self._quarantines.pop(symbol, None)

    def refusals(self, symbol: str) -> list[str]:
        """Sentences against a new entry on this symbol."""
        sentences = []
        if self.paused is not None:
            sentences.append(f"New entries are paused: {self.paused}")
        if symbol in self._quarantines:
            sentences.append(f"{symbol} is in quarantine: {self._quarantines[symbol]}")
        return sentences
