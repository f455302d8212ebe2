"""Bybit's answer envelope and its candle rows."""

import json
from types import MappingProxyType

from aiohttp import web

from src.domain.errors import TradingSystemError
from src.simulator.bars import Bars
from src.simulator.clock import exchange_now
from src.simulator.contracts import Contract


class RefusedRequestError(TradingSystemError):
    """A request Bybit would answer with a retCode; always with HTTP status 200."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def text_of(content: object) -> str:
    """Compact JSON."""
    return json.dumps(content, separators=(",", ":"))


def answer(
    result: object, code: int = 0, message: str = "OK", extra: object = MappingProxyType({})
) -> web.Response:
    """An HTTP answer in Bybit's envelope, with the exchange's wall time."""
    content = {
        "retCode": code,
        "retMsg": message,
        "result": result,
        "retExtInfo": extra or {},
        "time": exchange_now(),
    }
    return web.Response(text=text_of(content), content_type="application/json")


def kline_row(contract: Contract, bars: Bars, index: int) -> list[str]:
    """`start, open, high, low, close, volume, turnover` of one candle."""
    price = contract.price_text
    return [
        str(int(bars.time[index])),
        price(float(bars.open[index])),
        price(float(bars.high[index])),
        price(float(bars.low[index])),
        price(float(bars.close[index])),
        contract.quantity_text(float(bars.volume[index])),
        f"{float(bars.turnover[index]):.4f}",
    ]
