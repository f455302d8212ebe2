"""Public trades: one each second, at the price of that second."""

from typing import NamedTuple
from uuid import NAMESPACE_OID, uuid5

from src.simulator.market import Market
from src.simulator.tick_path import SECOND_MS


class Trade(NamedTuple):
    """A trade between other people. `time` is UTC ms; `side` is the taker's."""

    identity: str
    symbol: str
    time: int
    price: str
    size: str
    side: str
    direction: str


def trades_between(market: Market, symbol: str, start: int, end: int) -> list[Trade]:
    """Trades with start < time <= end, oldest first.

    In lock-step, where nothing is known inside a candle, one at every close.
    """
    feed = market.feed
    by_second = market.clock.mode == "realtime"
    step = SECOND_MS if by_second else feed.base_ms
    contract = feed.contract(symbol)
    made = []
    for time in range(start - start % step + step, end + 1, step):
        base_open = (time - 1) // feed.base_ms * feed.base_ms
        bars = feed.bars(symbol, base_open, base_open + feed.base_ms)
        if bars.size == 0:
            continue
        price, before = market.price(symbol, time), market.price(symbol, time - step)
        size = max(float(bars.volume[0]) * step / feed.base_ms, float(contract.quantity_step))
        made.append(
            Trade(
                str(uuid5(NAMESPACE_OID, f"{feed.seed} {symbol} {time}")),
                symbol,
                time,
                contract.price_text(price),
                contract.quantity_text(size),
                "Buy" if price >= before else "Sell",
                "PlusTick" if price > before else "MinusTick" if price < before else "ZeroPlusTick",
            )
        )
    return made
