"""A backtest as a person runs it: asked for in the browser, reloaded in the middle, kept."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from src.domain.candle import DAY_MS, Timeframe
from src.simulator.bars import aggregate
from src.simulator.synthetic import SyntheticFeed
from tests.e2e.test_trading_day import log_in
from tests.product import Product

SYMBOL = "BTCUSDT"
START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
DAYS = 30
PATIENCE = 60_000


@pytest.fixture
def stored_candles(product: Product, tmp_path: Path) -> None:
    """A month of the simulator's market in the product's history, imported as people do it."""
    feed = SyntheticFeed([SYMBOL], 7, START)
    minutes = feed.bars(SYMBOL, START - DAYS * DAY_MS, START)
    bars = aggregate(minutes, Timeframe.M5.milliseconds)
    columns = zip(bars.time, bars.open, bars.high, bars.low, bars.close, strict=True)
    file = tmp_path / "candles.csv"
    file.write_text(
        "timestamp,open,high,low,close,volume\n"
        + "".join(f"{time},{o},{h},{low},{c},1\n" for time, o, h, low, c in columns)
    )
    product.flask("candles", "import", str(file), "--symbol", SYMBOL)


@pytest.mark.usefixtures("stored_candles")
def test_a_backtest_reaches_its_report_though_the_page_is_reloaded(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="Backtests").click()
    page.get_by_label("Market").select_option("simulator")
    page.get_by_role("checkbox", name=re.compile(f"^{SYMBOL}.*8,640 candles, none missing")).check()
    page.get_by_role("button", name="Run the backtest").click()
    expect(page.get_by_role("region", name="Under way")).to_be_visible()

    page.reload()
    verdict = page.get_by_role("region", name="Verdict")
    expect(verdict).to_contain_text("R per trade", timeout=PATIENCE)
    expect(page.get_by_role("group", name="Expectancy")).to_contain_text(re.compile(r"n = \d+"))
    page.get_by_role("button", name="Show trade 1 on the chart").click()
    expect(page.get_by_text(re.compile(f"^Trade 1, {SYMBOL} (long|short): in at "))).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Trades as CSV").click()
    assert len(Path(saving.value.path()).read_text().splitlines()) > 1

    page.get_by_role("link", name="All backtests").click()
    expect(page.get_by_role("list", name="Backtests")).to_contain_text("Finished")
    page.set_viewport_size({"width": 390, "height": 844})
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
