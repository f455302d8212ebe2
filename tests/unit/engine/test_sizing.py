from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from src.domain.errors import RefusedOrder
from src.domain.instrument import Instrument
from src.domain.order import Direction, OrderKind
from src.engine.entry_rules import Planned, stands_on_its_sides
from src.engine.sizing import (
    EntryPlan,
    RiskSettings,
    Room,
    initial_margin,
    loss_if_stopped,
    plan_entry,
    size_entry,
    size_note,
)
from tests.unit.engine.builders import SETTINGS, instrument, setup

TICKS = st.sampled_from(["0.1", "0.5", "0.01", "0.0001"])
STEPS = st.sampled_from(["0.001", "0.01", "1"])
DIRECTIONS = st.sampled_from(list(Direction))
KINDS = st.sampled_from(list(OrderKind))
EQUITIES = st.decimals(min_value=10, max_value=10_000_000, places=8)
ROOMY = Decimal(10) ** 15


@st.composite
def plans(draw: st.DrawFn) -> EntryPlan:
    rules = instrument(tick=draw(TICKS), step=draw(STEPS))
    entry = draw(st.floats(min_value=5, max_value=100_000))
    stop_distance = draw(st.floats(min_value=0.0005, max_value=0.2)) * entry
    target_distance = draw(st.floats(min_value=0.001, max_value=0.5)) * entry
    direction = draw(DIRECTIONS)
    try:
        return plan_entry(
            setup(
                direction=direction,
                kind=draw(KINDS),
                entry=entry,
                stop=entry - direction * stop_distance,
                target=entry + direction * target_distance,
            ),
            rules,
        )
    except RefusedOrder:
        assume(False)
        raise


def realised_loss(plan: EntryPlan, settings: RiskSettings, quantity: Decimal) -> Decimal:
    """The loss written out step by step, as a venue would book it: an independent account."""
    rules, sign = plan.instrument, int(plan.direction)
    rate = settings.slippage_rate

    def worse(price: Decimal, buying: bool) -> Decimal:
        slipped = price * (1 + rate if buying else 1 - rate)
        return rules.price_up(slipped) if buying else rules.price_down(slipped)

    entered = plan.entry if plan.kind is OrderKind.LIMIT else worse(plan.entry, sign > 0)
    left = worse(plan.stop, sign < 0)
    step = Decimal("0.00000001")
    fees = [
        (price * quantity * settings.taker_fee_rate).quantize(step, ROUND_CEILING)
        for price in (entered, left)
    ]
    return (entered - left) * sign * quantity + sum(fees)


@settings(deadline=None)
@given(plans(), EQUITIES)
def test_a_stopped_trade_never_loses_more_than_the_risk(plan: EntryPlan, equity: Decimal) -> None:
    """After rounding, fees on both sides and slippage."""
    try:
        size = size_entry(plan, SETTINGS, Room(equity, ROOMY, ROOMY))
    except RefusedOrder:
        return
    budget = equity * SETTINGS.risk_per_trade
    assert realised_loss(plan, SETTINGS, size.quantity) <= budget
    assert loss_if_stopped(plan, SETTINGS, size.quantity) <= budget


@settings(deadline=None)
@given(plans(), EQUITIES)
def test_the_risk_is_used_up_to_one_quantity_step(plan: EntryPlan, equity: Decimal) -> None:
    """One step more would exceed the risk, unless the exchange's maximum ended it."""
    try:
        size = size_entry(plan, SETTINGS, Room(equity, ROOMY, ROOMY))
    except RefusedOrder:
        return
    rules = plan.instrument
    if size.quantity + rules.quantity_step > rules.max_quantity:
        return
    larger = loss_if_stopped(plan, SETTINGS, size.quantity + rules.quantity_step)
    assert larger > equity * SETTINGS.risk_per_trade - Decimal("0.00000002")


@settings(deadline=None)
@given(plans(), st.integers(min_value=2, max_value=1000))
def test_the_last_cent_decides(plan: EntryPlan, steps: int) -> None:
    """Equity that just pays for a quantity buys it; the smallest amount less does not."""
    rules = plan.instrument
    quantity = min(steps * rules.quantity_step, rules.max_quantity)
    equity = loss_if_stopped(plan, SETTINGS, quantity) / SETTINGS.risk_per_trade
    less = equity - Decimal("0.00000001")
    if (quantity - rules.quantity_step) * plan.entry < rules.min_notional:
        return
    assert size_entry(plan, SETTINGS, Room(equity, ROOMY, ROOMY)).quantity == quantity
    smaller = size_entry(plan, SETTINGS, Room(less, ROOMY, ROOMY)).quantity
    assert smaller == quantity - rules.quantity_step


