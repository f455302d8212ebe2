"""The order book of a simulated perpetual: what a taker order of the account would meet."""

from typing import NamedTuple

from src.simulator.contracts import Contract
from src.simulator.market import Market

LEVELS = 25
"""Levels on each side; a taker order never gets deeper."""

Side = dict[str, str]
"""Size by price, best first."""


class Book(NamedTuple):
    """Both sides as of `time` (UTC ms). `update` only ever grows with market time."""

    bids: Side
    asks: Side
    update: int
    time: int


def level_size(contract: Contract) -> str:
    """What every level of the book holds."""
    return contract.quantity_text(contract.minute_volume / 10)


def book_at(market: Market, symbol: str, now: int, depth: int) -> Book:
    """The best `depth` levels at `now`: the last price is the best ask, a tick below the best bid.

    Raises LookupError where nothing has traded yet.
    """
    contract = market.feed.contract(symbol)
    ask = round(market.price(symbol, now) / contract.tick)
    size = level_size(contract)
    levels = range(min(depth, LEVELS))
    asks = {contract.price_text((ask + level) * contract.tick): size for level in levels}
    bids = {
        contract.price_text((ask - 1 - level) * contract.tick): size
        for level in levels
        if ask - 1 - level > 0
    }
    return Book(bids, asks, max(2, (now - market.feed.first_time) // 1_000), now)


def changes(before: Side, after: Side) -> list[list[str]]:
    """Levels that are new or of another size, and those gone, with size 0."""
    gone = [[price, "0"] for price in before if price not in after]
    return gone + [[price, size] for price, size in after.items() if before.get(price) != size]


def rows(side: Side) -> list[list[str]]:
    """A side as Bybit writes it."""
    return [[price, size] for price, size in side.items()]
