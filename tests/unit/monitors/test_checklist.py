"""The steps of a command: told before they are taken, done when the venue shows it."""

from decimal import Decimal

from src.domain.command import CommandStep, StepKind, StepState
from src.domain.order import Direction, Order, OrderKind, OrderRequest, OrderStatus
from src.domain.trade import Position
from src.monitors.checklist import FILLED_FIRST, Checklist

POSITION = Position(
    "ETHUSDT", Direction.SHORT, Decimal(2), Decimal(100), Decimal(101), Decimal(105), None
)


def entry(name: str) -> Order:
    request = OrderRequest(
        order_link_id=name,
        signal_id=f"signal of {name}",
        symbol="BTCUSDT",
        direction=Direction.LONG,
        kind=OrderKind.LIMIT,
        quantity=Decimal("0.5"),
        price=Decimal(100),
        stop_loss=Decimal(99),
        take_profit=Decimal(102),
        leverage=Decimal(1),
        placed_at=0,
    )
    return Order(request, OrderStatus.ACCEPTED)


def states(checklist: Checklist) -> list[tuple[str, str, str | None]]:
    return [(step.name, step.state.value, step.note) for step in checklist.steps]


def test_each_step_is_done_when_the_venue_shows_it_no_more() -> None:
    checklist = Checklist()
    checklist.withdraw([entry("o1"), entry("o2"), entry("o1")])
    checklist.close(POSITION)
    checklist.settle(resting={"o2"}, held={"ETHUSDT"}, filled=())
    assert states(checklist) == [
        ("o1", "done", None), ("o2", "waiting", None), ("ETHUSDT", "waiting", None),
    ]  # fmt: skip
    checklist.settle(resting=(), held=(), filled={"o2"})
    assert states(checklist)[1:] == [("o2", "done", FILLED_FIRST), ("ETHUSDT", "done", None)]


def test_a_refusal_stays_until_the_position_is_gone() -> None:
    checklist = Checklist()
    checklist.close(POSITION)
    checklist.refused("ETHUSDT", "Too small.")
    checklist.settle(resting=(), held={"ETHUSDT"}, filled=())
    assert states(checklist) == [("ETHUSDT", "refused", "Too small.")]
    checklist.settle(resting=(), held=(), filled=())
    assert states(checklist) == [("ETHUSDT", "done", None)]


def test_only_news_is_told_and_what_an_earlier_process_told_is_none() -> None:
    told = CommandStep(StepKind.ENTRY, "o1", "BTCUSDT", Direction.LONG, Decimal("0.5"))
    checklist = Checklist([told])
    checklist.withdraw([entry("o1")])
    assert checklist.news() is None
    checklist.settle(resting=(), held=(), filled=())
    news = checklist.news()
    assert news is not None
    assert [step.state for step in news] == [StepState.DONE]
    assert checklist.news() is None
