"""Newest-first lists in pages, with cursors that are handed out percent-encoded."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote

from src.simulator.account.numbers import Parameters, integer, refused, text
from src.simulator.account.rows import Row

T = TypeVar("T")

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS


def page(
    parameters: Parameters,
    items: Sequence[T],
    sequence: Callable[[T], int],
    row: Callable[[T], Row],
    default: int,
    largest: int,
) -> Row:
    """`list` and `nextPageCursor` of the items, which come oldest first."""
    limit = integer(parameters, "limit", default)
    if not 1 <= limit <= largest:
        raise refused(f"params error: limit must be 1 to {largest}")
    before = _position(text(parameters, "cursor"))
    newest_first = [item for item in reversed(items) if before is None or sequence(item) < before]
    shown = newest_first[:limit]
    more = len(newest_first) > limit
    return {
        "category": "linear",
        "list": [row(item) for item in shown],
        "nextPageCursor": quote(f"page_token={sequence(shown[-1])}&") if more else "",
    }


def window(parameters: Parameters, now: int, usual: int = WEEK_MS) -> tuple[int, int]:
    """Start and end of the times asked for (UTC ms): at most seven days, the last `usual` ms
    (or the first of them from a start on) by default."""
    start, end = integer(parameters, "startTime", 0), integer(parameters, "endTime", 0)
    if start and not end:
        end = start + usual
    elif not start:
        end = end or now + 1
        start = end - usual
    if end < start or end - start > WEEK_MS:
        raise refused("params error: the time range cannot exceed 7 days")
    return start, end


def _position(cursor: str) -> int | None:
    if not cursor:
        return None
    number = (
        cursor.replace("%3D", "=").replace("%26", "&").removeprefix("page_token=").removesuffix("&")
    )
    if not number.isdigit():
        raise refused("params error: cursor is invalid")
    return int(number)
