"""The simulated account as one thing: market time passes, requests change it, changes are told."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.exchange.paper import TradingCosts
from src.simulator.account.depth import Depth
from src.simulator.account.ledger import Ledger
from src.simulator.account.matching import Matcher, PriceRange, Window
from src.simulator.account.model import AccountSettings, Execution, PositionKey, VenueOrder
from src.simulator.account.numbers import Parameters, refused
from src.simulator.account.protection import Protector
from src.simulator.account.rows import Row, execution_row, order_row, position_row, wallet_row
from src.simulator.account.store import AccountStore
from src.simulator.bars import MINUTE_MS
from src.simulator.book import level_size
from src.simulator.contracts import Contract
from src.simulator.market import Market
from src.simulator.tick_path import SECOND_MS
from src.simulator.ticker import Tickers

Meddle = Callable[[VenueOrder, Parameters, Instrument], None]
"""Called with every order a client was acknowledged, so that faults can seal its fate."""

Tell = Callable[[str, Row], None]
"""Called with a private topic and a row whenever something changed."""


class Exchange:
    """One account on one market. Everything runs on the server's event loop."""

    def __init__(
        self, market: Market, tickers: Tickers, settings: AccountSettings, tell: Tell,
        meddle: Meddle = lambda *_: None, store: AccountStore | None = None,
    ) -> None:  # fmt: skip
        self._market = market
        self._tickers = tickers
        self._send = tell
        self._answering = False
        self._waiting: list[tuple[str, Row]] = []
        self._store = store
        self._meddle = meddle
        self.settings = settings
        self.ledger = Ledger(settings, TradingCosts(), self.mark)
        self.protector = Protector(
            self.ledger, self.mark, self.last, self.tell_order, self.tell_position
        )
        depth = Depth(self.instrument, self._level_size)
        self._matcher = Matcher(
            self.ledger, self.instrument, depth, self.protector, self._tell_execution
        )
        if store is not None:
            store.restore(self.ledger)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """What a request changes is stored at once and told after its answer was sent."""
        self._answering = True
        try:
            yield
        finally:
            self._answering = False
            self.save(self.now())
            if self._waiting:
                asyncio.get_running_loop().call_soon(self._flush)

    def save(self, time: int) -> None:
        """Store what changed up to a market time."""
        if self._store is not None:
            self._store.save(self.ledger, time)

    def now(self) -> int:
        """Market time, which stamps everything the account does."""
        return self._market.clock.now()

    def instrument(self, symbol: str) -> Instrument:
        """Trading rules of a listed symbol. Raises RefusedRequestError for any other."""
        if symbol not in self._market.feed.symbols:
            raise refused("params error: symbol invalid")
        return _instrument(self._market.feed.contract(symbol))

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every listed symbol."""
        return self._market.feed.symbols

    def market_maximum(self, symbol: str) -> Decimal:
        """The largest quantity of a market order."""
        return Decimal(self._market.feed.contract(symbol).max_market_quantity)

    def last(self, symbol: str) -> Decimal:
        """The last traded price."""
        return Decimal(self._tickers.at(symbol, self.now())["lastPrice"])

    def mark(self, symbol: str) -> Decimal:
        """The mark price."""
        return Decimal(self._tickers.at(symbol, self.now())["markPrice"])

    def advance(self, start: int, end: int, by_second: bool) -> None:
        """Let market time pass over (start, end], in seconds or in base candles."""
        if by_second:
            for time in range(start - start % SECOND_MS + SECOND_MS, end + 1, SECOND_MS):
                for symbol in self._concerned():
                    self._matcher.match(symbol, self._second(symbol, time))
                    self._charge_funding(symbol, time)
            self.save(end)
            return
        base = self._market.feed.base_ms
        for closing in range(start - start % base + base, end + 1, base):
            for symbol in self._concerned():
                self._match_candle(symbol, closing - base, closing)
                self._charge_funding(symbol, closing)
        self.save(end)

    def catch_up(self, start: int, end: int) -> None:
        """Live through what passed while nobody served: second by second at both ends."""
        base = self._market.feed.base_ms
        first, last = min(start + -start % base, end), end - end % base
        if self._market.clock.mode != "realtime" or last <= first:
            self.advance(start, end, by_second=self._market.clock.mode == "realtime")
            return
        self.advance(start, first, by_second=True)
        self.advance(first, last, by_second=False)
        self.advance(last, end, by_second=True)

    def accept(self, order: VenueOrder, parameters: Parameters) -> None:
        """Take an admitted order into the books."""
        self.ledger.add(order)
        self._meddle(order, parameters, self.instrument(order.symbol))

    def force(
        self, key: PositionKey, side: Direction, quantity: Decimal, create_type: str, kind: str
    ) -> None:
        """Trade at the last price what no request asked for."""
        now = self.now()
        order = self.protector.forced(key, side, quantity, now, create_type)
        self._matcher.force(order, self.last(key[0]), now, kind)
        self.save(now)

    def forget_recent(self) -> None:
        """Lose the list of recently closed orders, as a restarted service does."""
        self.ledger.recent_from = self.ledger.next_sequence()

    def cancel(self, order: VenueOrder) -> None:
        """Withdraw an order on request."""
        with self.protector.telling(order.key, self.now()):
            self.protector.end(order, "EC_PerCancelRequest", self.now(), "CancelByUser")
        self.tell_wallet()
        self.save(self.now())

    def position_row(self, key: PositionKey, streamed: bool = False) -> Row:
        """A position as it is told."""
        protection = self.protector.protection(key)
        position = self.ledger.position(key)
        exact = self.ledger.liquidation_price(position)
        liquidation = None if exact is None else self.instrument(key[0]).price_down(exact)
        return position_row(
            self.ledger, position, self.mark(key[0]), protection, streamed, liquidation
        )

    def order_row(self, order: VenueOrder) -> Row:
        """An order as it is told."""
        return order_row(order, self.last(order.symbol), self.instrument(order.symbol))

    def tell_order(self, order: VenueOrder) -> None:
        """Push an order that changed."""
        self._tell("order", self.order_row(order))

    def tell_position(self, key: PositionKey) -> None:
        """Push a position, changed or not."""
        self._tell("position", self.position_row(key, streamed=True))

    def tell_wallet(self) -> None:
        """Push the wallet."""
        self._tell("wallet", wallet_row(self.ledger))

    def _tell(self, topic: str, row: Row) -> None:
        if self._answering:
            self._waiting.append((topic, row))
            return
        self._flush()
        self._send(topic, row)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for topic, row in waiting:
            self._send(topic, row)

    def _tell_execution(self, execution: Execution) -> None:
        self._tell("execution", execution_row(execution))
        self.tell_position(execution.order.key)
        self.tell_wallet()

    def _concerned(self) -> list[str]:
        return [symbol for symbol in self._market.feed.symbols if self._matcher.concerns(symbol)]

    def _second(self, symbol: str, time: int) -> Window:
        fields = self._tickers.at(symbol, time)
        last, mark = float(fields["lastPrice"]), float(fields["markPrice"])
        return Window(
            PriceRange(last, last, last), PriceRange(mark, mark, mark), time, time, gaps=False
        )

    def _match_candle(self, symbol: str, opening: int, closing: int) -> None:
        bars = self._market.feed.bars(symbol, opening, closing)
        if bars.size == 0:
            return
        prices = PriceRange(float(bars.open[0]), float(bars.high[0]), float(bars.low[0]))
        self._matcher.match(symbol, Window(prices, prices, opening, closing - 1, gaps=True))

    def _charge_funding(self, symbol: str, time: int) -> None:
        feed = self._market.feed
        if time % (feed.contract(symbol).funding_interval_minutes * MINUTE_MS):
            return
        mark = Decimal(self._tickers.at(symbol, time)["markPrice"])
        self._matcher.charge_funding(symbol, feed.funding_rate(symbol, time - 1), mark, time)

    def _level_size(self, symbol: str) -> Decimal:
        return Decimal(level_size(self._market.feed.contract(symbol)))


def _instrument(contract: Contract) -> Instrument:
    return Instrument(
        symbol=contract.symbol,
        tick_size=Decimal(contract.tick_size),
        quantity_step=Decimal(contract.quantity_step),
        min_quantity=Decimal(contract.min_quantity),
        max_quantity=Decimal(contract.max_quantity),
        min_notional=Decimal(contract.min_notional),
        max_leverage=Decimal(contract.max_leverage),
        funding_interval_minutes=contract.funding_interval_minutes,
    )
