"""Take the pictures in `docs/images` from the running product, as a person would see it.

Start the product first (`./start_dev.sh`) and wait until a trade or two have closed.

    .venv/bin/python -m scripts.screenshot [--url URL] [--folder docs/images] [--whole-page]
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"": (1440, 1000), "-mobile": (390, 844)}
QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main(arguments: Sequence[str]) -> int:
    """Write login and dashboard, wide and narrow; print each file's name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:5001")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--whole-page", action="store_true", help="beyond the first screen")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        for suffix, (width, height) in SIZES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark",
                reduced_motion="reduce",
            )
            page.goto(options.url)
            take(page, options.folder / f"login{suffix}.png", options.whole_page)
            log_in(page)
            take(page, options.folder / f"dashboard{suffix}.png", options.whole_page)
        browser.close()
    return 0


def find_browser() -> str:
    """The installed Chromium; exits with a sentence when there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or sys.exit("Chromium was not found: run scripts/setup.sh chromium")


def log_in(page: Page) -> None:
    """Sign in as the demo user and wait until the dashboard has drawn its chart."""
    page.get_by_label("Email").fill("demo@ict.com")
    page.get_by_label("Password", exact=True).fill("demo123")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("img", name="Equity curve").locator("svg path").first.wait_for()
    page.locator("[aria-busy=true]").first.wait_for(state="hidden")


def take(page: Page, file: Path, whole_page: bool) -> None:
    """Photograph the page once its fonts are there, with the pointer out of the way."""
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, full_page=whole_page)
    sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
