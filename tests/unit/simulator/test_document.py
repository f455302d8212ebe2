"""docs/simulator.md names every address, topic and option there is."""

import re

from src.cli import simulator as command
from src.simulator.account.model import AccountSettings
from src.simulator.clock import LockStepClock
from src.simulator.server import Simulator
from src.simulator.synthetic import SyntheticFeed
from tests.architecture.repository import ROOT

DOCUMENT = (ROOT / "docs/simulator.md").read_text(encoding="utf-8")
START = 1_767_225_600_000


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    feed = SyntheticFeed(("BTCUSDT",), 5, START)
    exchange = Simulator(feed, LockStepClock(START, None), AccountSettings("key", "secret"))
    served = {f"{route.method} {route.path}" for route in exchange.routes() if "/v5/" in route.path}
    assert set(re.findall(r"^\| `((?:GET|POST) /v5/\S+)` \|", DOCUMENT, re.MULTILINE)) == served


def test_every_option_is_in_the_table() -> None:
    options = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    rows = "\n".join(re.findall(r"^\| `--.*$", DOCUMENT, re.MULTILINE))
    shown = set(re.findall(r"--[a-z-]+", rows))
    assert options - {"--exit-with-parent"} == shown
