"""A tiny monitor: random markets and setups driven through engine, paper venue and ledger.

It does what the worker does, in the same order, and can be killed between any two lines.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

from src.domain.candle import Candle, Timeframe
from src.domain.events import CancelIntended, Change, EntryIntended
from src.domain.order import Direction, Fill, FundingPayment, Order, OrderKind
from src.domain.signal import SetupEvent, SetupUpdate
from src.engine import Engine, GuardSettings
from src.exchange.paper import PaperBroker, TradingCosts
from tests.unit.engine.builders import FIVE_MINUTES, INSTRUMENTS, NOON, SETTINGS, setup
from tests.unit.engine.ledger import MemoryLedger

START_PRICES = {"BTCUSDT": 50_000.0, "ETHUSDT": 3_000.0, "SOLUSDT": 150.0, "XRPUSDT": 0.5}
TICK_DIGITS = {"BTCUSDT": 1, "ETHUSDT": 2, "SOLUSDT": 3, "XRPUSDT": 4}
VALID_BARS = 8
COSTS = TradingCosts()

Instant = tuple[list[Candle], list[SetupUpdate]]
"""The candles that close together and what the strategy says about them."""


class Killed(Exception):  # it is a fate, not an error of the program
    """The process died here."""


def random_market(seed: int, bars: int) -> list[Instant]:
    """Candles of all symbols with setups that arm at random and end as the strategy ends them."""
    dice = Random(seed)
    prices = dict(START_PRICES)
    live: dict[str, SetupUpdate] = {}
    instants: list[Instant] = []
    for bar in range(bars):
        candles, updates = [], []
        for symbol in INSTRUMENTS:
            seen = _random_candle(dice, bar, symbol, prices[symbol])
            prices[symbol] = seen.close
            candles.append(seen)
            if symbol in live:
                ended = _ending(live[symbol], seen)
                if ended is not None:
                    updates.append(ended)
                    del live[symbol]
            elif dice.random() < 0.25:
                live[symbol] = _random_setup(dice, seen)
                updates.append(live[symbol])
        instants.append((candles, updates))
    return instants


def _random_candle(dice: Random, bar: int, symbol: str, last: float) -> Candle:
    digits = TICK_DIGITS[symbol]
    path = [last]
    for _ in range(5):
        path.append(round(path[-1] * (1 + dice.gauss(0, 0.002)), digits))
    path = path[1:]
    return Candle(
        symbol, Timeframe.M5, NOON + bar * FIVE_MINUTES,
        path[0], max(path), min(path), path[-1], 1.0,
    )  # fmt: skip


def _random_setup(dice: Random, seen: Candle) -> SetupUpdate:
    direction = dice.choice(list(Direction))
    kind = dice.choice([OrderKind.LIMIT, OrderKind.LIMIT, OrderKind.MARKET])
    away = 0 if kind is OrderKind.MARKET else dice.uniform(-0.0005, 0.003)
    entry = seen.close * (1 - direction * away)
    distance = entry * dice.uniform(0.0005, 0.006)
    return setup(
        symbol=seen.symbol,
        direction=direction,
        entry=entry,
        stop=entry - direction * distance,
        target=entry + direction * 2 * distance,
        kind=kind,
        armed_at=seen.close_time,
    )


def _ending(armed: SetupUpdate, seen: Candle) -> SetupUpdate | None:
    sign = int(armed.direction)
    worst, best = (seen.low, seen.high) if sign > 0 else (seen.high, seen.low)
    triggered = armed.entry_kind is OrderKind.MARKET or sign * worst < sign * armed.entry
    if triggered:
        return replace(armed, event=SetupEvent.TRIGGERED, known_at=seen.close_time)
    reason = None
    if sign * best >= sign * armed.target:
        reason = "target_traded"
    elif seen.close_time >= armed.armed_at + VALID_BARS * FIVE_MINUTES:
        reason = "expired"
    if reason is None:
        return None
    return replace(
        armed, event=SetupEvent.CANCELLED, known_at=seen.close_time, cancel_reason=reason
    )


DISCIPLINE = GuardSettings(
    daily_loss_limit=Decimal(9), losing_streak=3, cooldown_ms=2 * FIVE_MINUTES
)
"""Tight enough to trip in the few hours of a random market."""


class Worker:
    """One life of the process: rebuilt from the ledger, killed when `fates` says so."""

    def __init__(self, ledger: MemoryLedger, fates: Iterator[bool]) -> None:
        self.ledger = ledger
        self._fates = fates
        book = ledger.load_book()
        self.engine = Engine(SETTINGS, INSTRUMENTS, "paper", book, DISCIPLINE)
        self.broker = PaperBroker(INSTRUMENTS, COSTS, Decimal(1000), Decimal(10), book.venue_state)

    def recover(self) -> None:
        """Absorb what the venue still had to say and make both sides agree."""
        now = self.ledger.market_time
        self._commit_and_perform(now, self._absorb(now), self.ledger.consumed)
        changes = self.engine.reconcile(self.broker, now)
        self._commit_and_perform(now, changes, self.ledger.consumed)

    def run(self, market: list[Instant]) -> None:
        """Process every instant the ledger has not consumed."""
        for number in range(self.ledger.consumed, len(market)):
            candles, updates = market[number]
            now = candles[0].close_time
            for seen in candles:
                self.broker.observe(seen)
            self._may_die()
            changes = self._absorb(now)
            for update in updates:
                changes += self.engine.on_setup(update, self.broker.balance(), now)
            self._commit_and_perform(now, changes, number + 1)

    def _absorb(self, now: int) -> list[Change]:
        changes: list[Change] = []
        for report in self.broker.drain():
            match report:
                case Fill():
                    changes += self.engine.on_fill(report)
                case FundingPayment():
                    changes += self.engine.on_funding(report)
                case Order():
                    changes += self.engine.on_order(report, now)
        return changes

    def _commit_and_perform(self, now: int, changes: list[Change], consumed: int) -> None:
        self._may_die()
        self.ledger.commit(now, changes, self.broker.snapshot(), consumed)
        self._may_die()
        while changes:
            answers: list[Change] = []
            for change in changes:
                if isinstance(change, EntryIntended):
                    answers += self.engine.on_order(self.broker.submit(change.request), now)
                if isinstance(change, CancelIntended):
                    self.broker.cancel(change.order_link_id)
                self._may_die()
            changes = answers + self._absorb(now)
            if changes:
                self.ledger.commit(now, changes, self.broker.snapshot(), consumed)
                self._may_die()

    def _may_die(self) -> None:
        if next(self._fates):
            raise Killed


def trade_through(market: list[Instant], fates: Iterator[bool]) -> tuple[MemoryLedger, int]:
    """Run the market to its end through as many lives as it takes; the ledger and the deaths."""
    ledger = MemoryLedger()
    deaths = 0
    while True:
        try:
            worker = Worker(ledger, fates)
            worker.recover()
            worker.run(market)
        except Killed:
            deaths += 1
        else:
            return ledger, deaths
