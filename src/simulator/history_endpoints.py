"""Public V5 endpoints beside candles and tickers: book, trades, funding, mark prices, limits."""

from aiohttp import web

from src.simulator.bars import MINUTE_MS
from src.simulator.book import book_at, rows
from src.simulator.envelope import RefusedRequestError, answer
from src.simulator.market import Market
from src.simulator.query import (
    PARAMETER_ERROR,
    integer_of,
    limit_of,
    require_linear,
    symbol_of,
    symbols_of,
)
from src.simulator.tick_path import SECOND_MS
from src.simulator.ticker import Tickers
from src.simulator.trades import trades_between

_MAINTENANCE_MARGIN = "0.005"


class HistoryEndpoints:
    """The rest of `/v5/market/*`."""

    def __init__(self, market: Market, tickers: Tickers) -> None:
        self._market = market
        self._tickers = tickers

    def routes(self) -> list[web.RouteDef]:
        """The routes to mount."""
        return [
            web.get("/v5/market/orderbook", self.orderbook),
            web.get("/v5/market/recent-trade", self.recent_trades),
            web.get("/v5/market/funding/history", self.funding_history),
            web.get("/v5/market/open-interest", self.open_interest),
            web.get("/v5/market/risk-limit", self.risk_limit),
        ]

    async def orderbook(self, request: web.Request) -> web.Response:
        """The book as of now, best prices first."""
        require_linear(request)
        symbol = symbol_of(request, self._market)
        limit = limit_of(request, 25, 500)
        now = self._market.clock.now()
        book = book_at(self._market, symbol, now, limit)
        return answer(
            {
                "s": symbol, "b": rows(book.bids), "a": rows(book.asks), "ts": now,
                "u": book.update, "seq": book.update, "cts": now,
            }
        )  # fmt: skip

    async def recent_trades(self, request: web.Request) -> web.Response:
        """The newest trades, newest first."""
        require_linear(request)
        symbol = symbol_of(request, self._market)
        limit = limit_of(request, 500, 1000)
        market = self._market
        now = market.clock.now()
        step = SECOND_MS if market.clock.mode == "realtime" else market.feed.base_ms
        start = max(market.feed.first_time + market.feed.base_ms, now - limit * step)
        listed = [
            {
                "execId": trade.identity, "symbol": symbol, "price": trade.price,
                "size": trade.size, "side": trade.side, "time": str(trade.time),
                "isBlockTrade": False, "isRPITrade": False, "seq": str(trade.time // SECOND_MS),
            }
            for trade in reversed(trades_between(market, symbol, start, now))
        ]  # fmt: skip
        return answer({"category": "linear", "list": listed})

    async def funding_history(self, request: web.Request) -> web.Response:
        """Funding rates that were exchanged, newest first."""
        require_linear(request)
        symbol = symbol_of(request, self._market)
        limit = limit_of(request, 200, 200)
        start, end = integer_of(request, "startTime"), integer_of(request, "endTime")
        if start is not None and end is None:
            raise RefusedRequestError(PARAMETER_ERROR, "params error: endTime is needed too")
        feed = self._market.feed
        step = feed.contract(symbol).funding_interval_minutes * MINUTE_MS
        now = self._market.clock.now()
        last = now if end is None else min(end, now)
        last -= last % step
        first = max(start or 0, feed.first_time + 1, last - (limit - 1) * step)
        listed = [
            {
                "symbol": symbol,
                "fundingRate": f"{feed.funding_rate(symbol, time - 1):.8f}",
                "fundingRateTimestamp": str(time),
            }
            for time in range(last, first - 1, -step)
        ]
        return answer({"category": "linear", "list": listed})

    async def open_interest(self, request: web.Request) -> web.Response:
        """The open interest of now; a simulated one never changes."""
        require_linear(request)
        symbol = symbol_of(request, self._market)
        now = self._market.clock.now()
        interest = self._tickers.at(symbol, now)["openInterest"]
        row = {"openInterest": interest, "timestamp": str(now)}
        content = {"symbol": symbol, "category": "linear", "list": [row], "nextPageCursor": ""}
        return answer(content)

    async def risk_limit(self, request: web.Request) -> web.Response:
        """One risk tier per symbol."""
        require_linear(request)
        listed = [
            {
                "id": 1,
                "symbol": symbol,
                "riskLimitValue": "1000000000",
                "maintenanceMargin": _MAINTENANCE_MARGIN,
                "initialMargin": f"{1 / float(self._market.feed.contract(symbol).max_leverage):g}",
                "isLowestRisk": 1,
                "maxLeverage": self._market.feed.contract(symbol).max_leverage,
                "mmDeduction": "",
            }
            for symbol in symbols_of(request, self._market)
        ]
        return answer({"category": "linear", "list": listed, "nextPageCursor": ""})
