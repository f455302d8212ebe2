"""What a stretch of prices does to the simulated account's orders and positions."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.exchange.paper import TradingCosts
from src.simulator.account.depth import Depth
from src.simulator.account.ledger import Ledger
from src.simulator.account.matching import Matcher, PriceRange, Window
from src.simulator.account.model import (
    AccountSettings,
    Execution,
    Protection,
    VenueOrder,
)
from src.simulator.account.protection import Protector
from src.simulator.book import LEVELS

SYMBOL = "BTCUSDT"
KEY = (SYMBOL, 0)
RULES = Instrument(
    SYMBOL, Decimal("0.1"), Decimal("0.001"), Decimal("0.001"), Decimal(100), Decimal(5),
    Decimal(50), 480,
)  # fmt: skip
NO_SLIPPAGE = TradingCosts(slippage_rate=Decimal(0))


@dataclass
class Desk:
    """An account whose mark is where the test puts it, with what was executed."""

    mark: Decimal = Decimal(100)
    executed: list[Execution] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = Ledger(AccountSettings("k", "s"), NO_SLIPPAGE, lambda _: self.mark)
        protector = Protector(
            self.ledger, lambda _: self.mark, lambda _: self.mark, lambda _: None, lambda _: None
        )
        depth = Depth(lambda _: RULES, lambda _: Decimal(4))
        self.matcher = Matcher(self.ledger, lambda _: RULES, depth, protector, self.executed.append)

    def place(
        self, side: Direction, quantity: int = 1, price: int | None = None, **more: object
    ) -> VenueOrder:
        order = VenueOrder(
            f"o{len(self.ledger.orders)}", "", self.ledger.next_sequence(), SYMBOL, 0, side,
            "Market" if price is None else "Limit", Decimal(quantity),
            None if price is None else Decimal(price),
            "IOC" if price is None else "GTC", False, 0,
        )  # fmt: skip
        for name, value in more.items():
            setattr(order, name, value)
        self.ledger.add(order)
        return order

    def pass_by(
        self, last: tuple[float, float, float], mark: tuple[float, float, float] | None = None
    ) -> None:
        prices = PriceRange(*last)
        marks = PriceRange(*(mark or last))
        self.matcher.match(SYMBOL, Window(prices, marks, 10, 20, gaps=True))

    def long_with(self, **levels: object) -> None:
        """A long from 100 with a stop at 90 and a target at 120 unless told otherwise."""
        usual: dict[str, object] = {"stop_loss": Decimal(90), "take_profit": Decimal(120)}
        protection = Protection(**(usual | levels))  # type: ignore[arg-type]  # named by the test
        self.place(Direction.LONG, protection=protection)
        self.pass_by((100, 100, 100))
        assert self.ledger.position(KEY).size == 1

    @property
    def last_exit(self) -> tuple[str, Decimal]:
        execution = self.executed[-1]
        return execution.order.stop_order_type, execution.price


@pytest.mark.parametrize("source", ["MarkPrice", "IndexPrice"])
def test_a_stop_on_the_mark_fires_by_the_mark_and_trades_at_the_last_price(source: str) -> None:
    desk = Desk()
    desk.long_with(stop_trigger=source)
    desk.pass_by((95, 95, 85), mark=(95, 95, 91))
    assert desk.ledger.position(KEY).size == 1
    desk.pass_by((95, 95, 95), mark=(89, 89, 89))
    assert desk.last_exit == ("StopLoss", Decimal("95.0"))


def test_a_stop_on_the_last_price_does_not_listen_to_the_mark() -> None:
    desk = Desk()
    desk.long_with()
    desk.pass_by((95, 95, 95), mark=(80, 80, 80))
    assert desk.ledger.position(KEY).size == 1


def test_a_target_may_listen_to_the_mark() -> None:
    desk = Desk()
    desk.long_with(target_trigger="MarkPrice")
    desk.pass_by((125, 125, 125), mark=(119, 119, 119))
    assert desk.ledger.position(KEY).size == 1
    desk.pass_by((118, 118, 118), mark=(121, 121, 121))
    assert desk.last_exit == ("TakeProfit", Decimal("118.0"))


def test_a_candle_that_holds_both_stop_and_target_is_a_stop() -> None:
    desk = Desk()
    desk.long_with()
    desk.pass_by((100, 130, 80))
    assert desk.last_exit == ("StopLoss", Decimal("90.0"))


def test_on_the_candle_that_fills_the_entry_only_the_stop_is_looked_at() -> None:
    target_too = Desk()
    protection = Protection(Decimal(90), Decimal(120))
    target_too.place(Direction.LONG, price=95, protection=protection)
    target_too.pass_by((100, 130, 94))
    assert target_too.ledger.position(KEY).size == 1
    stop_too = Desk()
    stop_too.place(Direction.LONG, price=95, protection=protection)
    stop_too.pass_by((100, 100, 85))
    assert stop_too.last_exit == ("StopLoss", Decimal("90.0"))


def test_a_gap_is_worse_for_a_stop_and_better_for_a_target_and_a_limit() -> None:
    stopped, won, entered = Desk(), Desk(), Desk()
    stopped.long_with()
    stopped.pass_by((80, 82, 79))
    assert stopped.last_exit == ("StopLoss", Decimal("80.0"))
    won.long_with()
    won.pass_by((125, 126, 124))
    assert won.last_exit == ("TakeProfit", Decimal("125.0"))
    order = entered.place(Direction.LONG, price=95)
    entered.pass_by((100, 100, 99))
    entered.pass_by((93, 94, 92))
    assert order.status == "Filled"
    assert entered.executed[-1].price == 93


def test_an_order_is_not_met_by_prices_older_than_itself() -> None:
    desk = Desk()
    order = desk.place(Direction.LONG, created=11)
    desk.pass_by((100, 100, 100))
    assert order.status == "New"


def test_a_stop_closes_its_whole_position_however_thin_the_book() -> None:
    desk = Desk()
    desk.long_with()
    more = desk.place(Direction.LONG, quantity=4 * LEVELS + 10, price=101)
    desk.pass_by((100, 100, 100))
    desk.pass_by((100.5, 100.5, 100))
    assert more.status == "Filled"
    desk.pass_by((89, 89, 89))
    assert desk.ledger.position(KEY).size == 0
    assert sum(e.quantity for e in desk.executed if e.closed) == 4 * LEVELS + 11


def test_an_order_that_closes_in_pieces_has_one_result_at_the_average_price() -> None:
    desk = Desk()
    desk.place(Direction.LONG, quantity=6)
    desk.pass_by((100, 100, 100))
    desk.place(Direction.SHORT, quantity=6)
    desk.pass_by((110, 110, 110))
    (closed,) = desk.ledger.closed.values()
    exits = [execution for execution in desk.executed if execution.closed]
    assert len(exits) == closed.fills == 2
    value = sum((e.price * e.quantity for e in exits), Decimal(0))
    assert round(closed.exit_price * 6, 10) == value
    assert round(desk.ledger.wallet, 10) == round(50_000 + closed.pnl, 10)


def test_each_level_is_a_tick_worse_and_none_is_worse_than_the_limit() -> None:
    def four(price: str) -> tuple[Decimal, Decimal]:
        return Decimal(4), Decimal(price)

    depth = Depth(lambda _: RULES, lambda _: Decimal(4))
    pieces = depth.pieces(SYMBOL, Direction.SHORT, Decimal(10), Decimal(100), None, False)
    assert pieces == [four("100"), four("99.9"), (Decimal(2), Decimal("99.8"))]
    bounded = depth.pieces(
        SYMBOL, Direction.LONG, Decimal(10), Decimal(100), Decimal("100.1"), False
    )
    assert bounded == [four("100"), four("100.1")]


def test_a_round_trip_through_zero_keeps_the_books_exact() -> None:
    desk = Desk()
    before = desk.ledger.wallet
    desk.place(Direction.LONG, quantity=2)
    desk.pass_by((100, 100, 100))
    desk.place(Direction.SHORT, quantity=3)
    desk.pass_by((110, 110, 110))
    position = desk.ledger.position(KEY)
    assert (position.size, position.entry_price) == (Decimal(-1), Decimal(110))
    fees = sum((e.fee for e in desk.executed), Decimal(0))
    assert desk.ledger.wallet == before + 20 - fees
    (closed,) = desk.ledger.closed.values()
    assert closed.pnl == 20 - closed.open_fee - closed.close_fee
