"""An exit read from closed P&L: only where that leaves no doubt."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.domain.order import Direction, FillReason
from src.exchange.bybit.closed_positions import exit_of
from tests.unit.database.facts import open_trade

LONG = replace(
    open_trade(1),
    direction=Direction.LONG,
    quantity=Decimal("0.5"),
    entry_price=Decimal(100),
    stop_loss=Decimal(98),
    take_profit=Decimal(106),
)


def row(size: str = "0.5", price: str = "101", **changes: str) -> dict[str, str]:
    """A reduction of a long that was entered at 100, as Bybit tells it."""
    left, entered = Decimal(size) * Decimal(price), Decimal(size) * 100
    usual = {
        "orderId": "order-1", "side": "Sell", "closedSize": size, "avgEntryPrice": "100",
        "cumEntryValue": str(entered), "cumExitValue": str(left), "openFee": "0.03",
        "closeFee": "0.02", "closedPnl": str(left - entered - Decimal("0.05")),
        "execType": "Trade", "updatedTime": "1772366400000",
    }  # fmt: skip
    return usual | changes


@pytest.mark.parametrize(
    ("price", "reason", "slippage"),
    [
        ("101", FillReason.MANUAL, "0"),
        ("97.5", FillReason.STOP, "0.25"),
        ("106.2", FillReason.TARGET, "0"),
    ],
)
def test_one_reduction_of_the_whole_is_the_exit(
    price: str, reason: FillReason, slippage: str
) -> None:
    fill = exit_of(LONG, [row(price=price)])
    assert fill is not None
    assert (fill.price, fill.quantity, fill.fee) == (Decimal(price), LONG.quantity, Decimal("0.02"))
    assert (fill.reason, fill.slippage) == (reason, Decimal(slippage))
    assert fill.time == 1_772_366_400_000


@pytest.mark.parametrize(
    ("price", "reason", "slippage"),
    [
        ("99", FillReason.MANUAL, "0"),
        ("102", FillReason.STOP, "0"),
        ("102.4", FillReason.STOP, "0.2"),
        ("94", FillReason.TARGET, "0"),
        ("93.5", FillReason.TARGET, "0"),
    ],
)
def test_a_short_is_the_mirror(price: str, reason: FillReason, slippage: str) -> None:
    short = replace(
        LONG, direction=Direction.SHORT, stop_loss=Decimal(102), take_profit=Decimal(94)
    )
    left, entered = Decimal("0.5") * Decimal(price), Decimal(50)
    told = row(price=price, side="Buy", closedPnl=str(entered - left - Decimal("0.05")))
    del told["closeFee"]
    fill = exit_of(short, [told])
    assert fill is not None
    assert (fill.reason, fill.slippage) == (reason, Decimal(slippage))
    assert fill.fee == pytest.approx(Decimal("0.05") * left / (left + entered))


def test_pieces_add_up_and_what_came_later_is_anothers() -> None:
    fill = exit_of(LONG, [row("0.2", "101"), row("0.3", "102"), row("9", "50")])
    assert fill is not None
    assert (fill.price, fill.fee) == (Decimal("101.6"), Decimal("0.04"))


def test_without_its_fee_the_difference_of_gross_and_net_tells_it() -> None:
    told = row(price="100")
    del told["closeFee"]
    fill = exit_of(LONG, [told])
    assert fill is not None
    assert fill.fee == Decimal("0.025")


def test_a_liquidation_is_one() -> None:
    fill = exit_of(LONG, [row(price="97", execType="BustTrade")])
    assert fill is not None
    assert fill.reason is FillReason.LIQUIDATION


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nothing"),
        pytest.param([row("0.4")], id="only a part"),
        pytest.param([row("0.4"), row("0.4")], id="more than was held"),
        pytest.param([row(avgEntryPrice="99")], id="another entry price"),
        pytest.param([row(side="Buy")], id="another direction"),
    ],
)
def test_what_leaves_a_doubt_is_no_exit(rows: list[dict[str, str]]) -> None:
    assert exit_of(LONG, rows) is None
