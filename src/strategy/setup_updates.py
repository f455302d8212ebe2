"""Numeric setup rows turned into the domain's SetupUpdate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import overload

from src.domain.candle import Timeframe
from src.domain.order import Direction, OrderKind
from src.domain.signal import SetupEvent, SetupUpdate
from src.strategy.added import EntryModel
from src.strategy.codes import ARMED, CANCEL_REASONS, CANCELLED, REFUSED, TRIGGERED
from src.strategy.compiled import Record, Records
from src.strategy.parameters import StrategyParameters
from src.strategy.records import SETUP_ROW
from src.strategy.sentences import Words, model_name

_EVENTS = {
    ARMED: SetupEvent.ARMED,
    REFUSED: SetupEvent.REFUSED,
    TRIGGERED: SetupEvent.TRIGGERED,
    CANCELLED: SetupEvent.CANCELLED,
}
_COLUMNS: tuple[str, ...] = SETUP_ROW.names or ()
_NUMBERS = Struct("".join("q" if SETUP_ROW[name].kind == "i" else "d" for name in _COLUMNS))
# Component names, as stored with every signal, and the columns their points come from.
COMPONENTS = {
    "htf_bias": "points_bias",
    "sweep": "points_sweep",
    "structure": "points_structure",
    "fvg": "points_gap",
    "order_block": "points_block",
    "range": "points_range",
    "kill_zone": "points_zone",
    "smt": "points_smt",
}


@dataclass(frozen=True, slots=True)
class SetupReader:
    """Reads setup rows of one symbol.

    `tick` is its smallest price step (0: unknown); `added` are the added entry models in use.
    """

    symbol: str
    timeframe: Timeframe
    parameters: StrategyParameters
    tick: float
    added: tuple[EntryModel, ...] = ()

    @property
    def words(self) -> Words:
        """Renders this symbol's rows."""
        return Words(self.tick, self.added)

    def update(self, row: Record) -> SetupUpdate:
        """One row as the product's vocabulary, sentences included."""
        # Sentences read most columns, many more than once: plain numbers are much cheaper.
        row = dict(zip(_COLUMNS, _NUMBERS.unpack_from(row), strict=True))
        words = self.words
        minimum, threshold = self.parameters.minimum_reward, self.parameters.confluence_threshold
        refused = int(row["event"]) == REFUSED
        return self._update(
            row,
            components(row),
            words.reasons(row),
            words.refusals(row, threshold, minimum) if refused else (),
        )

    def bare_update(self, row: Record) -> SetupUpdate:
        """The same without sentences and components: all that a decision needs."""
        return self._update(row, {}, (), ())

    def _update(
        self,
        row: Record,
        points: dict[str, float],
        reasons: tuple[str, ...],
        refusals: tuple[str, ...],
    ) -> SetupUpdate:
        direction = Direction.LONG if row["side"] == 0 else Direction.SHORT
        sign = int(direction)
        return SetupUpdate(
            event=_EVENTS[int(row["event"])],
            symbol=self.symbol,
            timeframe=self.timeframe,
            model=model_name(row, self.added),
            direction=direction,
            armed_at=int(row["armed_at"]),
            known_at=int(row["event_time"]),
            entry_kind=OrderKind.MARKET if row["market"] else OrderKind.LIMIT,
            entry=float(row["entry"]) * sign,
            stop=float(row["stop"]) * sign,
            target=float(row["target"]) * sign,
            score=float(row["score"]),
            components=points,
            reasons=reasons,
            refusals=refusals,
            cancel_reason=CANCEL_REASONS[int(row["cancel_reason"])] or None,
        )


def components(row: Record) -> dict[str, float]:
    """The score's points by name; they sum to the score."""
    return {name: float(row[column]) for name, column in COMPONENTS.items()}


class SetupUpdates(Sequence[SetupUpdate]):
    """Setup rows that become SetupUpdates, and their sentences, only when read.

    `rows` (layout records.SETUP_ROW, prices in the coordinates of each row's side) stays
    available for numeric work over a whole history.
    """

    def __init__(self, rows: Records, reader: SetupReader) -> None:
        self.rows = rows
        self._reader = reader

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[SetupUpdate]:
        return (self._reader.update(row) for row in self.rows)

    @overload
    def __getitem__(self, index: int) -> SetupUpdate: ...

    @overload
    def __getitem__(self, index: slice) -> "SetupUpdates": ...

    def __getitem__(self, index: int | slice) -> "SetupUpdate | SetupUpdates":
        if isinstance(index, slice):
            return SetupUpdates(self.rows[index], self._reader)
        return self._reader.update(self.rows[index])
