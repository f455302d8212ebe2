"""A person moves the stop and the target of an open trade from its details."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.market import HeldMarket
from tests.e2e.test_trading_day import log_in, rows
from tests.product import Product, wait_until

STOP_COLUMN = 4
"""Among the cells of a row of active trades; the symbol before them is its heading."""

IN_GAIN = """
    SELECT id, direction, entry_price, stop_loss, take_profit FROM paper_trades
    WHERE status = 'open' AND unrealized_pnl > 0.002 * entry_price * position_size
    ORDER BY id
"""
"""Open trades whose price is beyond the entry by more than the fees of both sides."""


@dataclass(frozen=True)
class OpenTrade:
    """A row of `paper_trades`; `side` is 1 for a long."""

    id: int
    direction: str
    entry: float
    stop: float
    target: float

    @property
    def side(self) -> int:
        return 1 if self.direction == "long" else -1


def open_trade(product: Product) -> OpenTrade | None:
    found = rows(product, IN_GAIN)
    return OpenTrade(*found[0]) if found else None


def ask(page: Page, form: Locator, side: str, price: float | None, answer: str) -> Locator:
    """Ask for a level (None: break-even) and confirm it; the dialog, once it holds the answer."""
    if price is None:
        form.get_by_role("button", name="Break-even").click()
    else:
        form.get_by_label(re.compile(f"^New {side}, now ")).fill(f"{price:.8f}")
        form.get_by_role("button", name=f"Move {side}").click()
    dialog = page.get_by_role("dialog", name=re.compile(f"^Move the {side} of "))
    dialog.get_by_role("button", name=f"Move {side}").click()
    expect(dialog.get_by_role("status")).to_contain_text(answer, timeout=20_000)
    return dialog


def dismiss(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def entry_mark(row: Locator) -> float:
    """Where the ladder of a row draws the entry between stop and target, in percent."""
    return float(row.locator("[data-mark=entry]").evaluate("mark => parseFloat(mark.style.left)"))


def price_in(text: str) -> float:
    """The price that ends a text, as it is shown."""
    return float(text.split()[-1].replace(",", ""))


def stop_of(product: Product, trade: OpenTrade) -> float:
    [(stop,)] = rows(product, f"SELECT stop_loss FROM paper_trades WHERE id = {trade.id}")
    return float(stop)


def test_a_person_moves_a_stop_and_a_target(
    page: Page, product: Product, market: HeldMarket
) -> None:
    """Refused where it would risk more than allowed; else the row and the ladder follow."""
    log_in(page)
    with market.standing_when(product.database, lambda: open_trade(product), "a gain") as trade:
        row = page.get_by_role("row", name=re.compile(f", trade {trade.id}$"))
        row.get_by_role("button", name=f"details of trade {trade.id}").click()
        form = page.get_by_role("region", name="Move stop or target")
        widening_is_refused(page, form, product, trade)
        the_row_follows_a_tighter_stop(page, form, row, product, trade)
        target = trade.target + 0.01 * trade.side * trade.entry
        dismiss(ask(page, form, "target", target, "was moved from"))
        dismiss(ask(page, form, "stop", None, "was moved from"))
        assert (stop_of(product, trade) - trade.entry) * trade.side > 0


def widening_is_refused(page: Page, form: Locator, product: Product, trade: OpenTrade) -> None:
    twice_as_far = 2 * trade.stop - trade.entry
    dismiss(ask(page, form, "stop", twice_as_far, "one trade may risk"))
    assert stop_of(product, trade) == trade.stop


def the_row_follows_a_tighter_stop(
    page: Page, form: Locator, row: Locator, product: Product, trade: OpenTrade
) -> None:
    drawn = entry_mark(row)
    half_as_far = (trade.stop + trade.entry) / 2
    dismiss(ask(page, form, "stop", half_as_far, "was moved from"))
    stop = stop_of(product, trade)
    assert stop == pytest.approx(half_as_far, rel=1e-3)
    label = form.locator("label", has_text="New stop, now")
    wait_until(lambda: price_in(label.inner_text()) == stop, 60, "the form to show the stop")
    cell = row.get_by_role("cell").nth(STOP_COLUMN)
    wait_until(lambda: price_in(cell.inner_text()) == stop, 60, "the row to show the stop")
    assert 0 < entry_mark(row) < drawn
