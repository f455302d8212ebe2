"""A part of an entry that is held without a stop, while the rest of the entry still rests.

Such a part is no trade yet, so nobody audits its stop, and it may stay one for hours. Withdrawing
the rest ends the entry: the part becomes a trade, and the protection watch takes over.
"""

import logging

from src.domain.ports import Clock
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

AFTER_MS = 1_000
"""How long a stop may take to show itself once the account is read, and how long a withdrawal is
waited for."""
_REASON = "A part of it was filled and the exchange holds no stop for that part."


class NakedParts:
    """Used by the worker thread alone; wall time decides."""

    def __init__(self, step: TradingStep, clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._since: dict[str, int] = {}

    def look(self, now: int) -> None:
        """Withdraw entries of which a part stands bare. `now` is market time, UTC ms."""
        wall, step = self._clock.now(), self._step
        bare = {p.symbol: p.direction for p in step.broker.positions() if p.stop_loss is None}
        entries = (order.request for order in step.engine.resting_orders)
        parts = [e for e in entries if bare.get(e.symbol) is e.direction]
        if any(entry.symbol not in self._since for entry in parts):
            step.broker.refresh()
        self._since = {e.symbol: self._since.get(e.symbol, wall) for e in parts}
        for entry in parts:
            if wall - self._since[entry.symbol] >= AFTER_MS:
                self._since[entry.symbol] = wall
                log.error("%s: %s The rest is withdrawn.", entry.symbol, _REASON)
                step.withdraw_entries(_REASON, now, entry.symbol)
                step.broker.refresh()
