"""The kill switch in the hands of somebody without a mouse, until everything is confirmed."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.market import HeldMarket
from tests.e2e.test_trading_day import OPEN, log_in, rows
from tests.product import Product

RESTING = "SELECT 1 FROM orders WHERE status IN ('pending', 'accepted')"
MOST_STOPS = 80
"""More places for the focus than a page with one open trade has before the status line ends."""


def go_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on the button of this name."""
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_the_kill_switch_by_keyboard_alone_until_the_exchange_has_confirmed_everything(
    page: Page, product: Product, market: HeldMarket
) -> None:
    log_in(page)
    expect(page.get_by_role("heading", name="Dashboard", exact=True)).to_be_attached()
    with market.standing_when(
        product.database, lambda: len(rows(product, OPEN)), "an open trade"
    ) as count:
        go_to(page, "Stop trading")
        page.keyboard.press("Enter")
        go_to(page, "Kill switch")
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Kill switch")
        expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
        expect(dialog).to_contain_text(re.compile(rf"Positions?{count}≈ [0-9,.]+ USDT"))
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        expect(dialog.get_by_label("Type STOP")).to_be_focused()
        page.keyboard.type("stop")
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("status")).to_contain_text("Closed at market", timeout=20_000)
        confirmed = dialog.get_by_role("listitem").filter(
            has_text=re.compile("^Close .*confirmed$")
        )
        expect(confirmed).to_have_count(count)
        assert rows(product, OPEN) == rows(product, RESTING) == []
    dialog.get_by_role("button", name="Close").press("Enter")
    release(page)


def release(page: Page) -> None:
    """The other tests of this product want to trade."""
    page.get_by_role("button", name="Release the kill switch").press("Enter")
    dialog = page.get_by_role("dialog", name="Release the kill switch")
    dialog.get_by_role("button", name="Release the kill switch").press("Enter")
    expect(dialog).to_contain_text("New entries are allowed again.", timeout=20_000)
