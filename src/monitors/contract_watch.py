"""Whether the contracts that are traded are still those that trading began with.

Exchanges change tick sizes and largest quantities, and take contracts off their list, while a
program runs. Its orders would be refused one by one, and nobody would know why.
"""

import logging
from collections.abc import Mapping

from src.domain.errors import ExchangeError, Rejected
from src.domain.instrument import Instrument
from src.domain.ports import Clock, MarketData
from src.engine.entry_blocks import EntryBlocks

log = logging.getLogger("monitor")

EVERY_MS = 60 * 60_000


class ContractWatch:
    """Used by the worker thread alone; wall time decides."""

    def __init__(
        self,
        market: MarketData,
        instruments: Mapping[str, Instrument],
        blocks: EntryBlocks,
        clock: Clock,
    ) -> None:
        """`instruments` are those that engine, strategies and venue were built with."""
        self._market = market
        self._instruments = instruments
        self._blocks = blocks
        self._clock = clock
        self._looked_at = clock.now()
        self._gone: dict[str, str] = {}

    def change(self) -> str | None:
        """Why everything has to be built anew, if it has to; asks at most once an hour.

        Meanwhile a contract that is no longer listed takes no entries.
        """
        now = self._clock.now()
        change = None
        if now - self._looked_at >= EVERY_MS:
            self._looked_at = now
            try:
                change = self._compared()
            except ExchangeError as failure:
                log.warning("the contracts could not be read again: %s", failure)
        for symbol, sentence in self._gone.items():
            self._blocks.quarantine(symbol, sentence)
        return change

    def _compared(self) -> str | None:
        listed = self._listed()
        for symbol in self._gone.keys() & listed.keys():
            self._blocks.release(symbol)
        self._gone = {
            symbol: f"{symbol} is no longer listed; take it out of SYMBOLS."
            for symbol in self._instruments.keys() - listed.keys()
        }
        for sentence in self._gone.values():
            log.error("%s", sentence)
        changed = [name for name, rules in listed.items() if rules != self._instruments[name]]
        if not changed:
            return None
        return (
            f"The exchange changed the rules of {', '.join(changed)}; the monitor starts again "
            "with the new ones."
        )

    def _listed(self) -> Mapping[str, Instrument]:
        """The rules of every contract that is still listed."""
        try:
            return self._market.instruments(tuple(self._instruments))
        except Rejected:
            found: dict[str, Instrument] = {}
            for symbol in self._instruments:
                try:
                    found.update(self._market.instruments((symbol,)))
                except Rejected as refusal:
                    log.warning("%s", refusal)
            return found
