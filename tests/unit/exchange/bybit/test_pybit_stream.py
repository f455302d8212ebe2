"""pybit waits for a connection in a loop without an end; ours must leave it."""

from threading import Thread

import pytest
from websocket import WebSocketConnectionClosedException

from src.exchange.bybit.pybit_stream import PybitStream


@pytest.fixture
def stream() -> PybitStream:
    """One whose reading thread has ended without a word."""
    stream = PybitStream("ws://127.0.0.1:9", 1.0, "linear")
    stream.wst = Thread(target=int)
    stream.wst.start()
    stream.wst.join()
    return stream


def test_nobody_waits_for_a_connection_that_nobody_reads(stream: PybitStream) -> None:
    with pytest.raises(WebSocketConnectionClosedException, match="it was closed"):
        stream.subscribe("kline.5.{symbol}", print, "BTCUSDT")


def test_a_ping_on_a_line_that_has_ended_troubles_nobody(stream: PybitStream) -> None:
    stream._send_custom_ping()
