"""Every figure of a report is explained to the people who read it."""

from src.analytics.luck.verdict import Finding
from src.analytics.performance import Performance
from tests.architecture.repository import ROOT

DOCUMENT = (ROOT / "docs/statistics.md").read_text(encoding="utf-8")


def test_every_figure_is_explained() -> None:
    missing = [name for name in Performance.__dataclass_fields__ if f"`{name}`" not in DOCUMENT]
    assert missing == []


def test_every_verdict_is_explained() -> None:
    missing = [finding.value for finding in Finding if f"| {finding.value} |" not in DOCUMENT]
    assert missing == []
