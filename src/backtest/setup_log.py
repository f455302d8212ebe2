"""Every setup of one symbol in a backtest and what became of it: numeric rows, words on demand."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from src.backtest import account_rows
from src.backtest.account_record import AccountRecord
from src.backtest.proposals import Proposals
from src.backtest.setup_words import (
    guards_noted,
    planned_signal,
    refused_signal,
    room_sentences,
)
from src.domain.signal import Signal
from src.strategy.codes import ARMED, REFUSED, REFUSED_REWARD, REFUSED_SCORE, REFUSED_STOP
from src.strategy.compiled import Record, Records
from src.strategy.setup_updates import SetupReader


class Decision(enum.IntEnum):
    """What happened to a proposed setup."""

    REFUSED_BY_STRATEGY = account_rows.REFUSED_BY_STRATEGY
    NO_ROOM = account_rows.NO_ROOM
    REFUSED_BY_RISK = account_rows.REFUSED_BY_RISK
    ORDERED = account_rows.ORDERED_SETUP


REFUSAL_BITS = {
    "reward_too_small": REFUSED_REWARD,
    "stop_too_near": REFUSED_STOP,
    "score_too_low": REFUSED_SCORE,
}


@dataclass(frozen=True)
class SetupLog:
    """The proposed setups of symbol number `symbol` of the account, in order of time."""

    reader: SetupReader
    proposals: Proposals
    record: AccountRecord
    symbol: int

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Signal]:
        return (self.signal(number) for number in range(len(self)))

    @property
    def rows(self) -> Records:
        """The setups, layout records.SETUP_ROW."""
        return self.proposals.rows

    @cached_property
    def decisions(self) -> NDArray[np.int64]:
        """What happened to each setup: codes of Decision."""
        return self.record.part(self.symbol, self.record.books.decisions)

    def signal(self, number: int) -> Signal:
        """One setup as the signal that live trading would have stored."""
        update = self.reader.update(self.rows[number])
        row = self._planned.get(number)
        if row is not None:
            place = int(self.proposals.endings[number])
            last = None
            if place >= 0:
                last = self.reader.bare_update(self.proposals.ending_rows[place])
            return planned_signal(self.record, row, update, last)
        if self.decisions[number] != Decision.NO_ROOM:
            return refused_signal(update, update.refusals)
        noted = int(self.record.books.room[self.record.firsts[self.symbol] + number])
        return refused_signal(update, room_sentences(self.record, self.reader.symbol, noted))

    def by_id(self, identity: str) -> Signal:
        """The signal of an ordered setup. Raises KeyError for any other."""
        return self.signal(self._numbers[identity])

    def row_by_id(self, identity: str) -> Record:
        """The numbers of an ordered setup: model, score, points. Raises KeyError for any other."""
        return self.rows[self._numbers[identity]]

    def refusals(self) -> dict[str, int]:
        """How many setups were not taken, by reason; one with two reasons counts in both.

        `no_room` held the symbol or every position, `guards` stopped entries (a loss limit, a
        cooldown, what lies open), `risk` found no size.
        """
        bits = self.rows["refusals"][self.rows["event"] == REFUSED]
        counts = {name: int(np.count_nonzero(bits & bit)) for name, bit in REFUSAL_BITS.items()}
        unheard = self.decisions == Decision.NO_ROOM
        noted = self.record.part(self.symbol, self.record.books.room)
        stopped = int(np.count_nonzero(unheard & (guards_noted(noted) > 0)))
        judged = self._refused_by_guards
        counts["no_room"] = int(np.count_nonzero(unheard)) - stopped
        counts["guards"] = stopped + judged
        counts["risk"] = int(np.count_nonzero(self.decisions == Decision.REFUSED_BY_RISK)) - judged
        return counts

    @property
    def armed(self) -> int:
        """How many setups the strategy wanted to trade."""
        return int(np.count_nonzero(self.rows["event"] == ARMED))

    @property
    def ordered(self) -> int:
        """How many setups became an order."""
        return int(np.count_nonzero(self.decisions == Decision.ORDERED))

    @property
    def _refused_by_guards(self) -> int:
        """How many setups were sized and then refused by a guard."""
        orders = self.record.orders
        own = orders[:, account_rows.SYMBOL] == self.symbol
        return int(
            np.count_nonzero(own & (orders[:, account_rows.OUTCOME] == account_rows.GUARD_REFUSED))
        )

    @cached_property
    def _planned(self) -> dict[int, int]:
        """The order rows of planned setups, by the setup's number."""
        orders, first = self.record.orders, self.record.firsts[self.symbol]
        (own,) = np.nonzero(orders[:, account_rows.SYMBOL] == self.symbol)
        setups = (orders[own, account_rows.SETUP] - first).tolist()
        return dict(zip(setups, own.tolist(), strict=True))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        names = self.record.identities(np.array([*self._planned.values()], np.int64))
        return dict(zip(names, self._planned, strict=True))
