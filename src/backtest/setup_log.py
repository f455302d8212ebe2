"""Every setup of one symbol in a backtest and what became of it: numeric rows, words on demand."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from src.domain.signal import Signal
from src.engine import lifecycle
from src.engine.identifiers import signal_id
from src.strategy.codes import ARMED, REFUSED, REFUSED_REWARD, REFUSED_SCORE, REFUSED_STOP
from src.strategy.compiled import Record, Records
from src.strategy.setup_updates import SetupReader

ENVIRONMENT = "backtest"
"""The first word of every signal id and order id of a backtest."""


class Decision(enum.IntEnum):
    """What happened to a proposed setup."""

    REFUSED_BY_STRATEGY = 0
    NO_ROOM = 1
    REFUSED_BY_RISK = 2
    ORDERED = 3


REFUSAL_BITS = {
    "reward_too_small": REFUSED_REWARD,
    "stop_too_near": REFUSED_STOP,
    "score_too_low": REFUSED_SCORE,
}


@dataclass(frozen=True)
class SetupLog:
    """The proposed setups of one symbol, in order of time.

    `rows` have the layout records.SETUP_ROW, with `decisions` beside them (codes of Decision).
    `room` is, where none was left or a guard stood, the number of its sentences in
    `room_sentences`, else -1.
    `decided` are the engine's last words, without the strategy's sentences, by row number.
    """

    reader: SetupReader
    rows: Records
    decisions: NDArray[np.int8]
    room: NDArray[np.int32]
    room_sentences: tuple[tuple[str, ...], ...]
    decided: dict[int, Signal]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Signal]:
        return (self.signal(number) for number in range(len(self)))

    def signal(self, number: int) -> Signal:
        """One setup as the signal that live trading would have stored."""
        update = self.reader.update(self.rows[number])
        decided = self.decided.get(number)
        if decided is not None:
            return replace(
                decided,
                components=dict(update.components),
                reasons=(*update.reasons, *decided.reasons),
            )
        room = int(self.room[number])
        sentences = update.refusals if room < 0 else self.room_sentences[room]
        return lifecycle.refused_signal(signal_id(ENVIRONMENT, update), update, sentences)

    def by_id(self, identity: str) -> Signal:
        """The signal of an ordered setup. Raises KeyError for any other."""
        return self.signal(self._numbers[identity])

    def row_by_id(self, identity: str) -> Record:
        """The numbers of an ordered setup: model, score, points. Raises KeyError for any other."""
        return self.rows[self._numbers[identity]]

    def refusals(self) -> dict[str, int]:
        """How many setups were not taken, by reason; one with two reasons counts in both."""
        bits = self.rows["refusals"][self.rows["event"] == REFUSED]
        counts = {name: int(np.count_nonzero(bits & bit)) for name, bit in REFUSAL_BITS.items()}
        counts["no_room"] = int(np.count_nonzero(self.decisions == Decision.NO_ROOM))
        counts["risk"] = int(np.count_nonzero(self.decisions == Decision.REFUSED_BY_RISK))
        return counts

    @property
    def armed(self) -> int:
        """How many setups the strategy wanted to trade."""
        return int(np.count_nonzero(self.rows["event"] == ARMED))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {signal.signal_id: number for number, signal in self.decided.items()}
