"""The ledger ties to the cent, and the first difference is named."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from src.domain.order import Fill, FillReason, FundingPayment, Order, OrderStatus
from src.domain.trade import Trade
from src.engine.account_book import LedgerReport, check_ledger
from src.engine.lifecycle import close_trade, fund_trade, open_trade
from tests.unit.engine.builders import NOON, fill_of, request

OPENING = Decimal(1000)
Story = tuple[list[Trade], list[Fill], list[FundingPayment], Decimal]


def story(prices: list[tuple[str, str, str, bool]]) -> Story:
    """Trades of (exit price, fee, funding, closed) with their executions and the wallet after."""
    trades, fills, payments, wallet = [], [], [], OPENING
    for number, (price, fee, funding, closed) in enumerate(prices):
        entry = request(order_link_id=f"BTCUSDT-{number}-1")
        fill = fill_of(entry, fee=fee, slippage="0.01")
        trade = open_trade(Order(entry, OrderStatus.ACCEPTED), fill, Decimal(10))
        fills.append(fill)
        payment = FundingPayment(
            f"funding-{number}", entry.order_link_id, "BTCUSDT", Decimal(0), Decimal(funding), NOON
        )
        payments.append(payment)
        trade = fund_trade(trade, payment)
        wallet += payment.amount - fill.fee
        if closed:
            left = fill_of(entry, FillReason.STOP, price, fee)
            fills.append(left)
            trade = close_trade(trade, left)
            wallet += trade.gross_pnl - left.fee
        trades.append(trade)
    return trades, fills, payments, wallet


def checked(told: Story) -> LedgerReport:
    trades, fills, payments, wallet = told
    return check_ledger(trades, fills, payments, OPENING, wallet)


money = st.decimals(Decimal(-3), Decimal(3), places=8).map(str)
stories = st.lists(
    st.tuples(
        st.decimals(Decimal(49_000), Decimal(51_000), places=1).map(str),
        st.decimals(Decimal(0), Decimal(2), places=8).map(str),
        money,
        st.booleans(),
    ),
    max_size=12,
).map(story)


@given(stories)
def test_what_the_engine_books_ties_to_the_last_digit(told: Story) -> None:
    report = checked(told)
    assert report.differences == ()
    assert report.expected == report.wallet
    assert report.total.net == report.wallet - OPENING


@given(stories, st.decimals(Decimal("0.01"), Decimal(5), places=2), st.booleans())
def test_a_missing_cent_is_told(told: Story, amount: Decimal, less: bool) -> None:
    trades, fills, payments, wallet = told
    changed = wallet - amount if less else wallet + amount
    (sentence,) = checked((trades, fills, payments, changed)).differences
    assert f"{changed - wallet:+.8f} unexplained" in sentence


def test_the_first_trade_that_differs_is_named_first() -> None:
    trades, fills, payments, wallet = story([("49800.0", "0.3", "0", True)] * 2)
    trades[1] = replace(trades[1], fees=trades[1].fees + 1)
    (sentence,) = checked((trades, fills, payments, wallet)).differences
    assert sentence == (
        "BTCUSDT-1-1 (BTCUSDT): fees of +1.60000000 stored with the trade, its executions add "
        "up to +0.60000000: -1.00000000."
    )


def test_executions_that_are_missing_or_belong_to_nobody_are_named() -> None:
    trades, fills, payments, wallet = story([("49800.0", "0.3", "0", True)] * 2)
    lost = checked((trades, fills[:-1], payments, wallet)).differences
    assert lost[0] == "BTCUSDT-1-1 (BTCUSDT): its exit executions are not 0.03."
    orphans = checked((trades[:1], fills, payments, wallet)).differences
    assert orphans[0] == "BTCUSDT-1-1: executions are stored, but no trade."
