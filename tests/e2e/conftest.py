"""The built dashboard in real Chromium, served by the real product."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.market import HeldMarket, running_market
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.product import ROOT, Product

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SENDER = "alerts@example.com"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def mailbox() -> Mailbox:
    """Where the product's mail arrives."""
    return Mailbox()


@pytest.fixture(scope="session")
def market() -> Iterator[HeldMarket]:
    """The exchange of all browser tests; it plays three days in six minutes.

    So trades open and close during every test, whichever runs last.
    """
    with running_market() as playing:
        yield playing


@pytest.fixture(scope="session")
def product(
    tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox, market: HeldMarket
) -> Iterator[Product]:
    """One product for all browser tests."""
    assert (ROOT / "frontend" / "dist" / "index.html").exists(), (
        "the dashboard is not built: run `make e2e`, which builds it"
    )
    folder = tmp_path_factory.mktemp("product")
    with (
        mail_server(mailbox) as port,
        Product(
            folder,
            SIMULATOR_URL=market.url,
            SMTP_SERVER="127.0.0.1",
            SMTP_PORT=str(port),
            FROM_EMAIL=SENDER,
        ) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert executable, "Chromium is not installed: run `make e2e`, which installs it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "mobile"])
def viewport(request: pytest.FixtureRequest) -> tuple[int, int]:
    size: tuple[int, int] = request.param
    return size


@pytest.fixture
def page(browser: Browser, product: Product, tmp_path: Path) -> Iterator[Page]:
    """A fresh browser tab that fails the test on a console error or a third-party request."""
    yield from open_page(browser, product, 1440, 900)


def open_page(browser: Browser, product: Product, width: int, height: int) -> Iterator[Page]:
    """A tab of this size with its own storage."""
    context = browser.new_context(
        base_url=product.url, viewport={"width": width, "height": height}, timezone_id="UTC"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((product.url, product.url.replace("http", "ws"), "data:"))
            else complaints.append(f"third-party request to {request.url}")
        ),
    )
    yield page
    context.close()
    assert complaints == []
