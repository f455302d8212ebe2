"""What the account decided about one symbol's proposals, collected while it runs."""

from array import array
from collections.abc import Sequence

import numpy as np

from src.backtest.proposals import Proposals
from src.backtest.setup_log import Decision, SetupLog
from src.domain.events import Change, EntryIntended, SignalChanged
from src.domain.signal import SetupUpdate, Signal
from src.strategy.compiled import Records
from src.strategy.setup_updates import SetupReader

_DECIDING = (
    *("event", "side", "model", "armed_at", "event_time", "market", "cancel_reason"),
    *("entry", "stop", "target", "score"),
)


# Plain numbers: arrays take them faster than members of an enumeration.
_NO_ROOM = int(Decision.NO_ROOM)
_REFUSED_BY_RISK = int(Decision.REFUSED_BY_RISK)
_ORDERED = int(Decision.ORDERED)


class _PlainRows:
    """Setup rows as plain values of what a decision needs."""

    def __init__(self, rows: Records) -> None:
        self._columns = [(name, rows[name].tolist()) for name in _DECIDING]

    def __getitem__(self, number: int) -> dict[str, float]:
        return {name: column[number] for name, column in self._columns}


class SymbolDecisions:
    """Setups are named by their number among the proposals."""

    def __init__(self, reader: SetupReader, proposals: Proposals) -> None:
        self._reader = reader
        self._proposals = proposals
        self._rows = _PlainRows(proposals.rows)
        self._ending_rows = _PlainRows(proposals.ending_rows)
        count = len(proposals.rows)
        self._decisions = bytearray([Decision.REFUSED_BY_STRATEGY]) * count
        self._room = array("i", [-1]) * count
        self._ended_at: list[int] = proposals.ended_at.tolist()
        self._sentences: dict[tuple[str, ...], int] = {}
        self._decided: dict[int, Signal] = {}
        self._numbers: dict[str, int] = {}

    def proposal(self, number: int) -> SetupUpdate:
        """A setup as it was armed."""
        return self._reader.bare_update(self._rows[number])

    def ended_at(self, signal_id: str) -> int:
        """When the strategy considers an ordered setup over, UTC ms; NEVER beyond the candles."""
        return self._ended_at[self._numbers[signal_id]]

    def ending(self, signal_id: str) -> SetupUpdate:
        """The strategy's last word on an ordered setup that ends within the candles."""
        row = int(self._proposals.endings[self._numbers[signal_id]])
        return self._reader.bare_update(self._ending_rows[row])

    def no_room(self, numbers: Sequence[int], sentences: tuple[str, ...]) -> None:
        """Note setups for which there was no room."""
        known = self._sentences.setdefault(sentences, len(self._sentences))
        for number in numbers:
            self._decisions[number] = _NO_ROOM
            self._room[number] = known

    def decide(self, number: int, changes: Sequence[Change]) -> None:
        """Note what the engine made of a setup; its signal is told by `remember`."""
        self._decisions[number] = _REFUSED_BY_RISK
        for change in changes:
            match change:
                case SignalChanged(signal):
                    self._numbers[signal.signal_id] = number
                case EntryIntended():
                    self._decisions[number] = _ORDERED

    def remember(self, signal: Signal) -> None:
        """Keep the engine's newest word on a setup it decided."""
        self._decided[self._numbers[signal.signal_id]] = signal

    def log(self) -> SetupLog:
        """Everything proposed, with what became of it."""
        return SetupLog(
            self._reader,
            self._proposals.rows,
            np.frombuffer(self._decisions, np.int8),
            np.frombuffer(self._room, np.int32),
            tuple(self._sentences),
            self._decided,
        )
