"""What scripted faults do to the streams."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import websocket

from tests.integration.simulator.faults import inject
from tests.integration.simulator.private import PrivateSide, private_side
from tests.integration.simulator.private_line import Line, private_line

KLINE = "kline.5.BTCUSDT"


@contextmanager
def public_line(side: PrivateSide, *topics: str) -> Iterator[Line]:
    url = side.url.replace("http", "ws") + "/v5/public/linear"
    with closing(
        websocket.create_connection(url, timeout=60, http_no_proxy=["127.0.0.1"])
    ) as socket:
        line = Line(socket)
        assert line.ask("subscribe", *topics)["success"]
        yield line


@pytest.fixture
def side() -> Iterator[PrivateSide]:
    with private_side() as side:
        yield side


def candle(message: dict[str, Any]) -> tuple[int, str]:
    return message["data"][0]["start"], message["data"][0]["close"]


def test_a_candle_comes_twice_and_may_come_changed(side: PrivateSide) -> None:
    inject(side.url, "duplicate", topic=KLINE)
    inject(side.url, "duplicate", topic=KLINE, first=2, altered=True)
    with public_line(side, KLINE) as line:
        side.move(50_100.0, 50_200.0)
        first, again, second, changed = (candle(line.hear()) for _ in range(4))
    assert first == again
    assert second[0] == changed[0]
    assert second[1] != changed[1]


def test_a_candle_comes_after_the_next_one(side: PrivateSide) -> None:
    inject(side.url, "out_of_order", topic=KLINE)
    with public_line(side, KLINE) as line:
        side.move(50_100.0, 50_200.0)
        starts = [candle(line.hear())[0] for _ in range(2)]
    assert starts[0] == starts[1] + 300_000


def test_a_candle_is_lost_or_late(side: PrivateSide) -> None:
    inject(side.url, "lost", topic=KLINE)
    inject(side.url, "late", topic=KLINE, first=2, seconds=0.3)
    with public_line(side, KLINE) as line:
        side.move(50_100.0, 50_200.0, 50_300.0)
        heard = [candle(line.hear())[1] for _ in range(2)]
    assert heard == ["50300.00", "50200.00"]


def test_a_silent_connection_still_pongs(side: PrivateSide) -> None:
    with public_line(side, KLINE) as line:
        inject(side.url, "silent", stream="public")
        side.move(50_100.0)
        assert line.ask("ping")["ret_msg"] == "pong"
    with public_line(side, KLINE) as line:
        side.move(50_200.0)
        assert candle(line.hear())[1] == "50200.00"


def test_a_ticker_delta_comes_before_its_snapshot(side: PrivateSide) -> None:
    inject(side.url, "delta_before_snapshot", topic="tickers.*")
    with public_line(side, "tickers.BTCUSDT") as line:
        assert [line.hear()["type"] for _ in range(2)] == ["delta", "snapshot"]


def test_a_connection_is_cut_when_a_message_is_due(side: PrivateSide) -> None:
    inject(side.url, "disconnect", topic=KLINE)
    with public_line(side, KLINE) as line:
        side.move(50_100.0)
        with pytest.raises((websocket.WebSocketException, ConnectionError)):
            line.hear()


@pytest.mark.parametrize("kind", ["disconnect", "outage", "restart"])
def test_every_stream_is_cut(side: PrivateSide, kind: str) -> None:
    with public_line(side, KLINE) as public, private_line(side.url, "order") as private:
        inject(side.url, kind)
        for line in (public, private):
            with pytest.raises((websocket.WebSocketException, ConnectionError)):
                line.hear()


def test_a_handshake_is_answered_with_an_error(side: PrivateSide) -> None:
    inject(side.url, "server_error", path="/v5/private", status=503)
    with pytest.raises(websocket.WebSocketBadStatusException), private_line(side.url, "order"):
        pass
    with private_line(side.url, "order") as line:
        assert line.ask("ping")["op"] == "pong"


def test_executions_come_twice_and_out_of_order(side: PrivateSide) -> None:
    inject(side.url, "duplicate", topic="execution")
    inject(side.url, "out_of_order", topic="execution", first=2)
    with private_line(side.url, "execution") as line:
        side.market(orderLinkId="one")
        side.move(50_100.0)
        side.market(orderLinkId="two")
        side.market(orderLinkId="three")
        side.move(50_100.0)
        heard = [line.hear()["data"][0] for _ in range(4)]
    assert [row["orderLinkId"] for row in heard] == ["one", "one", "three", "two"]
    assert heard[0]["execId"] == heard[1]["execId"]
