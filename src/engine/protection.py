"""Every open position has a live stop at the venue, or it is not open for long.

A position of ours that is seen without a stop for two seconds gets its trade's stop again. If two
more seconds do not show that stop at the venue, the position is to be closed at market. Positions
nobody here opened are not touched: they have no stop of ours to set.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from src.domain.trade import Position, Trade


class Remedy(enum.Enum):
    """What an unprotected position needs now."""

    SET_STOP = "set_stop"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Unprotected:
    """A position that needs a remedy now. `attempt` counts the remedies of its kind from 1;
    `naked_ms` says how long it has been seen without a stop."""

    position: Position
    trade: Trade
    remedy: Remedy
    attempt: int
    naked_ms: int


@dataclass(slots=True)
class _Case:
    """One position without a stop. Times are UTC ms; 0 means not yet."""

    order_link_id: str
    since: int
    set_at: int = 0
    closed_at: int = 0
    closes: int = 0


class ProtectionAudit:
    """Watches positions over time; what it says is to be done at once."""

    def __init__(self, set_after_ms: int = 2_000, close_after_ms: int = 2_000) -> None:
        self._set_after = set_after_ms
        self._close_after = close_after_ms
        self._cases: dict[str, _Case] = {}

    def look(
        self, positions: Sequence[Position], trades: Sequence[Trade], now: int
    ) -> list[Unprotected]:
        """What is to be done at `now` (UTC ms), given what the venue holds and what is ours."""
        ours = {trade.symbol: trade for trade in trades}
        naked = {p.symbol: p for p in positions if p.stop_loss is None and p.symbol in ours}
        for symbol in self._cases.keys() - naked.keys():
            del self._cases[symbol]
        found = []
        for symbol, position in naked.items():
            remedy = self._remedy(self._case(symbol, ours[symbol], now), now)
            if remedy is not None:
                case = self._cases[symbol]
                attempt = max(case.closes, 1)
                waited = now - case.since
                found.append(Unprotected(position, ours[symbol], remedy, attempt, waited))
        return found

    def _case(self, symbol: str, trade: Trade, now: int) -> _Case:
        case = self._cases.get(symbol)
        if case is None or case.order_link_id != trade.order_link_id:
            case = self._cases[symbol] = _Case(trade.order_link_id, now)
        return case

    def _remedy(self, case: _Case, now: int) -> Remedy | None:
        if not case.set_at:
            if now - case.since < self._set_after:
                return None
            case.set_at = now
            return Remedy.SET_STOP
        if now - max(case.set_at, case.closed_at) < self._close_after:
            return None
        case.closed_at = now
        case.closes += 1
        return Remedy.CLOSE
