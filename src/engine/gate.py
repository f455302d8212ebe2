"""The gate every new entry passes: pauses, guards and what is already held, each in a sentence."""

from collections.abc import Mapping
from decimal import Decimal

from src.domain.candle import Tick
from src.domain.instrument import Instrument
from src.domain.order import OrderRequest
from src.domain.signal import SetupUpdate
from src.domain.trade import Balance
from src.engine.entry_blocks import EntryBlocks
from src.engine.guards import EntryFacts, Guards, OpenRisk
from src.engine.portfolio import Portfolio
from src.engine.sizing import EntryPlan, RiskSettings, Size, loss_if_stopped, plan_of

QUOTE_AGE_MS = 60_000
"""How long a quoted spread is believed, in market time."""


class EntryGate:
    """What stands against new entries of one account. Marks, quotes and blocks are the running
    process's own; guards and portfolio are what a restart reads back."""

    def __init__(
        self,
        settings: RiskSettings,
        instruments: Mapping[str, Instrument],
        portfolio: Portfolio,
        blocks: EntryBlocks,
        guards: Guards,
    ) -> None:
        self.guards = guards
        self.marks: dict[str, Decimal] = {}
        self._quotes: dict[str, Tick] = {}
        self._settings = settings
        self._instruments = instruments
        self._portfolio = portfolio
        self._blocks = blocks

    def quote(self, tick: Tick) -> None:
        """Remember bid and ask, to judge the spread."""
        self._quotes[tick.symbol] = tick

    def blocked(self, now: int) -> str | None:
        """Why no entry at all is made at `now` (UTC ms): a pause or a guard; None if one may be."""
        standing = (trip.sentence for trip in self.guards.standing(now))
        return self._blocks.paused or next(standing, None)

    def standing_refusals(self, update: SetupUpdate, now: int) -> list[str]:
        """Reasons against any new entry on this symbol now (UTC ms), whatever its prices."""
        refusals = self._blocks.refusals(update.symbol)
        refusals += [trip.sentence for trip in self.guards.standing(now)]
        age = now - update.known_at
        if age >= update.timeframe.milliseconds:
            refusals.append(
                "The market moved on while the monitor was away: this setup was known "
                f"{age // 60_000} minutes ago."
            )
        refusals += self._portfolio.no_room(update.symbol, self._settings.max_positions)
        return refusals

    def entry_refusals(self, plan: EntryPlan, size: Size, balance: Balance, now: int) -> list[str]:
        """Reasons against this one entry, planned and sized."""
        if not self.guards.judge_entries:
            return []
        symbol = plan.instrument.symbol
        return self.guards.entry_refusals(
            EntryFacts(
                symbol=symbol,
                entry=plan.entry,
                last=self.marks.get(symbol),
                spread=self._spread(symbol, now),
                open_risk=self._taken_risk(),
                added_risk=loss_if_stopped(plan, self._settings, size.quantity),
                equity=balance.equity,
            )
        )

    def open_risk(self, equity: Decimal) -> OpenRisk:
        """How much of the allowed risk is taken, as it was when each entry was made.

        No more can be: every position at its full risk, or what the guard allows if that is less.
        """
        settings, guard = self._settings, self.guards.max_open_risk
        share = settings.max_positions * settings.risk_per_trade
        share = min(share, guard) if guard else share
        return OpenRisk(self._taken_risk(), max(equity, Decimal(0)) * share)

    def _taken_risk(self) -> Decimal:
        """What the stops of all open trades and resting entries would cost."""
        held = (trade.risk_amount for trade in self._portfolio.trades.values())
        resting = (self._risk_of(order.request) for order in self._portfolio.orders.values())
        return sum(held, sum(resting, Decimal(0)))

    def _risk_of(self, request: OrderRequest) -> Decimal:
        instrument = self._instruments.get(request.symbol)
        if instrument is None:  # no longer traded here: its costs cannot be told
            return abs(request.price - request.stop_loss) * request.quantity
        return loss_if_stopped(plan_of(request, instrument), self._settings, request.quantity)

    def _spread(self, symbol: str, now: int) -> Decimal | None:
        quote = self._quotes.get(symbol)
        if quote is None or now - quote.time > QUOTE_AGE_MS:
            return None
        return Decimal(repr(2 * (quote.ask - quote.bid) / (quote.ask + quote.bid)))
