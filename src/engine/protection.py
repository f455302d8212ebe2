"""Every open position has a live stop at the venue, or it is not open for long.

A position of ours that is seen without a stop has the account read at once, because what a stream
tells may be past. If it is still seen so after two seconds, it gets its trade's stop again. If two
more seconds do not show that stop at the venue, the position is to be closed at market. A close
that does not help (the symbol is suspended, the exchange refuses) is tried again after pauses that
double, and at once when a market that stood still trades again. Positions nobody here opened are
not touched: they have no stop of ours to set.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from src.domain.trade import Position, Trade

LONGEST_PAUSE_MS = 60_000
STILL_MS = 10_000
"""How long a market shows no other price before it counts as standing still."""

TELL_AGAIN_MS = 600_000
"""How long after somebody was told of a position he is told again."""


class Remedy(enum.Enum):
    """What an unprotected position needs now."""

    READ = "read"
    SET_STOP = "set_stop"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Unprotected:
    """A position that needs a remedy now. `attempt` counts its closes from 1, `tell` says that
    people must hear of it, `naked_ms` how long it has been seen without a stop."""

    position: Position
    trade: Trade
    remedy: Remedy
    attempt: int
    tell: bool
    naked_ms: int


@dataclass(slots=True)
class _Case:
    """One position without a stop. Times are UTC ms; None means not yet."""

    order_link_id: str
    since: int
    price: Decimal | None
    still_since: int
    read: bool = False
    set_at: int | None = None
    closed_at: int = 0
    closes: int = 0
    pause_ms: int = 0
    told_at: int | None = None


class ProtectionAudit:
    """Watches positions over time; what it says is to be done at once."""

    def __init__(self, set_after_ms: int = 2_000, close_after_ms: int = 2_000) -> None:
        self._set_after = set_after_ms
        self._close_after = close_after_ms
        self._cases: dict[str, _Case] = {}

    def look(
        self,
        positions: Sequence[Position],
        trades: Sequence[Trade],
        now: int,
        prices: Mapping[str, Decimal] = MappingProxyType({}),
    ) -> list[Unprotected]:
        """What is to be done at `now` (UTC ms), given what the venue holds and what is ours.

        `prices` are the last ones traded, by symbol.
        """
        ours = {trade.symbol: trade for trade in trades}
        naked = {p.symbol: p for p in positions if p.stop_loss is None and p.symbol in ours}
        for symbol in self._cases.keys() - naked.keys():
            del self._cases[symbol]
        found = []
        for symbol, position in naked.items():
            case = self._case(ours[symbol], now, prices.get(symbol))
            remedy = self._remedy(case, now, prices.get(symbol))
            if remedy is not None:
                tell = remedy is Remedy.CLOSE and _is_to_be_told(case, now)
                waited = now - case.since
                found.append(Unprotected(position, ours[symbol], remedy, case.closes, tell, waited))
        return found

    def _case(self, trade: Trade, now: int, price: Decimal | None) -> _Case:
        case = self._cases.get(trade.symbol)
        if case is None or case.order_link_id != trade.order_link_id:
            case = self._cases[trade.symbol] = _Case(trade.order_link_id, now, price, now)
        return case

    def _remedy(self, case: _Case, now: int, price: Decimal | None) -> Remedy | None:
        resumed = _trades_again(case, now, price)
        if not case.read:
            case.read = True
            return Remedy.READ
        if case.set_at is None:
            if now - case.since < self._set_after:
                return None
            case.set_at = now
            case.pause_ms = self._close_after
            return Remedy.SET_STOP
        waited = now - max(case.set_at, case.closed_at)
        if resumed and case.closes:
            case.pause_ms = self._close_after
        if waited < case.pause_ms:
            return None
        if case.closes:
            case.pause_ms = min(2 * case.pause_ms, LONGEST_PAUSE_MS)
        case.closed_at = now
        case.closes += 1
        return Remedy.CLOSE


def _trades_again(case: _Case, now: int, price: Decimal | None) -> bool:
    """Whether a market that stood still shows another price."""
    if price == case.price:
        return False
    stood_still = now - case.still_since >= STILL_MS
    case.price, case.still_since = price, now
    return stood_still


def _is_to_be_told(case: _Case, now: int) -> bool:
    if case.told_at is not None and now - case.told_at < TELL_AGAIN_MS:
        return False
    case.told_at = now
    return True
