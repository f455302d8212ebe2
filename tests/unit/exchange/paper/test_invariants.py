"""What must hold on any market, in any order of facts, across any restart."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.candle import Candle, Tick
from src.domain.errors import TradingSystemError
from src.domain.order import (
    Direction,
    Fill,
    FillReason,
    FundingPayment,
    Order,
    OrderKind,
    OrderRequest,
)
from src.exchange.paper import PaperBroker
from tests.unit.exchange.paper.venue import (
    FREE,
    INSTRUMENTS,
    STEP,
    USUAL,
    candle,
    entry,
    show,
    venue,
)

Report = Fill | FundingPayment | Order
Action = Candle | Tick | OrderRequest | str
"""A fact to observe, an entry to submit or the id of an order to cancel."""

BARS = 120
SEEDS = st.integers(min_value=0, max_value=2**32)


def random_candle(dice: Random, bar: int, symbol: str, opened: float) -> Candle:
    path = [opened]
    for _ in range(4):
        path.append(round(max(path[-1] + dice.gauss(0, 0.7), 20.0), 1))
    return candle(bar, (opened, max(path), min(path), path[-1]), symbol)


def ticks_within(dice: Random, seen: Candle) -> list[Action]:
    """Some prices of a candle as ticks, the mark near the last."""
    times = sorted(dice.sample(range(STEP), dice.randint(0, 6)))
    prices = [round(dice.uniform(seen.low, seen.high), 1) for _ in times]
    next_funding = (seen.open_time // (96 * STEP) + 1) * 96 * STEP
    return [
        Tick(
            seen.symbol,
            seen.open_time + time,
            price,
            round(price + dice.uniform(-0.2, 0.2), 2),
            price,
            price,
            round(dice.uniform(-0.001, 0.001), 6),
            next_funding,
        )
        for time, price in zip(times, prices, strict=True)
    ]


def random_entry(dice: Random, name: str, near: Candle) -> OrderRequest:
    direction = dice.choice(list(Direction))
    price = Decimal(repr(round(near.close - direction * dice.uniform(-0.5, 2), 1)))
    return entry(
        order_link_id=name,
        symbol=near.symbol,
        direction=direction,
        kind=dice.choice(list(OrderKind)),
        quantity=Decimal(dice.randint(1, 40)) / 10,
        price=price,
        stop_loss=price - direction * Decimal(dice.randint(1, 40)) / 10,
        take_profit=price + direction * Decimal(dice.randint(1, 60)) / 10,
        placed_at=near.close_time + dice.choice([0, 0, 700]),
    )


def random_script(seed: int, with_ticks: bool) -> list[Action]:
    """A day and more of a volatile market on two symbols, with entries and withdrawals."""
    dice = Random(seed)
    last = dict.fromkeys(INSTRUMENTS, 100.0)
    script: list[Action] = []
    names: list[str] = []
    for bar in range(BARS):
        for symbol in INSTRUMENTS:
            gap = round(dice.choice([0, 0, 0, dice.gauss(0, 2)]), 1)
            opened = round(max(last[symbol] + gap, 20.0), 1)
            seen = random_candle(dice, bar, symbol, opened)
            if with_ticks and dice.random() < 0.8:
                script += ticks_within(dice, seen)
            script.append(seen)
            last[symbol] = seen.close
            if dice.random() < 0.3:
                names.append(f"order-{len(names)}")
                script.append(random_entry(dice, names[-1], seen))
            if names and dice.random() < 0.1:
                script.append(dice.choice(names))
    return script


def perform(broker: PaperBroker, action: Action) -> None:
    if isinstance(action, str):
        broker.cancel(action)
    elif isinstance(action, OrderRequest):
        broker.submit(action)
    else:
        broker.observe(action)


def reports_of(script: list[Action]) -> list[Report]:
    broker = venue(USUAL)
    for action in script:
        perform(broker, action)
    return broker.drain()


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans())
def test_money_is_conserved_at_every_moment(seed: int, with_ticks: bool) -> None:
    """wallet = initial + gross - fees + funding, to the last digit."""
    broker = venue(USUAL)
    expected = Decimal(1000)
    opened: dict[str, Fill] = {}
    for action in random_script(seed, with_ticks):
        perform(broker, action)
        for report in broker.drain():
            if isinstance(report, FundingPayment):
                expected += report.amount
            if isinstance(report, Fill):
                expected -= report.fee
                if report.reason is FillReason.ENTRY:
                    opened[report.order_link_id] = report
                else:
                    bought = opened.pop(report.order_link_id)
                    gain = (report.price - bought.price) * int(bought.direction)
                    expected += gain * bought.quantity
        balance = broker.balance()
        assert balance.wallet == expected
        assert balance.available >= 0
    assert len(opened) <= len(INSTRUMENTS)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans())
def test_an_order_enters_once_and_leaves_once(seed: int, with_ticks: bool) -> None:
    reports = reports_of(random_script(seed, with_ticks))
    names = [r.execution_id for r in reports if not isinstance(r, Order)]
    assert len(names) == len(set(names))
    fills = [report for report in reports if isinstance(report, Fill)]
    entered = [fill.order_link_id for fill in fills if fill.reason is FillReason.ENTRY]
    left = [fill.order_link_id for fill in fills if fill.reason is not FillReason.ENTRY]
    assert len(entered) == len(set(entered))
    assert len(left) == len(set(left))
    assert set(left) <= set(entered)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.booleans())
def test_a_restart_anywhere_changes_nothing(seed: int, with_ticks: bool) -> None:
    """A venue restored from its state between random actions reports the same."""
    script, dice = random_script(seed, with_ticks), Random(seed)
    restarted = venue(USUAL)
    uninterrupted = venue(USUAL)
    for action in script:
        if dice.random() < 0.3:
            restarted = venue(USUAL, restarted.snapshot(), balance="77")
        perform(restarted, action)
        perform(uninterrupted, action)
        assert restarted.balance() == uninterrupted.balance()
        if dice.random() < 0.5:
            assert restarted.drain() == uninterrupted.drain()
    assert restarted.snapshot() == uninterrupted.snapshot()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_repeating_every_action_changes_nothing(seed: int) -> None:
    """Candles seen again, orders sent again, withdrawals sent again: as once."""
    script = random_script(seed, with_ticks=False)
    doubled = [action for action in script for _ in range(2)]
    assert reports_of(doubled) == reports_of(script)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_fills_are_never_better_than_the_market_allowed(seed: int) -> None:
    """Every fill lies inside its candle, a tick and a basis point of slippage aside."""
    broker = venue(USUAL)
    for action in random_script(seed, with_ticks=False):
        perform(broker, action)
        for fill in (r for r in broker.drain() if isinstance(r, Fill)):
            assert isinstance(action, Candle)
            if fill.reason is FillReason.LIQUIDATION:
                continue
            allowed = Decimal("0.1") + Decimal(repr(action.high)) * USUAL.slippage_rate
            assert Decimal(repr(action.low)) - allowed <= fill.price
            assert fill.price <= Decimal(repr(action.high)) + allowed
            assert fill.slippage >= 0
            assert fill.price % Decimal("0.1") == 0


def test_the_snapshot_is_the_same_text_while_nothing_happens() -> None:
    broker = venue()
    broker.observe(candle(0, (102, 103, 101, 102)))
    assert broker.snapshot() is broker.snapshot()
    assert broker.drain() == []
    first = broker.snapshot()
    broker.cancel("never-was")
    assert broker.snapshot() is first


def test_undrained_reports_survive_a_restart() -> None:
    broker = venue(FREE)
    broker.submit(entry())
    broker.observe(candle(0, (102, 103, 94, 101)))
    restored = venue(FREE, broker.snapshot())
    assert [type(report) for report in restored.drain()] == [Fill, Fill]
    assert venue(FREE, restored.snapshot()).drain() == []


def test_ended_orders_are_remembered_but_not_without_end() -> None:
    broker = venue()
    for number in range(100):
        broker.submit(entry(order_link_id=f"order-{number}", leverage=Decimal(99)))
    assert broker.order("order-99") is not None
    assert broker.order("order-0") is None
    assert show(broker, [candle(0, (102, 103, 90, 101))]) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version":1}', '{"version":2}'])
def test_an_unreadable_state_is_a_sentence(text: str) -> None:
    with pytest.raises(TradingSystemError, match="paper venue's stored state"):
        venue(state=text)
