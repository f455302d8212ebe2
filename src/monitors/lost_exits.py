"""Trades whose position is gone and whose exit no execution tells: booked by other records."""

import logging

from src.domain.errors import Rejected
from src.domain.ports import Clock
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

PATIENCE_MS = 30_000
"""How long executions may be late before anything else is believed."""


class LostExits:
    """Used by the worker thread alone; wall time decides."""

    def __init__(self, step: TradingStep, clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._gone_since: dict[str, int] = {}

    def settle(self, market_time: int) -> None:
        """Book the exits that the venue can still tell. `market_time` is UTC ms.

        Raises errors of the ExchangeError tree.
        """
        now = self._clock.now()
        held = {position.symbol for position in self._step.broker.positions()}
        gone = [trade for trade in self._step.engine.open_trades if trade.symbol not in held]
        names = [trade.order_link_id for trade in gone]
        self._gone_since = {name: self._gone_since.get(name, now) for name in names}
        for trade in gone:
            if now - self._gone_since[trade.order_link_id] < PATIENCE_MS:
                continue
            try:
                fill = self._step.broker.forgotten_exit(trade)
            except Rejected as refusal:
                log.warning("%s: its closed P&L is not told: %s", trade.symbol, refusal)
                continue
            if fill is not None:
                log.warning("%s: its exit is booked by the closed P&L.", trade.symbol)
                self._step.book_exit(fill, market_time)
