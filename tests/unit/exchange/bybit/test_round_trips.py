"""Executions in any order, any number of times and in any pieces make the same fills."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from src.domain.order import Direction, Fill, FillReason, FundingPayment
from src.exchange.bybit.orders import Execution
from src.exchange.bybit.round_trips import ExecutionBook

WHOLE = Decimal(6)
LONG, SHORT = Direction.LONG, Direction.SHORT


def execution(
    identity: str,
    side: Direction,
    quantity: int | Decimal,
    time: int,
    *,
    order: str = "entry",
    closed: int | Decimal = 0,
    reason: FillReason = FillReason.MANUAL,
    kind: str = "Trade",
    asked: int | Decimal = WHOLE,
    price: int = 100,
) -> Execution:
    return Execution(
        execution_id=identity,
        order_id=order,
        order_link_id="entry" if order == "entry" else "",
        symbol="BTCUSDT",
        side=side,
        kind=kind,
        reason=reason,
        order_quantity=Decimal(asked),
        quantity=Decimal(quantity),
        closed=Decimal(closed),
        price=Decimal(price),
        fee=Decimal(quantity) / 10,
        fee_rate=Decimal("0.0001"),
        is_maker=False,
        time=time,
        sequence=time,
    )


TRIP = [
    execution("e1", LONG, 1, 1, price=99),
    execution("e2", LONG, 2, 2, price=100),
    execution("f1", LONG, 3, 3, order="f", kind="Funding"),
    execution("e3", LONG, 3, 4, price=101),
    execution("x1", SHORT, 4, 5, order="stop", closed=4, reason=FillReason.STOP, price=90),
    execution("x2", SHORT, 2, 6, order="stop", closed=2, reason=FillReason.STOP, price=87),
]


def told(book: ExecutionBook, ended: dict[str, Decimal] | None = None) -> list[object]:
    return list(book.reports(ended or {}, lambda _: None))


@given(st.permutations(TRIP * 2), st.sets(st.integers(0, 11)))
def test_order_repetition_and_the_moments_of_asking_do_not_matter(
    arriving: list[Execution], asked_after: set[int]
) -> None:
    book = ExecutionBook()
    facts: list[object] = []
    for index, one in enumerate(arriving):
        book.add(one)
        if index in asked_after:
            facts += told(book)
    facts += told(book)
    fills = {fact.reason: fact for fact in facts if isinstance(fact, Fill)}
    (payment,) = [fact for fact in facts if isinstance(fact, FundingPayment)]
    assert len(facts) == 3
    entry, stop = fills[FillReason.ENTRY], fills[FillReason.STOP]
    assert (entry.execution_id, stop.execution_id) == ("e3", "x2")
    assert entry.price == Decimal(99 + 200 + 303) / 6
    assert stop.price == Decimal(360 + 174) / 6
    assert entry.fee == stop.fee == Decimal("0.6")
    assert {fact.order_link_id for fact in (entry, stop, payment)} == {"entry"}
    assert book.sizes()["BTCUSDT"] == 0


def test_the_end_of_an_order_may_be_heard_of_before_its_last_execution() -> None:
    book = ExecutionBook()
    book.add(TRIP[0])
    assert told(book, {"entry": Decimal(3)}) == []
    book.add(TRIP[1])
    (fill,) = told(book, {"entry": Decimal(3)})
    assert isinstance(fill, Fill)
    assert fill.quantity == 3


def test_an_exit_is_told_when_the_position_is_flat_and_not_before() -> None:
    book = ExecutionBook()
    for one in TRIP[:5]:
        book.add(one)
    assert [type(fact) for fact in told(book)] == [FundingPayment, Fill]
    assert told(book) == []
    assert book.sizes()["BTCUSDT"] == 2


def test_what_was_booked_before_a_restart_is_not_told_again() -> None:
    book = ExecutionBook(["e3", "f1"])
    for one in TRIP:
        book.add(one)
    (fill,) = told(book)
    assert isinstance(fill, Fill)
    assert fill.execution_id == "x2"


def test_an_exit_of_a_position_nobody_knows_is_left_out() -> None:
    book = ExecutionBook()
    book.add(TRIP[4])
    assert told(book) == []
    assert book.sizes()["BTCUSDT"] == 0


def test_one_execution_may_close_a_position_and_open_the_opposite_one() -> None:
    book = ExecutionBook()
    book.add(execution("e", LONG, 6, 1))
    turning = execution("t", SHORT, 10, 2, order="other", closed=6, asked=10)
    book.add(replace(turning, order_link_id="second"))
    ended = {"second": Decimal(4)}
    facts = [fact for fact in told(book, ended) if isinstance(fact, Fill)]
    assert [(f.order_link_id, f.reason, f.quantity) for f in facts] == [
        ("entry", FillReason.ENTRY, Decimal(6)),
        ("entry", FillReason.MANUAL, Decimal(6)),
        ("second", FillReason.ENTRY, Decimal(4)),
    ]
    assert book.sizes()["BTCUSDT"] == -4
    assert told(book, ended) == []


def test_other_orders_that_add_to_a_position_do_not_change_its_entry() -> None:
    book = ExecutionBook()
    book.add(execution("e", LONG, 6, 1))
    (entry,) = told(book)
    book.add(execution("more", LONG, 2, 2, order="by hand", asked=2))
    assert told(book) == []
    assert isinstance(entry, Fill)
    assert book.sizes()["BTCUSDT"] == 8


def test_an_exit_of_more_than_was_entered_is_told_with_the_share_of_its_own_entry() -> None:
    book = ExecutionBook()
    book.add(execution("e", LONG, 6, 1))
    book.add(execution("more", LONG, 2, 2, order="by hand", asked=2))
    book.add(execution("x", SHORT, 8, 3, order="stop", closed=8))
    _, left = told(book)
    assert isinstance(left, Fill)
    assert (left.quantity, left.fee) == (WHOLE, Decimal("0.6"))


def test_executions_that_are_no_trades_are_not_taken() -> None:
    assert not ExecutionBook().add(execution("d", LONG, 1, 1, kind="Delivery"))


def test_a_position_left_while_its_entry_rests_is_named_until_the_entry_ends() -> None:
    book = ExecutionBook()
    book.add(TRIP[0])
    book.add(execution("x", SHORT, 1, 5, order="stop", closed=1, reason=FillReason.STOP))
    assert book.half_left({}) == ["entry"]
    assert told(book) == []
    assert book.half_left({"entry": Decimal(1)}) == []
    assert len(told(book, {"entry": Decimal(1)})) == 2


def test_an_entry_that_fills_on_after_its_first_part_was_left_is_one_trade() -> None:
    book = ExecutionBook()
    first = [
        execution("e1", LONG, 2, 1, price=100),
        execution("x1", SHORT, 2, 2, order="target", closed=2, price=110),
    ]
    rest = [
        execution("e2", LONG, 4, 3, price=103),
        execution("x2", SHORT, 4, 4, order="stop", closed=4, reason=FillReason.STOP, price=95),
    ]
    for one in (*first, *rest):
        book.add(one)
    entry, left = told(book, {"entry": WHOLE})
    assert isinstance(entry, Fill)
    assert isinstance(left, Fill)
    assert (entry.quantity, entry.price) == (WHOLE, Decimal(200 + 412) / 6)
    assert (left.quantity, left.price) == (WHOLE, Decimal(220 + 380) / 6)
    assert left.reason is FillReason.STOP


def test_an_entry_that_joins_a_position_of_another_hand_is_told_with_its_own_share() -> None:
    book = ExecutionBook()
    book.add(execution("h", LONG, 2, 1, order="by hand", asked=2))
    book.add(execution("part", SHORT, 1, 2, order="by hand too", closed=1, price=500))
    book.add(execution("f", LONG, 1, 3, order="", kind="Funding"))
    book.add(execution("e", LONG, 6, 4))
    book.add(execution("x", SHORT, 7, 5, order="stop", closed=7, price=90))
    entry, left = told(book)
    assert isinstance(entry, Fill)
    assert isinstance(left, Fill)
    assert (entry.order_link_id, entry.quantity, entry.price) == ("entry", WHOLE, Decimal(100))
    assert (left.order_link_id, left.quantity, left.price) == ("entry", WHOLE, Decimal(90))
    assert left.fee == Decimal("0.6")


def test_an_entry_that_turns_a_position_of_another_hand_is_told_with_what_it_opened() -> None:
    book = ExecutionBook()
    book.add(execution("h", SHORT, 2, 1, order="by hand", asked=2))
    book.add(execution("e1", LONG, 1, 2, closed=1))
    book.add(execution("e2", LONG, 5, 3, closed=1))
    (entry,) = told(book)
    assert isinstance(entry, Fill)
    assert (entry.order_link_id, entry.quantity) == ("entry", Decimal(4))
    book.add(execution("x", SHORT, 4, 4, order="stop", closed=4))
    (left,) = told(book)
    assert isinstance(left, Fill)
    assert left.quantity == 4
    assert book.opened_nothing({"entry": WHOLE}) == []


def test_an_entry_that_only_reduced_a_position_of_another_hand_opened_nothing() -> None:
    book = ExecutionBook()
    book.add(execution("h", SHORT, 8, 1, order="by hand", asked=8))
    book.add(execution("e1", LONG, 5, 2, closed=5))
    assert book.opened_nothing({"entry": WHOLE}) == []
    book.add(execution("e2", LONG, 1, 3, closed=1))
    assert book.opened_nothing({"entry": WHOLE, "elsewhere": WHOLE, "empty": Decimal(0)}) == [
        "entry"
    ]
    assert told(book) == []


def test_what_a_finished_trip_leaves_behind_is_still_known_after_it_was_forgotten() -> None:
    book = ExecutionBook()
    book.add(execution("h", SHORT, 2, 1, order="by hand", asked=2))
    book.add(execution("turn", LONG, 3, 2, order="by hand too", closed=2, asked=3))
    book.add(execution("e", LONG, 6, 3))
    (entry,) = told(book)
    assert isinstance(entry, Fill)
    assert book.sizes()["BTCUSDT"] == 7
    assert told(book) == []
    assert book.sizes()["BTCUSDT"] == 7


def test_a_strangers_order_that_still_rests_holds_nothing_up() -> None:
    book = ExecutionBook()
    stranger = execution("s", LONG, 1, 1, order="stranger", asked=2)
    book.add(replace(stranger, order_link_id="stranger"))
    book.add(execution("x", SHORT, 1, 2, order="stop", closed=1))
    book.add(execution("e", LONG, 6, 3))
    (entry,) = told(book)
    assert isinstance(entry, Fill)
    assert entry.order_link_id == "entry"
