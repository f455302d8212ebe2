"""An account that can back no more entries: told once, and looked at until it can again."""

import logging

from src.domain.events import GuardTripped
from src.domain.ports import Clock
from src.engine.conduct import SHORTFALL
from src.engine.engine import Shortfall
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

LOOK_EVERY_MS = 60_000
"""How long entries wait at least: an exchange knows limits that its wallet does not show."""


class ShortfallWatch:
    """Used by the worker thread alone; wall time decides."""

    def __init__(self, step: TradingStep, clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._told: Shortfall | None = None
        self._since = 0

    def notice(self, market_time: int) -> None:
        """Tell everybody of a shortfall that is new. `market_time` is UTC ms."""
        shortfall = self._step.engine.shortfall
        if shortfall is None or shortfall is self._told:
            return
        self._told, self._since = shortfall, self._clock.now()
        log.error("%s", shortfall.sentence)
        until = market_time + LOOK_EVERY_MS
        self._step.tell_guard(GuardTripped(SHORTFALL, shortfall.sentence, market_time, until))

    def compared(self) -> None:
        """Journal and venue agree: entries may go on if what was refused could be backed now."""
        engine = self._step.engine
        shortfall = engine.shortfall
        if shortfall is None or self._clock.now() - self._since < LOOK_EVERY_MS:
            return
        if self._step.broker.balance().available >= shortfall.margin:
            log.info("the account can back entries again")
            engine.shortfall = None
            engine.blocks.resume(SHORTFALL)
