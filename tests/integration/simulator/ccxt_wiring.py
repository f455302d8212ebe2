"""ccxt as its users have it, only that its addresses are the simulator's."""

from typing import Any

PERPETUAL = "BTC/USDT:USDT"


def point_to(exchange: Any, url: str) -> None:
    """Replace every address of a ccxt (or ccxt.pro) exchange by the simulator's."""
    addresses = exchange.urls["api"]
    streams = addresses.pop("ws", None)
    for name in addresses:
        addresses[name] = url
    if streams is not None:
        socket = url.replace("http", "ws")
        streams["public"] = dict.fromkeys(streams["public"], f"{socket}/v5/public/linear")
        streams["private"] = {"contract": f"{socket}/v5/private"}
        addresses["ws"] = streams
