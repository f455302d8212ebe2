"""The exchange's statement names the trade that differs, and leaves what is under way alone."""

from dataclasses import replace
from decimal import Decimal

from src.domain.order import Fill, FillReason, FundingPayment, Order, OrderStatus
from src.domain.statement import StatementLine
from src.domain.trade import Trade, Transfer
from src.engine.account_book import LedgerReport, Statement, check_ledger
from src.engine.lifecycle import close_trade, fund_trade, open_trade
from tests.unit.engine.builders import NOON, fill_of, request

OPENING = Decimal(1000)
ENTRY = replace(fill_of(request(), fee="0.4"), execution_id="e1")
EXIT = replace(fill_of(request(), FillReason.TARGET, "50600.0", fee="0.5"), execution_id="e2")
PAID = FundingPayment("f1", request().order_link_id, "BTCUSDT", Decimal(0), Decimal("-0.2"), NOON)
OPEN = fund_trade(open_trade(Order(request(), OrderStatus.ACCEPTED), ENTRY, Decimal(10)), PAID)
CLOSED = close_trade(OPEN, EXIT)
NAME = f"{request().order_link_id} (BTCUSDT)"


def line(
    execution_id: str, *, size: str, cash: str = "0", fee: str = "0", funding: str = "0",
    link_id: str = "", symbol: str = "BTCUSDT",
) -> StatementLine:  # fmt: skip
    """A line of the statement; only what the check reads differs."""
    change = Decimal(cash) + Decimal(funding) - Decimal(fee)
    return StatementLine(
        f"line-{execution_id}", "TRADE", symbol, "Buy", Decimal(1), Decimal(size), Decimal(cash),
        Decimal(funding), Decimal(fee), change, Decimal(0), link_id, execution_id, NOON,
    )  # fmt: skip


GROSS = str(CLOSED.gross_pnl)
ENTERED = line("e1", size="1", fee="0.4", link_id=request().order_link_id)
FUNDED = line("f1", size="1", funding="-0.2")
LEFT = line("e2", size="0", cash=GROSS, fee="0.5")
STORY = [ENTERED, FUNDED, LEFT]


def checked(
    trade: Trade,
    fills: list[Fill],
    statement: list[StatementLine],
    transfers: tuple[Transfer, ...] = (),
    live: frozenset[str] = frozenset(),
) -> LedgerReport:
    """The check where the wallet is what the statement makes of it."""
    wallet = OPENING + sum((one.change for one in statement), Decimal(0))
    payments = [PAID] if trade.funding else []
    told = Statement([one for one in statement if one.symbol], live)
    return check_ledger([trade], fills, payments, OPENING, wallet, transfers, told)


def test_a_statement_that_says_the_same_ties() -> None:
    report = checked(CLOSED, [ENTRY, EXIT], STORY)
    assert report.differences == ()
    assert report.expected == report.wallet


def test_a_fee_that_the_journal_has_otherwise_is_named_with_its_trade() -> None:
    dearer = [replace(ENTERED, fee=Decimal("0.65"), change=Decimal("-0.65")), FUNDED, LEFT]
    first, second = checked(CLOSED, [ENTRY, EXIT], dearer).differences
    assert first.startswith(f"{NAME}: the exchange booked fees of +1.15")
    assert "+0.25000000." in first
    assert "-0.25000000 unexplained" in second


def test_funding_that_was_never_booked_is_named_with_its_trade() -> None:
    bare = open_trade(Order(request(), OrderStatus.ACCEPTED), ENTRY, Decimal(10))
    first, _ = checked(bare, [ENTRY], [ENTERED, FUNDED]).differences
    assert first.startswith(f"{NAME}: the exchange booked funding of -0.2")


def test_a_position_that_is_half_left_is_under_way_and_no_difference() -> None:
    half = line("piece", size="0.5", cash="7", fee="0.1")
    report = checked(OPEN, [ENTRY], [ENTERED, FUNDED, half])
    assert report.differences == ()
    assert report.unbooked == Decimal("6.9")


def test_an_entry_that_is_still_filling_is_under_way() -> None:
    filling = line("new", size="2", fee="0.3", link_id="next-1", symbol="ETHUSDT")
    report = checked(CLOSED, [ENTRY, EXIT], [*STORY, filling], live=frozenset({"next-1"}))
    assert report.differences == ()
    assert report.unbooked == Decimal("-0.3")


def test_trades_of_another_hand_are_told_by_symbol() -> None:
    strange = [
        line("x1", size="3", fee="1", symbol="ETHUSDT"),
        line("x2", size="0", cash="-4", fee="1", symbol="ETHUSDT"),
    ]
    first, second = checked(CLOSED, [ENTRY, EXIT], [*STORY, *strange]).differences
    assert first.startswith("ETHUSDT: 2 lines of the exchange's statement belong to no trade")
    assert first.endswith("-6.00000000.")
    assert "-6.0" in second


def test_half_a_story_is_not_compared() -> None:
    """The beginning of a trade is older than what the exchange still tells."""
    wallet = OPENING + CLOSED.realized_pnl
    for told in ([FUNDED, LEFT], [ENTERED]):
        report = check_ledger([CLOSED], [ENTRY, EXIT], [PAID], OPENING, wallet, (), Statement(told))
        assert report.differences == ()


def test_deposits_and_withdrawals_are_part_of_what_the_wallet_should_hold() -> None:
    transfers = (
        Transfer("t1", "TRANSFER_IN", Decimal(500), NOON),
        Transfer("t2", "BONUS_RECOLLECT", Decimal("-0.5"), NOON),
    )
    wallet = OPENING + CLOSED.realized_pnl + Decimal("499.5")
    report = check_ledger([CLOSED], [ENTRY, EXIT], [PAID], OPENING, wallet, transfers)
    assert report.differences == ()
    missing = check_ledger([CLOSED], [ENTRY, EXIT], [PAID], OPENING, wallet, transfers[:1])
    assert "-0.5" in missing.differences[0]
