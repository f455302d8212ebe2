"""Stops and targets moved at the venue, by its own app or another client: the trade follows them.

Only a reading that is fresh and whole is believed. What the stream tells may be older than what
was read since, and would move a stop back and forth in the journal.
"""

import logging
from collections.abc import Iterator

from src.domain.events import ON_THE_EXCHANGE
from src.domain.ports import Clock
from src.domain.trade import Position
from src.engine.lifecycle import follow_protection
from src.monitors.asked_moves import follow_asked
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

BELIEVED_AFTER_MS = 1_000
"""How long a level must be seen before it is read again and believed."""


class MovedProtection:
    """Used by the worker thread alone; wall time decides."""

    def __init__(self, step: TradingStep, clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._seen_since: int | None = None

    def look(self, market_time: int) -> None:
        """Notice levels that were moved, and adopt them once a fresh reading confirms them.

        While the account cannot be read they wait. `market_time` is UTC ms.
        """
        follow_asked(self._step, market_time)
        if not any(self._moved()) or self._step.broker.complaints():
            self._seen_since = None
            return
        now = self._clock.now()
        if self._seen_since is None:
            self._seen_since = now
        elif now - self._seen_since >= BELIEVED_AFTER_MS:
            self._seen_since = None
            self._step.broker.refresh()
            self._step.absorb(market_time)
            self.adopt(market_time)

    def adopt(self, market_time: int) -> None:
        """Let every trade follow what the venue was just read to watch."""
        follow_asked(self._step, market_time)
        if self._step.broker.complaints():
            return
        for position in tuple(self._moved()):
            log.warning("%s: its stop or target was moved on the exchange.", position.symbol)
            self._step.follow_protection(position, ON_THE_EXCHANGE, market_time)

    def _moved(self) -> Iterator[Position]:
        """Positions whose trade expects another stop or target."""
        for trade in self._step.engine.open_trades:
            for position in self._step.broker.positions():
                if follow_protection(trade, position) != trade:
                    yield position
