"""What public endpoints read from a query, and how they refuse it."""

from collections.abc import Sequence

from aiohttp import web

from src.simulator.bars import Bars
from src.simulator.envelope import RefusedRequestError
from src.simulator.market import Market

PARAMETER_ERROR = 10001


def require_linear(request: web.Request) -> None:
    """Only linear perpetuals are served."""
    if request.query.get("category", "linear") != "linear":
        raise RefusedRequestError(PARAMETER_ERROR, "params error: Category is invalid")


def symbol_of(request: web.Request, market: Market) -> str:
    """The listed symbol asked for."""
    symbol = request.query.get("symbol", "")
    if symbol not in market.feed.symbols:
        raise RefusedRequestError(PARAMETER_ERROR, "params error: Symbol Is Invalid")
    return symbol


def symbols_of(request: web.Request, market: Market) -> Sequence[str]:
    """The symbol asked for, those of a base coin, or all."""
    if request.query.get("symbol"):
        return [symbol_of(request, market)]
    coin = request.query.get("baseCoin", "")
    symbols = market.feed.symbols
    return [s for s in symbols if coin in ("", market.feed.contract(s).base_coin)]


def integer_of(request: web.Request, name: str) -> int | None:
    """A whole number, None when absent."""
    text = request.query.get(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise RefusedRequestError(PARAMETER_ERROR, f"params error: {name} is not a number")
    return int(text)


def limit_of(request: web.Request, default: int, largest: int) -> int:
    """How many rows are wanted."""
    limit = integer_of(request, "limit")
    if limit is None:
        return default
    if not 1 <= limit <= largest:
        raise RefusedRequestError(PARAMETER_ERROR, f"params error: limit must be 1 to {largest}")
    return limit


def page_start(cursor: str) -> int:
    """The index a cursor stands for. Ours come back exactly as handed out: percent-encoded."""
    if not cursor:
        return 0
    number = cursor.replace("%3D", "=").replace("%26", "&")
    number = number.removeprefix("page_token=").removesuffix("&")
    if not number.isdigit():
        raise RefusedRequestError(PARAMETER_ERROR, "params error: cursor is invalid")
    return int(number)


def newest(bars: Bars, limit: int) -> Bars:
    """The last `limit` candles."""
    return bars.part(max(0, bars.size - limit), bars.size)
