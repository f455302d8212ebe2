"""Keeps the venue and the journal in agreement, and says what stands against new entries if not.

At the start nothing is traded before one whole comparison has passed. Afterwards what the venue
reports is booked in every cycle, and both sides are compared again: every minute, whenever the
venue could have told nothing for a while, and as soon as the outcome of something sent is in doubt.
A mismatch stops entries, of the account or of one symbol, and never touches a stop.
"""

import logging

from src.domain.errors import ExchangeError
from src.domain.ports import Clock
from src.engine.agreement import disagreements, orphans
from src.monitors.halt import NEEDS_A_PERSON
from src.monitors.lost_exits import LostExits
from src.monitors.moved_protection import MovedProtection
from src.monitors.shortfall_watch import ShortfallWatch
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

EVERY_MS = 60_000
AGAIN_MS = 2_000
_CAUSE = "reconciliation"
_NOT_OURS = "The symbol went into quarantine: an entry would change what another hand holds."


class Reconciler:
    """Used by the worker thread alone. Times are wall UTC ms unless they are called market time."""

    def __init__(self, step: TradingStep, clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._shortfall = ShortfallWatch(step, clock)
        self._lost_exits = LostExits(step, clock)
        self._moved = MovedProtection(step, clock)
        self._due_at = 0
        self._had_complaints = False
        self._doubted: set[str] = set()
        self._differing: dict[str, str] = {}

    def recover(self, market_time: int) -> None:
        """Make journal and venue agree before anything new is decided.

        Raises errors of the ExchangeError tree: then nothing may be traded yet.
        """
        self._reconcile(market_time)

    def check(self, market_time: int) -> None:
        """Book what the venue reported, compare, and reconcile when it is time to.

        Raises what a person has to put right.
        """
        self._step.absorb(market_time)
        self._shortfall.notice(market_time)
        self._notice()
        if self._clock.now() >= self._due_at:
            self._try(market_time)
        self._moved.look(market_time)
        self._compare(market_time)

    def _notice(self) -> None:
        """Reconcile at once after a doubt, and when the venue is whole again."""
        doubts = set(self._step.engine.doubts)
        complains = bool(self._step.broker.complaints())
        if doubts - self._doubted or (self._had_complaints and not complains):
            self._due_at = 0
        self._doubted, self._had_complaints = doubts, complains

    def _try(self, market_time: int) -> None:
        blocks = self._step.engine.blocks
        try:
            self._reconcile(market_time)
        except NEEDS_A_PERSON:
            raise
        except ExchangeError as failure:
            log.warning("journal and exchange could not be compared: %s", failure)
            blocks.pause(_CAUSE, f"journal and exchange could not be compared: {failure}")
            self._due_at = self._clock.now() + AGAIN_MS

    def _reconcile(self, market_time: int) -> None:
        step = self._step
        step.broker.refresh()
        step.reconcile(market_time)
        self._lost_exits.settle(market_time)
        self._moved.adopt(market_time)
        for name in orphans(step.engine.resting_orders, step.broker.resting()):
            log.warning("%s rests on the exchange, but the journal gave it up: withdrawn.", name)
            step.broker.cancel(name)
        doubts = step.engine.doubts
        self._due_at = self._clock.now() + (AGAIN_MS if doubts else EVERY_MS)
        if doubts:
            step.engine.blocks.pause(_CAUSE, "; ".join(doubts.values()))
        else:
            step.engine.blocks.resume(_CAUSE)
            self._shortfall.compared()
        self._compare(market_time)

    def _compare(self, market_time: int) -> None:
        """Quarantine every symbol on which a fresh reading confirms that the two differ."""
        found = self._differences()
        if found != self._differing:
            self._step.broker.refresh()
            self._step.absorb(market_time)
            found = self._differences()
        blocks = self._step.engine.blocks
        for symbol in self._differing.keys() - found.keys():
            blocks.release(symbol)
            log.info("%s: journal and exchange agree again; its quarantine is over.", symbol)
        for symbol, sentence in found.items():
            blocks.quarantine(symbol, sentence)
            if self._differing.get(symbol) != sentence:
                log.error("%s is in quarantine: %s", symbol, sentence)
                self._step.withdraw_entries(_NOT_OURS, market_time, symbol)
        self._differing = found

    def _differences(self) -> dict[str, str]:
        step = self._step
        entries = step.engine.resting_orders
        return dict(disagreements(step.engine.open_trades, entries, step.broker.positions()))
