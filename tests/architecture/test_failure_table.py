"""Every test that docs/bybit.md names exists."""

import re

from tests.architecture.repository import ROOT


def test_the_table_of_failures_names_tests_that_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "bybit.md").read_text()))
    sources = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    missing = {name for name in named if f"def {name}(" not in sources}
    assert len(named) > 30
    assert missing == set()
