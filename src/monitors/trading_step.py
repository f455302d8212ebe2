"""One step of trading: facts in, decisions made, everything stored, then performed.

The order inside a step is the product's backbone (docs/architecture.md): the venue trades on the
prices first, then the strategy speaks, then risk decides, then one transaction stores it all, and
only then are intents sent. A crash between any two lines leaves a database from which the start
recovers the same future.
"""

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from src.domain.candle import Candle, Tick
from src.domain.events import (
    Alarm,
    CancelIntended,
    Change,
    EntryIntended,
    EquityPoint,
    GuardTripped,
    ProtectionMoved,
    StepRecord,
    TradeClosed,
    TradeOpened,
)
from src.domain.order import Fill
from src.domain.ports import Broker, Journal
from src.domain.trade import Position
from src.engine.asked_levels import AskedLevels
from src.engine.conduct import absorb_reports, perform_intents
from src.engine.engine import Engine
from src.strategy.symbol_strategy import SymbolStrategy

log = logging.getLogger("monitor")

_EXCHANGE = "exchange"


class TradingStep:
    """Owns the engine, the venue and the strategies; the worker thread is its only caller.

    `asked` are stops and targets that people asked for and the venue has not shown yet.
    """

    def __init__(
        self,
        engine: Engine,
        broker: Broker,
        journal: Journal,
        strategies: Mapping[str, SymbolStrategy],
        smt_peers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.engine = engine
        self.asked = AskedLevels()
        self.broker = broker
        self.strategies = strategies
        self._journal = journal
        self._smt_peers = smt_peers
        self._venue_state = broker.snapshot()
        self._newest_equity = 0

    def reconcile(self, now: int) -> None:
        """Make venue and journal agree about what is unfinished; settles all doubts.

        `now` is UTC ms market time: at the start, for a venue that lives in this process, that of
        the last stored step, because it has seen nothing later. Raises errors of the ExchangeError
        tree.
        """
        self._commit_and_perform(now, self._absorb(now))
        self._commit_and_perform(now, self.engine.reconcile(self.broker, now))

    def on_candles(self, candles: Sequence[Candle], now: int, *, late: bool = False) -> None:
        """Process one batch of candles of one instant.

        `now` is market time (UTC ms); it lies later than the candles' close when they were missed.
        A `late` batch follows another of its instant: it is compared with nothing, because what
        has been decided without it stays decided.
        """
        for candle in candles:
            self.broker.observe(candle)
        if self.engine.resting_orders or self.engine.open_trades or self.broker.positions():
            # Decide on the account as it is now, not as the stream has told of it so far.
            self.broker.refresh()
        changes = self._absorb(now)
        for candle in candles:
            self.engine.mark(candle.symbol, Decimal(repr(candle.close)))
        for candle in candles:
            wanted = None if late else self._smt_peers.get(candle.symbol)
            peers = [other for other in candles if other.symbol == wanted]
            for update in self.strategies[candle.symbol].update([candle], peers):
                changes += self.engine.on_setup(update, self.broker.balance(), now)
        self._commit_and_perform(now, changes, tuple(candles), late)

    def on_tick(self, tick: Tick) -> None:
        """Let the venue trade on one live price; stores only when something happened."""
        self.broker.observe(tick)
        self.engine.mark(tick.symbol, Decimal(repr(tick.last)))
        self.engine.gate.quote(tick)
        self.absorb(tick.time)

    def absorb(self, now: int) -> None:
        """Book what the venue has reported meanwhile. `now` is market time, UTC ms."""
        changes = self._absorb(now)
        if changes:
            self._commit_and_perform(now, changes)

    def book_exit(self, fill: Fill, now: int) -> None:
        """Book an exit that the venue did not report by itself. `now` is market time, UTC ms."""
        self._commit_and_perform(now, self.engine.on_fill(fill))

    def follow_protection(self, position: Position, by: str, now: int) -> None:
        """Let a position's trade follow the stop and target the venue watches; `by` moved them."""
        self._commit_and_perform(now, self.engine.on_protection(position, by))

    def raise_alarm(self, alarm: Alarm) -> None:
        """Store something critical and tell everybody."""
        self._journal.commit(StepRecord(market_time=alarm.at, alarms=(alarm,)))

    def tell_guard(self, trip: GuardTripped) -> None:
        """Store what stops new entries and tell everybody."""
        self._journal.commit(StepRecord(market_time=trip.at, tripped=(trip,)))

    def withdraw_entries(self, reason: str, now: int, symbol: str | None = None) -> None:
        """Take every resting entry, or those of one symbol, off the book; repeating is harmless."""
        self._commit_and_perform(now, self.engine.withdraw_entries(reason, now, symbol))

    def _absorb(self, now: int) -> list[Change]:
        """Book the venue's reports and let what it complains about stop new entries."""
        changes = absorb_reports(self.engine, self.broker, now)
        complaints = self.broker.complaints()
        if complaints:
            self.engine.blocks.pause(_EXCHANGE, " ".join(complaints))
        else:
            self.engine.blocks.resume(_EXCHANGE)
        return changes

    def _commit_and_perform(
        self,
        now: int,
        changes: list[Change],
        candles: tuple[Candle, ...] = (),
        late: bool = False,
    ) -> None:
        """Store the step, then send its intents, then store what the venue answered."""
        while changes or candles:
            self._store(now, changes, candles, late)
            changes, candles = perform_intents(self.engine, self.broker, changes, now), ()

    def _store(
        self, now: int, changes: Sequence[Change], candles: tuple[Candle, ...], late: bool
    ) -> None:
        state = self.broker.snapshot()
        self._journal.commit(
            StepRecord(
                market_time=now,
                candles=candles,
                changes=tuple(changes),
                equity=self._equity(now, changes, candles),
                venue_state=state if state != self._venue_state else None,
                late=late and bool(candles),
            )
        )
        self._venue_state = state
        for change in changes:
            _log_change(change)

    def _equity(
        self, now: int, changes: Sequence[Change], candles: tuple[Candle, ...]
    ) -> EquityPoint | None:
        """The account at a candle's close or after a result; the curve never goes back."""
        if not candles and not any(isinstance(change, TradeClosed) for change in changes):
            return None
        time = candles[0].close_time if candles else now
        self._newest_equity = max(self._newest_equity, time)
        balance = self.broker.balance()
        return EquityPoint(self._newest_equity, balance.wallet, balance.equity)


def _log_change(change: Change) -> None:
    match change:
        case TradeOpened(trade):
            log.info(
                "opened %s %s %s at %s, stop %s, target %s, risk %.2f",
                trade.direction.word,
                trade.quantity,
                trade.symbol,
                trade.entry_price,
                trade.stop_loss,
                trade.take_profit,
                trade.risk_amount,
            )
        case ProtectionMoved(trade, stop_before, target_before, by):
            log.info(
                "%s %s: stop %s -> %s, target %s -> %s, moved by %s",
                trade.direction.word,
                trade.symbol,
                stop_before,
                trade.stop_loss,
                target_before,
                trade.take_profit,
                by,
            )
        case TradeClosed(trade):
            log.info(
                "closed %s %s at %s (%s): net %.2f, %.2f R",
                trade.direction.word,
                trade.symbol,
                trade.exit_price,
                trade.exit_reason.value if trade.exit_reason else "unknown",
                trade.realized_pnl,
                trade.result_in_r or Decimal(0),
            )
        case EntryIntended(request):
            log.info(
                "entry %s %s %s at %s for %s",
                request.direction.word,
                request.quantity,
                request.symbol,
                request.price,
                request.signal_id,
            )
        case CancelIntended(order_link_id, reason):
            log.info("cancel entry %s: %s", order_link_id, reason)
        case _:
            return
