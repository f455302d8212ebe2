"""The public V5 market endpoints over HTTP."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from src.simulator.bars import INTERVALS, Bars, join, opening
from src.simulator.clock import exchange_now
from src.simulator.contracts import Contract
from src.simulator.envelope import RefusedRequestError, answer, kline_row
from src.simulator.market import Market
from src.simulator.query import (
    PARAMETER_ERROR,
    integer_of,
    limit_of,
    newest,
    page_start,
    require_linear,
    symbol_of,
    symbols_of,
)
from src.simulator.ticker import Tickers

_LARGEST_PAGE = 1000
_CATEGORIES = ("linear", "inverse", "spot", "option")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def refusals_as_answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn a refused request into Bybit's error envelope (HTTP 200)."""
    try:
        return await handler(request)
    except RefusedRequestError as refusal:
        return answer({}, refusal.code, refusal.message)


class MarketEndpoints:
    """`/v5/market/*` of one market."""

    def __init__(self, market: Market, tickers: Tickers) -> None:
        self._market = market
        self._tickers = tickers

    def routes(self) -> list[web.RouteDef]:
        """The routes to mount."""
        return [
            web.get("/v5/market/time", self.time),
            web.get("/v5/market/kline", self.kline),
            web.get("/v5/market/mark-price-kline", self.price_kline),
            web.get("/v5/market/index-price-kline", self.price_kline),
            web.get("/v5/market/instruments-info", self.instruments_info),
            web.get("/v5/market/tickers", self.tickers),
        ]

    async def time(self, _request: web.Request) -> web.Response:
        """Wall time, as real clients sign with it."""
        now = exchange_now()
        return answer({"timeSecond": str(now // 1000), "timeNano": str(now * 1_000_000)})

    async def kline(self, request: web.Request) -> web.Response:
        """Candles, newest first; the open one on top only in real time."""
        return await self._kline(request, columns=7)

    async def price_kline(self, request: web.Request) -> web.Response:
        """Candles of the mark or index, which follow the last price here: five columns."""
        return await self._kline(request, columns=5)

    async def _kline(self, request: web.Request, columns: int) -> web.Response:
        require_linear(request)
        symbol = symbol_of(request, self._market)
        interval = request.query.get("interval", "")
        if not self._market.serves(interval):
            raise RefusedRequestError(PARAMETER_ERROR, "Invalid period!")
        limit = limit_of(request, 200, _LARGEST_PAGE)
        start, end = integer_of(request, "start"), integer_of(request, "end")
        bars = self._page(symbol, INTERVALS[interval], start, end, limit)
        contract = self._market.feed.contract(symbol)
        rows = [kline_row(contract, bars, i)[:columns] for i in reversed(range(bars.size))]
        return answer({"symbol": symbol, "category": "linear", "list": rows})

    def _page(
        self, symbol: str, length: int, start: int | None, end: int | None, limit: int
    ) -> Bars:
        """The newest `limit` candles up to `end`; with `start` alone the first from there."""
        market = self._market
        now = market.clock.now()
        forward = start is not None and end is None
        last = now if end is None else min(end, now)
        first = last - (limit + 1) * length if start is None else start
        if forward:
            last = min(now, first + (limit + 1) * length)
        else:
            first = max(first, last - (limit + 1) * length)
        first = max(first, market.feed.first_time)
        bars = market.closed_bars(symbol, length, first, last + 1, now)
        if market.clock.caught_up and first <= opening(now, length) <= last:
            bars = join([bars, market.open_bar(symbol, length, now)])
        return bars.part(0, limit) if forward else newest(bars, limit)

    async def instruments_info(self, request: web.Request) -> web.Response:
        """Trading rules, in pages. Other categories and states exist and hold nothing."""
        category = request.query.get("category", "")
        if category not in _CATEGORIES:
            raise RefusedRequestError(PARAMETER_ERROR, "params error: Category is invalid")
        limit = limit_of(request, 500, _LARGEST_PAGE)
        if category != "linear" or request.query.get("status", "Trading") != "Trading":
            return answer({"category": category, "list": [], "nextPageCursor": ""})
        symbols = symbols_of(request, self._market)
        first = page_start(request.query.get("cursor", ""))
        following = first + limit
        cursor = quote(f"page_token={following}&") if following < len(symbols) else ""
        listed = [
            _instrument(self._market.feed.contract(symbol), self._market.feed.first_time)
            for symbol in symbols[first:following]
        ]
        return answer({"category": "linear", "list": listed, "nextPageCursor": cursor})

    async def tickers(self, request: web.Request) -> web.Response:
        """Tickers of one symbol or of all."""
        require_linear(request)
        now = self._market.clock.now()
        listed = []
        for symbol in symbols_of(request, self._market):
            fields = self._tickers.at(symbol, now)
            del fields["tickDirection"]  # only streamed
            listed.append(fields)
        return answer({"category": "linear", "list": listed})


def _instrument(contract: Contract, launched: int) -> dict[str, object]:
    return {
        "symbol": contract.symbol,
        "contractType": "LinearPerpetual",
        "status": "Trading",
        "baseCoin": contract.base_coin,
        "quoteCoin": "USDT",
        "settleCoin": "USDT",
        "launchTime": str(launched),
        "deliveryTime": "0",
        "deliveryFeeRate": "",
        "priceScale": str(len(contract.tick_size.partition(".")[2])),
        "leverageFilter": {
            "minLeverage": "1",
            "maxLeverage": contract.max_leverage,
            "leverageStep": "0.01",
        },
        "priceFilter": {
            "minPrice": contract.tick_size,
            "maxPrice": "1999999.80",
            "tickSize": contract.tick_size,
        },
        "lotSizeFilter": {
            "maxOrderQty": contract.max_quantity,
            "minOrderQty": contract.min_quantity,
            "qtyStep": contract.quantity_step,
            "postOnlyMaxOrderQty": contract.max_quantity,
            "maxMktOrderQty": contract.max_market_quantity,
            "minNotionalValue": contract.min_notional,
        },
        "unifiedMarginTrade": True,
        "fundingInterval": contract.funding_interval_minutes,
        "copyTrading": "none",
        "upperFundingRate": "0.00375",
        "lowerFundingRate": "-0.00375",
        "isPreListing": False,
    }