@settings(deadline=None)
@given(plans(), EQUITIES, EQUITIES, EQUITIES)
def test_a_size_respects_every_limit_and_every_step(
    plan: EntryPlan, equity: Decimal, notional: Decimal, margin: Decimal
) -> None:
    try:
        size = size_entry(plan, SETTINGS, Room(equity, notional, margin))
    except RefusedOrder:
        return
    rules = plan.instrument
    assert size.quantity % rules.quantity_step == 0
    assert rules.min_quantity <= size.quantity <= rules.max_quantity
    assert size.quantity * plan.entry >= rules.min_notional
    assert size.quantity * plan.entry <= notional
    assert size.quantity * plan.entry / SETTINGS.max_leverage <= margin


@settings(deadline=None)
@given(plans(), EQUITIES)
def test_an_unlimited_size_names_no_limit(plan: EntryPlan, equity: Decimal) -> None:
    try:
        size = size_entry(plan, SETTINGS, Room(equity, ROOMY, ROOMY))
    except RefusedOrder:
        return
    assert size.limited_by is None or size.quantity == plan.instrument.max_quantity


@pytest.mark.parametrize(
    ("direction", "prices", "on_ticks"),
    [
        (Direction.LONG, (100.04, 98.07, 104.09), ("100.1", "98.0", "104.0")),
        (Direction.SHORT, (100.06, 102.03, 96.01), ("100.0", "102.1", "96.1")),
        (Direction.LONG, (100.1, 98.1, 104.1), ("100.1", "98.1", "104.1")),
    ],
)
def test_prices_are_rounded_against_us(
    direction: Direction, prices: tuple[float, float, float], on_ticks: tuple[str, str, str]
) -> None:
    """Entries dearer, stops farther, targets nearer; prices on ticks stay."""
    entry, stop, target = prices
    plan = plan_entry(
        setup(direction=direction, entry=entry, stop=stop, target=target), instrument()
    )
    assert (plan.entry, plan.stop, plan.target) == tuple(map(Decimal, on_ticks))


@settings(deadline=None)
@given(
    plan=plans(),
    level=st.floats(min_value=5, max_value=1000),
    ticks=st.integers(min_value=-30, max_value=30),
)
def test_rounding_changes_no_decision_of_a_market_that_trades_in_ticks(
    plan: EntryPlan, level: float, ticks: int
) -> None:
    """low < entry, low <= stop and high > target hold for rounded prices exactly when before."""
    rules = plan.instrument
    exact = Decimal(repr(level))
    price = rules.price_down(exact) + ticks * rules.tick_size
    assert (price < rules.price_up(exact)) == (price < exact)
    assert (price <= rules.price_down(exact)) == (price <= exact)
    assert (price > rules.price_down(exact)) == (price > exact)


@pytest.mark.parametrize(
    ("update", "sentence"),
    [
        (setup(entry=100.0, stop=100.2), "not on the losing side"),
        (setup(entry=100.0, stop=99.0, target=100.05), "not on the winning side"),
        (setup(entry=100.0, stop=100.0), "not on the losing side"),
        (setup(entry=100.0, stop=99.0, target=100.0), "not on the winning side"),
        (setup(direction=Direction.SHORT, entry=100.0, stop=100.0, target=98.0), "losing side"),
        (setup(direction=Direction.SHORT, entry=100.0, stop=99.0, target=98.0), "losing side"),
        (setup(direction=Direction.SHORT, entry=100.0, stop=102.0, target=101.0), "winning side"),
        (setup(entry=float("nan")), "no usable prices"),
        (setup(stop=0.0), "no usable prices"),
        (setup(stop=float("inf")), "no usable prices"),
        (setup(target=float("inf")), "no usable prices"),
        (setup(entry=0.5, stop=0.05, target=1.0), "not above zero"),
    ],
)
def test_impossible_prices_are_refused_with_a_sentence(update: object, sentence: str) -> None:
    with pytest.raises(RefusedOrder, match=sentence):
        plan_entry(update, instrument())  # type: ignore[arg-type]  # parametrised SetupUpdate


