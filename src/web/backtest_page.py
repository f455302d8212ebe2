"""A report as one HTML file: it needs nothing beside it, runs no script, and can be printed."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TRADES_SHOWN = 1_000
TABLES = (
    ("Symbol", "bySymbol"),
    ("Model", "byModel"),
    ("Kill zone", "byKillZone"),
    ("Side", "byDirection"),
)
_SHARES = {"annual_growth", "max_drawdown", "exposure", "fee_share", "funding_share"}
_MS_PER_HOUR = 3_600_000
_LEFT, _RIGHT = 70.0, 895.0
_EQUITY = (205.0, 8.0)
"""Where the lowest and the highest equity are drawn; y grows downwards."""

_DRAWDOWN = (232.0, 312.0)
"""Where no drawdown and the deepest are drawn."""

_FULL_SHADE = 15.0
"""A month of so many percent has the full colour."""

Report = Mapping[str, Any]


def report_page(request: Mapping[str, Any], report: Report) -> str:
    """The HTML of a report; `request` is what was asked, both as the API shows them."""
    examination = report["examination"]
    symbols = ", ".join(request["symbols"])
    return _templates.get_template("backtest.html").render(
        title=f"Backtest of {symbols}, {request['timeframe']} candles",
        request=request,
        report=report,
        chart=_chart(report["equity"]["points"]),
        conditions=[
            {"name": "as asked", **examination["expectancy_in_r"]},
            *examination["stressed"],
        ],
        examined=_examined(examination),
        years=_years(report["monthly"]),
        tables=TABLES,
        shown=TRADES_SHOWN,
    )


def _examined(examination: Mapping[str, Any]) -> list[dict[str, str]]:
    """What luck could have done: a row each of what was examined, with its n."""
    sharpe = examination.get("sharpe")
    rows = [] if sharpe is None else [_row("Sharpe ratio a year", sharpe, "estimate", "days")]
    for name, key in (
        ("Deflated Sharpe ratio", "deflated_sharpe"),
        ("Probability of overfitting", "overfitting"),
    ):
        chance = examination.get(key)
        if chance is not None and chance["probability"] is not None:
            found = f"{chance['probability']:.1%}"
            rows.append(
                {"name": name, "found": found, "between": "–", "n": f"{chance['trials']} trials"}
            )
    for name, key in (
        ("Random entries instead, R per trade", "random_entries"),
        ("Shuffled directions instead, R per trade", "shuffled_directions"),
    ):
        baseline = examination.get(key)
        if baseline is not None and baseline["p_value"] is not None:
            named = f"{name} (p = {baseline['p_value']:.3f})"
            rows.append(_row(named, baseline, "mean", "trades"))
    return rows


def _row(name: str, found: Mapping[str, Any], value: str, of: str) -> dict[str, str]:
    between = f"{_number(found['low'], 3)} to {_number(found['high'], 3)}"
    return {
        "name": name,
        "found": _number(found[value], 3),
        "between": between,
        "n": f"{found['n']:,} {of}",
    }


def _chart(points: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Points of the two curves as SVG wants them."""
    times = [datetime.fromisoformat(point["time"]).timestamp() for point in points]
    equity = [point["equity"] for point in points]
    falls = [point["drawdown"] for point in points]
    lowest, highest, deepest = min(equity), max(equity), min(falls)
    across = [_between(time, times[0], times[-1], _LEFT, _RIGHT) for time in times]
    ups = [_between(value, lowest, highest, *_EQUITY) for value in equity]
    downs = [_between(value, 0.0, deepest, *_DRAWDOWN) for value in falls]
    outline = [(_LEFT, _DRAWDOWN[0]), *zip(across, downs, strict=True), (across[-1], _DRAWDOWN[0])]
    return {
        "equity": _joined(zip(across, ups, strict=True)),
        "drawdown": _joined(outline),
        "lowest": lowest,
        "highest": highest,
        "deepest": deepest,
    }


def _between(value: float, first: float, last: float, start: float, end: float) -> float:
    """`value` on the way from `first` to `last`, as a place between `start` and `end`."""
    return start if first == last else start + (value - first) / (last - first) * (end - start)


def _joined(points: Any) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _years(monthly: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[float | None]]]:
    """Each year with its twelve months."""
    years: dict[str, list[float | None]] = {}
    for month in monthly:
        year, number = month["month"].split("-")
        years.setdefault(year, [None] * 12)[int(number) - 1] = month["returnPercent"]
    return list(years.items())


def _number(value: float | None, decimals: int) -> str:
    return "–" if value is None else f"{value:,.{decimals}f}"


def _figure(value: float | None, name: str) -> str:
    if value is None:
        return "–"
    if name in _SHARES or name.startswith("win_rate"):
        return f"{value:.2%}"
    if name.endswith("_ms"):
        return f"{value / _MS_PER_HOUR:,.1f} h"
    return f"{value:,.3f}"


def _shade(percent: float) -> str:
    """Blue for a gain, orange for a loss: both can be told apart without red and green."""
    strength = min(abs(percent) / _FULL_SHADE, 1.0) * 0.6
    return f"rgba({'31,111,139' if percent > 0 else '224,122,47'},{strength:.2f})"


def _environment() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "count": lambda number: f"{number:,}",
        "day": lambda time: time[:10],
        "figure": _figure,
        "minute": lambda time: time[:16].replace("T", " "),
        "months": lambda count: calendar.month_abbr[1 : count + 1],
        "number": _number,
        "plain": lambda value: ", ".join(value) or "none" if isinstance(value, list) else value,
        "shade": _shade,
        "words": lambda name: name.removesuffix("_ms").replace("_", " "),
    }
    return templates


_templates = _environment()
