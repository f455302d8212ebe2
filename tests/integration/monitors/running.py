"""A monitor on its own thread over a venue that a test controls; database and venue are real."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import select

from src.database import Commands, Database, LiveState, SqlJournal, migrate, open_database
from src.database.tables import equity
from src.domain.candle import DAY_MS, Candle, Tick, Timeframe
from src.domain.errors import Rejected, Unavailable
from src.domain.instrument import Instrument
from src.domain.ports import FeedHealth, RawMessage
from src.engine import RiskSettings
from src.exchange.paper import PaperBroker, TradingCosts
from src.monitors.configuration import MonitorConfig, MonitorPorts
from src.monitors.monitor import Monitor
from src.monitors.pacing import MarketPace
from src.monitors.status import MarketFacts
from src.strategy.parameters import StrategyParameters
from tests.product import wait_until

STEP = Timeframe.M5.milliseconds
START = 1_760_313_600_000
SYMBOLS = ("BTCUSDT", "ETHUSDT")
FACTS = MarketFacts("simulator", "paper", "simulator", simulated=True)


class ManualClock:
    """Wall time that moves only when told to."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def advance(self, milliseconds: int) -> None:
        self._now += milliseconds


class FakeMarket:
    """A venue with a smooth price. A test says what closed and what the stream delivers of it."""

    def __init__(self, clock: ManualClock) -> None:
        self.closed_until = START
        self.reachable = True
        self.unlisted: set[str] = set()
        self.max_quantity = Decimal(1000)
        self.asked: list[tuple[str, int, int]] = []
        self._clock = clock
        self._last_message_at = 0
        self._sink: Callable[[RawMessage], None] | None = None

    def server_time(self) -> int:
        return self._clock.now()

    def now(self) -> int:
        if not self.reachable:
            raise Unavailable("nobody answers")
        return self.closed_until

    def instruments(self, symbols: Sequence[str]) -> Mapping[str, Instrument]:
        if missing := self.unlisted & set(symbols):
            raise Rejected(f"nobody lists {missing}")
        step, largest = Decimal("0.001"), self.max_quantity
        return {
            symbol: Instrument(symbol, step, step, step, largest, Decimal(5), Decimal(100), 480)
            for symbol in symbols
        }

    def candle(self, symbol: str, open_time: int) -> Candle:
        price = 100 + 5 * math.sin(open_time / DAY_MS)
        return Candle(symbol, Timeframe.M5, open_time, price, price + 0.2, price - 0.2, price, 1.0)

    def candles(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> list[Candle]:
        if not self.reachable:
            raise Unavailable("nobody answers")
        self.asked.append((symbol, start, end))
        last = min(end, self.closed_until)
        return [self.candle(symbol, time) for time in range(start, last, STEP)]

    def subscribe(
        self, symbols: Sequence[str], timeframe: Timeframe, sink: Callable[[RawMessage], None]
    ) -> None:
        self._sink = sink

    def deliver(self, *candles: Candle) -> None:
        assert self._sink is not None
        self._last_message_at = self._clock.now()
        self._sink({"candles": candles})

    def decode(self, raw: RawMessage) -> Sequence[Candle | Tick]:
        candles = raw["candles"]
        assert isinstance(candles, tuple)
        return candles

    def health(self) -> FeedHealth:
        return FeedHealth(self._sink is not None, self._last_message_at, 0)

    def close(self) -> None:
        self._sink = None


class Running:
    """A monitor on its own thread, and what it has stored."""

    market_type = FakeMarket
    parameters = StrategyParameters()

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'trading.db'}"
        migrate(url)
        self.database: Database = open_database(url)
        self.clock = ManualClock(START)
        self.market = self.market_type(self.clock)
        self.journal = SqlJournal(self.database, FACTS.environment)

    def _monitor(self) -> Monitor:
        costs = TradingCosts()
        risk = RiskSettings(
            risk_per_trade=Decimal("0.01"),
            max_positions=3,
            max_leverage=Decimal(10),
            taker_fee_rate=costs.taker_fee_rate,
            maker_fee_rate=costs.maker_fee_rate,
            slippage_rate=costs.slippage_rate,
        )
        config = MonitorConfig(
            SYMBOLS,
            Timeframe.M5,
            risk,
            self.parameters,
            FACTS,
            warm_up_days=2,
            smt_peers={"BTCUSDT": "ETHUSDT", "ETHUSDT": "BTCUSDT"},
        )
        ports = MonitorPorts(
            market=self.market,
            market_now=self.market.now,
            make_broker=lambda instruments, book: PaperBroker(
                instruments, costs, Decimal(1000), Decimal(10), book.venue_state
            ),
            journal=self.journal,
            clock=self.clock,
            pacer=MarketPace(),
            epoch=1,
            commands=Commands(self.database, FACTS.environment, self.clock),
        )
        return Monitor(config, ports)

    def start(self) -> None:
        self._over = Event()
        self._thread = Thread(target=self._monitor().run, args=(self._over,), daemon=True)
        self._thread.start()
        wait_until(lambda: self.shown("state") == "running", 120, "the monitor to run")

    def stop(self) -> None:
        self._over.set()
        self._thread.join(30)

    def shown(self, field: str) -> object:
        row = LiveState(self.database, FACTS.environment).read("monitor")
        return row and row[1][field]

    def stored(self, symbol: str) -> list[int]:
        """Open times stored since the warm-up, in candles after START."""
        candles = self.journal.candles(symbol, Timeframe.M5)
        return [(c.open_time - START) // STEP for c in candles if c.open_time >= START]

    def equity_times(self) -> list[int]:
        """When the account was valued."""
        with self.database.reading() as connection:
            return list(connection.execute(select(equity.c.time).order_by(equity.c.time)).scalars())
