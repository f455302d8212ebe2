"""The engine, the journal and a Bybit account together, through crashes between any two of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import pytest
from sqlalchemy import text

from src.clock import SystemClock
from src.database import SqlJournal
from src.database.engines import Database
from src.domain.candle import Candle, Timeframe
from src.domain.errors import NotFitToTrade
from src.domain.order import Order, OrderRequest, OrderStatus
from src.domain.signal import SetupUpdate
from src.domain.trade import TradeStatus
from src.engine import Engine
from src.exchange.bybit import BybitBroker, simulator_environment
from src.monitors.trading_step import TradingStep
from src.strategy.symbol_strategy import SymbolStrategy
from tests.integration.exchange.bybit_venue import KEY, QUICK, BybitVenue, bybit_venue
from tests.unit.engine.builders import INSTRUMENTS, SETTINGS, setup

SYMBOL = "BTCUSDT"


class Scripted:
    """A strategy that says what it was told to say, once."""

    def __init__(self) -> None:
        self.says: list[SetupUpdate] = []

    def update(self, candles: Sequence[Candle], peers: Sequence[Candle] = ()) -> list[SetupUpdate]:
        said, self.says = self.says, []
        return said


class Crash(Exception):
    """The process is killed here."""


class KilledAtSubmit(BybitBroker):
    """A broker whose process dies at its first order, before or after it was sent."""

    sends_first = True

    def submit(self, request: OrderRequest) -> Order:
        if self.sends_first:
            super().submit(request)
        raise Crash


class KilledBeforeSending(KilledAtSubmit):
    sends_first = False


class Process:
    """What runs between two crashes: rebuilt from the journal alone."""

    def __init__(
        self,
        venue: BybitVenue,
        database: Database,
        broker: type[BybitBroker] = BybitBroker,
        epoch: int | None = None,
    ) -> None:
        self._venue = venue
        self.journal = SqlJournal(database, "demo", epoch)
        book = self.journal.load_book()
        self.broker = broker(
            simulator_environment(venue.url), KEY, SystemClock(), book.booked_executions,
            [order.request for order in book.live_orders], settings=QUICK,
        )  # fmt: skip
        self.broker.start()
        self.strategy = Scripted()
        strategies = {SYMBOL: cast(SymbolStrategy, self.strategy)}
        self.engine = Engine(SETTINGS, INSTRUMENTS, "demo", book)
        self.trading = TradingStep(self.engine, self.broker, self.journal, strategies)
        self.trading.reconcile(venue.now())

    def candle_at(self, price: float, *updates: SetupUpdate) -> None:
        """The market trades at a price and its candle closes."""
        opened = self._venue.now()
        self._venue.move(price)
        self.broker.refresh()
        self.strategy.says = list(updates)
        candle = Candle(SYMBOL, Timeframe.M5, opened, price, price, price, price, 1.0)
        self.trading.on_candles([candle], self._venue.now())

    def armed(self) -> SetupUpdate:
        """A long at 50,000 with its stop at 49,800, known when the next candle closes."""
        now = self._venue.now() + Timeframe.M5.milliseconds
        return setup(armed_at=now, known_at=now)


def orders_sent(venue: BybitVenue) -> list[str]:
    with venue.account() as side:
        live = side.open_orders(orderFilter="Order")
        ended = side.session.get_order_history(category="linear", symbol=SYMBOL)["result"]["list"]
    return [row["orderLinkId"] for row in (*live, *ended) if row["orderLinkId"]]


@pytest.mark.parametrize("killed", [KilledAtSubmit, KilledBeforeSending])
def test_an_order_is_sent_once_wherever_the_process_dies(
    database: Database, killed: type[KilledAtSubmit]
) -> None:
    with bybit_venue() as venue:
        first = Process(venue, database, killed)
        with pytest.raises(Crash):
            first.candle_at(50_100.0, first.armed())
        (intended,) = first.journal.load_book().live_orders
        assert intended.status is OrderStatus.PENDING
        first.broker.close()
        second = Process(venue, database)
        (order,) = second.engine.resting_orders
        assert order.status is OrderStatus.ACCEPTED
        assert orders_sent(venue) == [order.request.order_link_id]
        second.broker.close()
    database.dispose()


def test_what_filled_and_closed_while_nobody_ran_is_booked_and_ties_to_the_wallet(
    database: Database,
) -> None:
    with bybit_venue() as venue:
        before = venue.bybit.balance().wallet
        first = Process(venue, database)
        first.candle_at(50_100.0, first.armed())
        first.broker.close()
        venue.move(49_950.0)
        second = Process(venue, database)
        (trade,) = second.engine.open_trades
        assert trade.entry_price == Decimal(50_000)
        second.broker.close()
        venue.move(49_700.0)
        third = Process(venue, database)
        assert third.engine.open_trades == ()
        third.broker.close()
        fourth = Process(venue, database)
        after = fourth.broker.balance().wallet
        fourth.broker.close()
        assert fourth.journal.load_book().open_trades == ()
    closed = _trades(database)
    database.dispose()
    assert [row["status"] for row in closed] == [TradeStatus.CLOSED.value]
    assert Decimal(closed[0]["net_pnl"]) == after - before


def test_an_account_switched_to_hedge_mode_halts_and_its_entry_follows_the_next_start(
    database: Database,
) -> None:
    with bybit_venue() as venue:
        first = Process(venue, database)
        with venue.account() as side:
            side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        with pytest.raises(NotFitToTrade, match="one-way"):
            first.candle_at(50_100.0, first.armed())
        with pytest.raises(NotFitToTrade):
            first.trading.reconcile(venue.now())
        first.broker.close()
        second = Process(venue, database)
        (order,) = second.engine.resting_orders
        assert order.status is OrderStatus.ACCEPTED
        assert orders_sent(venue) == [order.request.order_link_id]
        second.broker.close()
    database.dispose()


def _trades(database: Database) -> list[dict[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(text("SELECT status, net_pnl FROM paper_trades")).mappings()
        return [dict(row) for row in rows]
