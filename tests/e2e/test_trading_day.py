"""The main job as a person lives it: log in, watch trades open, move and close, log out."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import open_page
from tests.e2e.market import HeldMarket
from tests.product import DEMO_LOGIN, Product, wait_until

PATIENCE = 120_000
OPEN = "SELECT id FROM paper_trades WHERE status = 'open' ORDER BY id"


def log_in(page: Page, password: str = DEMO_LOGIN["password"]) -> None:
    page.goto("/")
    page.get_by_label("Email").fill(DEMO_LOGIN["email"])
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def rows(product: Product, query: str) -> list[Any]:
    connection = sqlite3.connect(product.database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def figure(page: Page, name: str) -> str:
    """The value of a key figure, as plain text."""
    return page.get_by_role("group", name=name, exact=True).inner_text()


def test_a_wrong_password_is_said_plainly(page: Page) -> None:
    log_in(page, password="not-the-password")
    expect(page.get_by_role("alert")).to_contain_text("password is wrong")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_a_trade_opens_moves_and_closes_before_the_traders_eyes(
    page: Page, product: Product, market: HeldMarket
) -> None:
    """P&L of an open trade moves live, and a closed trade reaches the history by itself."""
    log_in(page)
    expect(page.get_by_text("SIMULATED MARKET").first).to_be_visible()
    live = page.get_by_role("table", name="Active trades").locator("tbody tr").first
    with market.standing_when(product.database, lambda: rows(product, OPEN), "an open trade"):
        expect(live).to_be_visible(timeout=PATIENCE)
    page.evaluate(WATCH_OPEN_TRADES)
    wait_until(lambda: page.evaluate("window.seenMoving"), 120, "the P&L of an open trade to move")
    history = page.get_by_role("table", name="Trade history").locator("tbody tr")
    expect(history.first).to_be_visible(timeout=PATIENCE)


WATCH_OPEN_TRADES = """() => {
  const texts = new Map()
  window.seenMoving = false
  window.setInterval(() => {
    for (const row of document.querySelectorAll('table[aria-label="Active trades"] tbody tr')) {
      const name = row.getAttribute('aria-label')
      if (texts.has(name) && texts.get(name) !== row.innerText) window.seenMoving = true
      texts.set(name, row.innerText)
    }
  }, 100)
}"""


def test_a_person_closes_a_trade_and_pauses_entries(
    page: Page, product: Product, market: HeldMarket
) -> None:
    """Each after a confirmation; the engine answers, and the rows agree."""
    log_in(page)
    with market.standing_when(product.database, lambda: rows(product, OPEN), "a trade") as trades:
        page.get_by_role("button", name=re.compile(f"^Close .* trade {trades[0][0]}$")).click()
        page.get_by_role("button", name="Close at market").click()
        by_hand = f"SELECT 1 FROM paper_trades WHERE id = {trades[0][0]} AND exit_reason = 'manual'"
        wait_until(lambda: rows(product, by_hand), 60, "the trade to be closed by hand")
    page.reload()

    for action, answer in (
        ("Pause entries", "New entries are paused; open trades stay."),
        ("Resume entries", "New entries are allowed again."),
    ):
        page.get_by_role("button", name=re.compile("top trading|stop or resume")).click()
        page.get_by_role("button", name=action).click()
        dialog = page.get_by_role("dialog", name=action)
        dialog.get_by_role("button", name=action).click()
        expect(dialog.get_by_text(answer)).to_be_visible(timeout=20_000)
        dialog.get_by_role("button", name="Close").click()
        page.get_by_role("button", name="Close details").click()
        if action == "Pause entries":
            expect(page.get_by_text("no new entries")).to_be_visible(timeout=20_000)


def test_the_screen_agrees_with_the_database(page: Page, product: Product) -> None:
    """Closed trades, win rate and net result shown are those of the rows."""
    log_in(page)
    wait_until(
        lambda: rows(product, "SELECT 1 FROM paper_trades WHERE status = 'closed'"), 120, "a result"
    )

    def agrees() -> bool:
        [(count, won, net)] = rows(
            product,
            "SELECT count(*), sum(realized_pnl > 0), sum(realized_pnl) FROM paper_trades "
            "WHERE status = 'closed'",
        )
        result = figure(page, "Today’s P&L").replace(",", "").replace("\u2212", "-")
        rate = figure(page, "Win rate")
        page.wait_for_timeout(100)
        return f"{abs(net):.2f}" in result and f"{100 * won / count:.1f}" in rate

    wait_until(agrees, 60, "the key figures to agree with the database")
    chart = page.get_by_role("img", name="Equity curve")
    expect(chart.locator("path.recharts-curve").first).to_be_visible()


def test_a_reload_keeps_the_session_and_logging_out_ends_it(page: Page) -> None:
    log_in(page)
    expect(page.get_by_role("heading", name="Dashboard", exact=True)).to_be_attached()
    page.reload()
    expect(page.get_by_role("heading", name="Dashboard", exact=True)).to_be_attached()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


@pytest.fixture
def sized_page(browser: Browser, product: Product, viewport: tuple[int, int]) -> Iterator[Page]:
    yield from open_page(browser, product, *viewport)


def test_no_page_scrolls_sideways(sized_page: Page) -> None:
    """On a desktop and on a phone everything fits the width."""
    log_in(sized_page)
    expect(sized_page.get_by_role("heading", name="Dashboard", exact=True)).to_be_attached()
    expect(sized_page.get_by_role("region", name=re.compile("history", re.I))).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert sized_page.evaluate(overflow) <= 0
