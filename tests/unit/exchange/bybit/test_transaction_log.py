"""The transaction log as Bybit pages it: seven days a request, two years back, any kind of row."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from src.domain.candle import DAY_MS
from src.domain.order import Direction
from src.domain.trade import Trade, Transfer
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.transaction_log import (
    AccountHistory,
    LogReader,
    funding_key,
    lines_between,
    statement_line_of,
    transfer_of,
)
from tests.unit.database.facts import open_trade

NOW = 1_772_366_400_000
HOUR = 3_600_000

TRANSFER_ROW = {
    "id": "t1", "symbol": "", "category": "", "side": "None", "transactionTime": str(NOW),
    "type": "TRANSFER_IN", "transSubType": "", "qty": "", "size": "", "currency": "USDT",
    "tradePrice": "", "funding": "", "fee": "", "cashFlow": "50000", "change": "50000",
    "cashBalance": "51000", "feeRate": "", "bonusChange": "", "tradeId": "", "orderId": "",
    "orderLinkId": "",
}  # fmt: skip
SETTLEMENT_ROW = TRANSFER_ROW | {
    "id": "592324_BTCUSDT_161440249321", "symbol": "BTCUSDT", "category": "linear", "side": "Sell",
    "type": "SETTLEMENT", "qty": "0.03", "size": "-0.03", "tradePrice": "50000",
    "funding": "0.15", "fee": "0", "cashFlow": "0", "change": "0.15", "feeRate": "-0.0001",
    "tradeId": "534c0003-4bf7-486f-aa02-78cee36825e4",
}  # fmt: skip


class Told:
    """A client whose log holds these rows; it notes what was asked of it."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = list(rows)
        self.asked: list[tuple[int, int]] = []

    def pages(self, name: str, **asked: Any) -> Iterator[list[dict[str, Any]]]:
        """Two rows a page, newest first; the last day without a start."""
        assert (name, asked["accountType"], asked["currency"]) == (
            "get_transaction_log", "UNIFIED", "USDT",
        )  # fmt: skip
        assert asked["limit"] <= 50
        start, end = asked.get("startTime", NOW - DAY_MS), asked.get("endTime", NOW)
        self.asked.append((start, end))
        inside = [row for row in self.rows if start <= int(row["transactionTime"]) <= end]
        inside.sort(key=lambda row: -int(row["transactionTime"]))
        for first in range(0, len(inside), 2):
            yield inside[first : first + 2]


def client(told: Told) -> SignedClient:
    return cast(SignedClient, told)


def row(name: str, time: int, kind: str = "TRANSFER_IN", change: str = "10") -> dict[str, Any]:
    return TRANSFER_ROW | {
        "id": name, "transactionTime": str(time), "type": kind, "change": change,
    }  # fmt: skip


def test_every_window_is_at_most_seven_days_and_they_leave_no_gap() -> None:
    told = Told(row("a", NOW - 20 * DAY_MS), row("b", NOW - 3 * DAY_MS), row("c", NOW - 1))
    lines = list(lines_between(client(told), NOW - 21 * DAY_MS, NOW))
    assert [line.line_id for line in lines] == ["a", "b", "c"]
    assert all(end - start < 7 * DAY_MS for start, end in told.asked)
    assert [start for start, _ in told.asked[1:]] == [end + 1 for _, end in told.asked[:-1]]
    assert told.asked[-1][1] == NOW - 1


def test_what_is_older_than_two_years_is_not_asked_for() -> None:
    told = Told()
    list(lines_between(client(told), 0, NOW))
    assert told.asked[0][0] == NOW - 729 * DAY_MS


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("TRANSFER_IN", "10", True),
        ("TRANSFER_OUT", "-10", True),
        ("BONUS", "1", True),
        ("INTEREST", "-0.01", True),
        ("SOMETHING_NEW_AT_BYBIT", "3", True),
        ("TRANSFER_IN", "0", False),
        ("TRADE", "-0.4", False),
        ("SETTLEMENT", "0.1", False),
        ("LIQUIDATION", "-9", False),
        ("ADL", "2", False),
    ],
)
def test_whatever_no_position_made_is_a_transfer(kind: str, change: str, *, expected: bool) -> None:
    line = statement_line_of(row("a", NOW, kind, change))
    assert transfer_of(line) == (Transfer("a", kind, Decimal(change), NOW) if expected else None)


