"""Carries out what the protection audit says, on the one thread that owns trading."""

import logging

from src.domain.errors import AuthFatal, ExchangeError, RegionBlocked
from src.domain.events import Alarm
from src.domain.ports import Clock
from src.engine.identifiers import order_link_id
from src.engine.protection import ProtectionAudit, Remedy, Unprotected
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")


class ProtectionWatch:
    """Looks at the venue's positions as often as it is called; wall time decides."""

    def __init__(
        self, step: TradingStep, clock: Clock, audit: ProtectionAudit | None = None
    ) -> None:
        self._step = step
        self._clock = clock
        self._audit = audit or ProtectionAudit()

    def look(self, now: int) -> None:
        """Set stops again and close what cannot be protected. `now` is market time, UTC ms."""
        found = self._audit.look(
            self._step.broker.positions(), self._step.engine.open_trades, self._clock.now()
        )
        for case in found:
            try:
                self._remedy(case, now)
            except (AuthFatal, RegionBlocked):
                raise
            except ExchangeError as failure:
                log.error("%s is unprotected: %s", case.trade.symbol, failure)
        if found:
            self._step.broker.refresh()
            self._step.absorb(now)

    def _remedy(self, case: Unprotected, now: int) -> None:
        trade, position, broker = case.trade, case.position, self._step.broker
        seconds = case.naked_ms / 1000
        if case.remedy is Remedy.SET_STOP:
            log.error("%s has had no stop for %.1f s: setting it again", trade.symbol, seconds)
            broker.set_protection(trade.symbol, trade.stop_loss, trade.take_profit)
            return
        sentence = (
            f"{trade.symbol} has had no stop at the exchange for {seconds:.1f} s, and setting it "
            "again was not confirmed: the position is closed at market."
        )
        log.critical("%s", sentence)
        if case.attempt == 1:
            self._step.raise_alarm(Alarm(trade.symbol, sentence, now))
        identity = f"unprotected-{trade.symbol}-{trade.order_link_id}"
        broker.close_position(
            trade.symbol,
            position.direction,
            position.quantity,
            order_link_id(identity, case.attempt),
        )