@settings(deadline=None)
@given(DIRECTIONS, *[st.integers(-1, 4)] * 3)
def test_live_trading_refuses_the_levels_that_a_backtest_refuses(
    direction: Direction, entry: int, stop: int, target: int
) -> None:
    """Levels in ticks of a tenth."""
    update = setup(direction=direction, entry=entry / 10, stop=stop / 10, target=target / 10)
    try:
        plan_entry(update, instrument())
    except RefusedOrder:
        stands = False
    else:
        stands = True
    assert stands_on_its_sides(Planned(int(direction), 0, entry, stop, target)) is stands


def _plan(rules: Instrument | None = None) -> EntryPlan:
    return plan_entry(setup(), rules or instrument())


def test_a_size_beyond_the_leverage_limit_is_reduced_and_says_so() -> None:
    size = size_entry(_plan(), SETTINGS, Room(Decimal(1000), Decimal(1000), ROOMY))
    assert size.quantity == Decimal("0.020")
    assert size.limited_by == "the leverage limit of 10x"


def test_a_limit_that_just_leaves_room_for_the_whole_risk_is_not_named() -> None:
    plan = _plan()
    whole = size_entry(plan, SETTINGS, Room(Decimal(1000), ROOMY, ROOMY))
    value = whole.quantity * plan.entry
    assert size_entry(plan, SETTINGS, Room(Decimal(1000), value, ROOMY)) == whole
    less = size_entry(plan, SETTINGS, Room(Decimal(1000), value - Decimal("0.01"), ROOMY))
    assert less.quantity == whole.quantity - plan.instrument.quantity_step
    assert less.limited_by == "the leverage limit of 10x"


def test_a_size_beyond_the_free_margin_is_reduced_and_says_so() -> None:
    size = size_entry(_plan(), SETTINGS, Room(Decimal(1000), ROOMY, Decimal(100)))
    assert size.quantity == Decimal("0.019")
    assert size.limited_by == "the free margin"


def test_a_size_beyond_the_largest_order_is_reduced_and_says_so() -> None:
    rules = replace(instrument(), max_quantity=Decimal("0.0125"))
    size = size_entry(_plan(rules), SETTINGS, Room(Decimal(1000), ROOMY, ROOMY))
    assert size.quantity == Decimal("0.012")
    assert size_note(size.limited_by) == (
        "The size was reduced by the largest order that the exchange accepts."
    )
    poorer = size_entry(_plan(rules), SETTINGS, Room(Decimal(1000), Decimal(500), ROOMY))
    assert poorer.limited_by == "the leverage limit of 10x"


@pytest.mark.parametrize(
    ("room", "sentence"),
    [
        (Room(Decimal(20), ROOMY, ROOMY), r"minimum of 0\.001"),
        (Room(Decimal(1000), Decimal(40), ROOMY), r"limited by the leverage limit"),
        (Room(Decimal(1000), Decimal(-5), ROOMY), r"the leverage limit of 10x is used up"),
        (Room(Decimal(1000), ROOMY, Decimal(0)), r"the free margin is used up"),
        (Room(Decimal(0), ROOMY, ROOMY), r"equity of the account is used up"),
    ],
)
def test_a_size_below_the_minimum_is_refused_with_the_reason(room: Room, sentence: str) -> None:
    with pytest.raises(RefusedOrder, match=sentence):
        size_entry(_plan(), SETTINGS, room)


def test_an_order_value_below_the_minimum_is_refused() -> None:
    cheap = setup(symbol="XRPUSDT", entry=0.5, stop=0.3, target=1.0)
    plan = plan_entry(cheap, instrument("XRPUSDT", "0.0001", "0.1"))
    # 1.5 at risk buys 7.4 that lose 0.2 each, and the costs.
    with pytest.raises(RefusedOrder, match=r"order value of 3\.7 is below the exchange's .* of 5"):
        size_entry(plan, SETTINGS, Room(Decimal(150), ROOMY, ROOMY))


@pytest.mark.parametrize(
    ("value", "leverage", "margin"),
    [
        ("1000", "4", "250"),
        ("1000", "3", "333.33333334"),
        ("1000", "2.5", "400"),
        ("0.123456789012", "2.5", "0.04938272"),
    ],
)
def test_a_margin_is_the_value_over_the_leverage_rounded_up(
    value: str, leverage: str, margin: str
) -> None:
    assert initial_margin(Decimal(value), Decimal(leverage)) == Decimal(margin)
