"""Carries out what the protection audit says, on the one thread that owns trading."""

import logging

from src.domain.errors import AuthFatal, ExchangeError, RegionBlocked
from src.domain.events import Alarm
from src.domain.order import OrderStatus
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
        self._closes: dict[str, int] = {}
        self._refusals: dict[str, str] = {}

    def look(self, now: int) -> None:
        """Set stops again and close what cannot be protected; whatever was found, the account is
        read. `now` is market time, UTC ms."""
        found = self._audit.look(
            self._step.broker.positions(),
            self._step.engine.open_trades,
            self._clock.now(),
            self._step.engine.gate.marks,
        )
        for case in found:
            try:
                self._remedy(case, now)
            except (AuthFatal, RegionBlocked):
                raise
            except ExchangeError as failure:
                self._refusals[case.trade.order_link_id] = str(failure)
                log.error("%s is unprotected: %s", case.trade.symbol, failure)
        if found:
            self._step.broker.refresh()
            self._step.absorb(now)

    def _remedy(self, case: Unprotected, now: int) -> None:
        trade = case.trade
        if case.remedy is Remedy.READ:
            return
        if case.remedy is Remedy.SET_STOP:
            seconds = case.naked_ms / 1000
            log.error("%s has had no stop for %.1f s: setting it again", trade.symbol, seconds)
            self._step.broker.set_protection(trade.symbol, trade.stop_loss, trade.take_profit)
            return
        if not case.tell:
            self._close(case)
            return
        sentence = self._sentence(case)
        log.critical("%s", sentence)
        try:
            self._close(case)
        finally:
            # Last: a database that takes nothing must not keep a position from being closed.
            self._step.raise_alarm(Alarm(trade.symbol, sentence, now))

    def _sentence(self, case: Unprotected) -> str:
        symbol, seconds = case.trade.symbol, case.naked_ms / 1000
        if case.attempt == 1:
            return (
                f"{symbol} has had no stop at the exchange for {seconds:.1f} s, and setting it "
                "again was not confirmed: the position is closed at market."
            )
        refusal = self._refusals.get(case.trade.order_link_id)
        why = "" if refusal is None else f" The exchange says: {refusal}"
        return (
            f"{symbol} has had no stop at the exchange for {seconds / 60:.0f} minutes and could "
            f"not be closed; it is tried again and again.{why}"
        )

    def _close(self, case: Unprotected) -> None:
        """Send a close, unless an earlier one still waits at the exchange to be filled."""
        trade, position = case.trade, case.position
        identity = f"unprotected-{trade.symbol}-{trade.order_link_id}"
        number = self._next_close(trade.order_link_id, identity)
        if number is None:
            log.warning("%s is being closed: its order waits to be filled.", trade.symbol)
            return
        self._closes[trade.order_link_id] = number
        self._step.broker.close_position(
            trade.symbol, position.direction, position.quantity, order_link_id(identity, number)
        )

    def _next_close(self, trade_name: str, identity: str) -> int | None:
        """The number of the close to send: the last one's again where it never arrived, as the
        same id can do no harm; None while one rests at the exchange."""
        number = self._closes.get(trade_name)
        if number is None:
            return 1
        while True:
            try:
                order = self._step.broker.order(order_link_id(identity, number))
            except (AuthFatal, RegionBlocked):
                raise
            except ExchangeError as failure:
                log.warning("the last close could not be looked up: %s", failure)
                return number
            if order is None:
                return number
            if order.status is OrderStatus.ACCEPTED:
                return None
            number += 1
