"""The trades of a report as CSV that a spreadsheet cannot mistake for formulas."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = (
    "n",
    "symbol",
    "direction",
    "model",
    "killZone",
    "entryTime",
    "exitTime",
    "entryPrice",
    "exitPrice",
    "stop",
    "target",
    "quantity",
    "netPnL",
    "resultR",
    "fees",
    "funding",
    "exitReason",
    "ambiguous",
    "score",
    "mae",
    "mfe",
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def trades_csv(trades: Sequence[Mapping[str, Any]]) -> str:
    """One line a trade under a line of names; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for trade in trades:
        writer.writerow([_cell(trade[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: object) -> object:
    """Numbers as they are, a text that a spreadsheet would calculate behind an apostrophe."""
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value
