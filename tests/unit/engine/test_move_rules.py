"""Where a stop or a target may be moved to, for longs and shorts alike."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.errors import RefusedOrder
from src.domain.order import Direction, Order, OrderStatus
from src.domain.trade import Trade
from src.engine.lifecycle import open_trade
from src.engine.move_rules import MoveRules
from tests.unit.engine.builders import INSTRUMENTS, SETTINGS, account, fill_of, request


def rules() -> MoveRules:
    """The market trades at 50,100."""
    return MoveRules(SETTINGS, INSTRUMENTS, {"BTCUSDT": Decimal(50_100)})


def long() -> Trade:
    """0.03 at 50,000 with 10 at risk to 49,800."""
    entry = request()
    return open_trade(Order(entry, OrderStatus.ACCEPTED), fill_of(entry), Decimal(10))


def short() -> Trade:
    return replace(
        long(),
        direction=Direction.SHORT,
        stop_loss=Decimal(50_200),
        take_profit=Decimal(49_400),
    )


@pytest.mark.parametrize(
    ("trade", "price", "level"),
    [
        (long(), "49900.06", "49900.0"),
        (long(), "50050.01", "50050.1"),
        (short(), "50100.01", "50100.1"),
        (short(), "49950.06", "49950.0"),
    ],
)
def test_a_stop_goes_to_the_tick_away_from_the_entry(trade: Trade, price: str, level: str) -> None:
    assert rules().stop_level(trade, Decimal(price)) == Decimal(level)


@pytest.mark.parametrize(("trade", "level"), [(long(), "50500.0"), (short(), "50500.1")])
def test_a_target_goes_to_the_tick_that_receives_less(trade: Trade, level: str) -> None:
    assert rules().target_level(trade, Decimal("50500.04")) == Decimal(level)


@given(
    st.sampled_from([long(), short()]),
    st.decimals("0.001", "5", places=3),
    st.decimals("0", "60", places=2),
)
def test_leaving_at_break_even_pays_every_fee_and_at_most_a_tick_more(
    trade: Trade, quantity: Decimal, fees: Decimal
) -> None:
    trade = replace(trade, quantity=quantity, fees=fees)
    level = rules().stop_level(trade, None)
    gross = (level - trade.entry_price) * quantity * int(trade.direction)
    net = gross - fees - level * quantity * SETTINGS.taker_fee_rate
    tick = Decimal("0.1") * (1 + SETTINGS.taker_fee_rate)
    assert Decimal("-0.00000001") <= net <= tick * quantity + Decimal("0.00000001")


@pytest.mark.parametrize(
    ("trade", "stop", "words"),
    [
        (long(), "50100", "the stop of a long has to lie below the present price 50100"),
        (long(), "50100.1", "would not protect"),
        (short(), "50100", "the stop of a short has to lie above"),
        (short(), "50099.9", "would not protect"),
        (long(), "0", "would not protect"),
    ],
)
def test_a_stop_the_price_has_passed_is_refused(trade: Trade, stop: str, words: str) -> None:
    with pytest.raises(RefusedOrder, match=words):
        rules().check_stop(trade, Decimal(stop), account())


@pytest.mark.parametrize(
    ("trade", "target", "words"),
    [
        (long(), "50100", "the target of a long has to lie above the present price 50100"),
        (long(), "50099.9", "would be traded at once"),
        (short(), "50100", "the target of a short has to lie below"),
        (short(), "50100.1", "would be traded at once"),
        (short(), "0", "would be traded at once"),
    ],
)
def test_a_target_the_price_has_passed_is_refused(trade: Trade, target: str, words: str) -> None:
    with pytest.raises(RefusedOrder, match=words):
        rules().check_target(trade, Decimal(target))


def test_a_target_ahead_of_the_price_is_allowed() -> None:
    rules().check_target(long(), Decimal("50100.1"))
    rules().check_target(short(), Decimal("50099.9"))


def test_any_nearer_stop_is_allowed_however_poor_the_account_has_become() -> None:
    rules().check_stop(long(), Decimal("50099.9"), account("1"))
    rules().check_stop(long(), Decimal("49800.1"), account("1"))
    rules().check_stop(short(), Decimal("50199.9"), account("1"))


@pytest.mark.parametrize("trade", [long(), short()])
def test_a_stop_that_stays_where_it_is_is_always_allowed(trade: Trade) -> None:
    grown = replace(trade, quantity=Decimal(3))
    rules().check_stop(grown, grown.stop_loss, account("1"))


@pytest.mark.parametrize(
    ("stop", "equity", "allowed"),
    [("49750", "1000", True), ("49600", "1000", False), ("49600", "1500", True)],
)
def test_a_farther_stop_may_cost_what_one_trade_may_risk(
    stop: str, equity: str, allowed: bool
) -> None:
    trade = replace(long(), quantity=Decimal("0.03"))
    if allowed:
        rules().check_stop(trade, Decimal(stop), account(equity))
        return
    with pytest.raises(RefusedOrder, match=r"one trade may risk 10\.00"):
        rules().check_stop(trade, Decimal(stop), account(equity))


def test_a_stop_may_go_back_to_the_risk_its_trade_was_opened_with() -> None:
    tightened = replace(long(), stop_loss=Decimal(49_900))
    rules().check_stop(tightened, Decimal(49_800), account("900"))


def test_a_symbol_that_is_no_longer_traded_is_not_moved() -> None:
    with pytest.raises(RefusedOrder, match="no longer"):
        MoveRules(SETTINGS, {}, {}).stop_level(long(), Decimal(49_900))


def test_a_move_can_be_judged_once_a_price_was_seen() -> None:
    assert rules().sees(long())
    assert not MoveRules(SETTINGS, INSTRUMENTS, {}).sees(long())
