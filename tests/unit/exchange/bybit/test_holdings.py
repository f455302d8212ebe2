"""Which word on a position counts: the newest, whatever the order in which words arrive."""

from decimal import Decimal

import pytest

from src.domain.errors import Rejected
from src.exchange.bybit.holdings import Holdings
from src.exchange.bybit.orders import Row

SYMBOL = "BTCUSDT"


def row(sequence: object, time: object, stop: str = "", size: str = "0.01") -> dict[str, object]:
    """A row of a long; flat with a size of zero."""
    return {
        "symbol": SYMBOL, "positionIdx": 0, "side": "Buy" if size != "0" else "", "size": size,
        "entryPrice": "50000", "markPrice": "50000", "stopLoss": stop, "takeProfit": "",
        "seq": sequence, "updatedTime": time,
    }  # fmt: skip


FLAT = {"stop": "", "size": "0"}


def heard(*rows: Row, before: Row | None = None, traded: int | None = None) -> list[Decimal | None]:
    """Stops of the positions held when the rows were heard, after a list with `before` was read
    if any, and an execution known by then."""
    holdings = Holdings()
    if before is not None or traded is not None:
        known = {} if traded is None else {SYMBOL: traded}
        holdings.replace_positions([] if before is None else [before], known)
    for one in rows:
        holdings.take_position(one)
    return [position.stop_loss for position in holdings.positions]


@pytest.mark.parametrize(
    "late",
    [
        row(6, "900"),
        row(6, "2000", "49700"),
        row(7, "999", "49800"),
        row(7, "999", **FLAT),
        row(-1, "3000", **FLAT),
    ],
)
def test_a_row_older_than_what_was_read_or_heard_changes_nothing(late: Row) -> None:
    newest = row(7, "1000", "49900")
    assert heard(late, before=newest) == [49_900]
    assert heard(newest, late) == [49_900]


@pytest.mark.parametrize(
    "told", [row(7, "1000", "49950"), row(7, "1001", "49950"), row(8, "990", "49950")]
)
def test_a_row_as_new_or_newer_is_the_last_word(told: Row) -> None:
    assert heard(told, before=row(7, "1000", "49900")) == [49_950]


def test_a_position_that_was_left_does_not_come_back() -> None:
    assert heard(row(8, "1000", **FLAT), row(7, "999", "49800")) == []
    assert heard(row(8, "1000", **FLAT), row(7, "999", "49800"), row(9, "1001")) == [None]


def test_what_a_list_leaves_out_has_been_flat_since_the_newest_execution() -> None:
    assert heard(row(7, "999", "49800"), traded=8) == []
    assert heard(row(7, "999", "49800"), row(9, "1001", "49700"), traded=8) == [49_700]


def test_a_list_is_believed_although_it_tells_less_than_was_heard() -> None:
    holdings = Holdings()
    holdings.take_position(row(9, "2000", "49900"))
    holdings.replace_positions([row(8, "1000", "49800")], {SYMBOL: 9})
    assert [position.stop_loss for position in holdings.positions] == [49_800]
    holdings.take_position(row(8, "1001", "49850"))
    assert [position.stop_loss for position in holdings.positions] == [49_850]


@pytest.mark.parametrize("shown", [{"seq": None}, {"seq": ""}, {"updatedTime": ""}])
def test_a_row_that_does_not_show_how_new_it_is_is_believed(shown: dict[str, object]) -> None:
    told = row(1, "1", "49950") | shown
    assert heard(told, before=row(7, "1000", "49900")) == [49_950]
    bare = {name: value for name, value in told.items() if name not in shown}
    assert heard(bare, before=row(7, "1000", "49900")) == [49_950]


def test_hedge_mode_is_refused_however_old_the_row() -> None:
    with pytest.raises(Rejected, match="hedge"):
        heard(row(6, "1") | {"positionIdx": 1}, before=row(7, "1000"))