def test_a_settlement_row_is_read_with_its_sign() -> None:
    line = statement_line_of(SETTLEMENT_ROW)
    assert (line.funding, line.size, line.side) == (Decimal("0.15"), Decimal("-0.03"), "Sell")
    assert line.execution_id == "534c0003-4bf7-486f-aa02-78cee36825e4"


HELD = replace(
    open_trade(1, NOW - HOUR),
    symbol="BTCUSDT",
    direction=Direction.SHORT,
    quantity=Decimal("0.03"),
)


@pytest.mark.parametrize(
    ("trade", "is_its_own"),
    [
        pytest.param(HELD, True, id="the one held"),
        pytest.param(replace(HELD, symbol="ETHUSDT"), False, id="another symbol"),
        pytest.param(replace(HELD, direction=Direction.LONG), False, id="another direction"),
        pytest.param(replace(HELD, quantity=Decimal("0.02")), False, id="another size"),
        pytest.param(replace(HELD, entry_time=NOW), False, id="entered just then"),
    ],
)
def test_funding_is_the_trades_whose_position_it_must_have_been(
    trade: Trade, *, is_its_own: bool
) -> None:
    nothing = SETTLEMENT_ROW | {"id": "nothing", "funding": "0"}
    reader = LogReader(client(Told(SETTLEMENT_ROW, nothing)), AccountHistory(trades=(trade,)))
    reader.read(NOW)
    assert [(one.amount, one.rate, one.order_link_id) for one in reader.funding()] == (
        [(Decimal("0.15"), Decimal("-0.0001"), trade.order_link_id)] if is_its_own else []
    )
    assert reader.transfers() == []


def test_the_log_is_read_once_from_where_the_journal_ends_and_then_its_last_day() -> None:
    told = Told(row("old", NOW - 9 * DAY_MS), row("new", NOW - HOUR))
    reader = LogReader(client(told), AccountHistory(since=NOW - 10 * DAY_MS))
    reader.read(NOW)
    assert [transfer.transfer_id for transfer in reader.transfers()] == ["old", "new"]
    assert told.asked[0][0] == NOW - 11 * DAY_MS
    told.asked.clear()
    told.rows.append(row("late", NOW - 2 * HOUR))
    reader.read(NOW)
    assert [transfer.transfer_id for transfer in reader.transfers()] == ["late"]
    assert told.asked == [(NOW - DAY_MS, NOW)]


def test_after_days_without_an_answer_it_is_read_from_where_it_had_been_read() -> None:
    told = Told()
    reader = LogReader(client(told), AccountHistory())
    reader.read(NOW - 5 * DAY_MS)
    told.rows.append(row("meanwhile", NOW - 4 * DAY_MS))
    reader.read(NOW)
    assert [transfer.transfer_id for transfer in reader.transfers()] == ["meanwhile"]


def test_an_account_never_valued_is_asked_for_its_last_day_alone() -> None:
    told = Told(row("before", NOW - 2 * DAY_MS))
    reader = LogReader(client(told), AccountHistory())
    reader.read(NOW)
    assert reader.transfers() == []
    assert told.asked == [(NOW - DAY_MS, NOW)]


def test_funding_is_one_payment_however_exactly_its_time_is_told() -> None:
    eight = NOW - NOW % (8 * HOUR)
    told = {funding_key("BTCUSDT", eight + late) for late in (0, 3, 1_500, -20)}
    assert len(told) == 1
    assert funding_key("BTCUSDT", eight + HOUR) not in told
    assert funding_key("ETHUSDT", eight) not in told
