"""The private stream of the simulator, spoken to without a helper."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.simulator.private import PrivateSide, private_side
from tests.integration.simulator.private_line import Line, private_line
from tests.integration.simulator.scripted_market import SYMBOL

TOPICS = ["order", "execution", "position", "wallet"]


@contextmanager
def connected() -> Iterator[tuple[PrivateSide, Line]]:
    with private_side() as side, private_line(side.url) as line:
        yield side, line


def test_nothing_is_told_before_authentication() -> None:
    with connected() as (_, line):
        assert line.ask("subscribe", "order")["success"] is False
        assert line.authenticate("wrong")["success"] is False
        assert line.authenticate(seconds=-1)["success"] is False
        assert line.ask("subscribe", "order")["success"] is False
        answer = line.authenticate()
        assert (answer["success"], answer["op"]) == (True, "auth")
        answer = line.ask("subscribe", *TOPICS)
        assert (answer["success"], answer["req_id"]) == (True, "r1")


def test_a_ping_is_answered_with_the_op_pong() -> None:
    with connected() as (_, line):
        assert line.ask("ping")["op"] == "pong"


def test_topics_of_all_and_of_one_category_cannot_share_a_request() -> None:
    with connected() as (_, line):
        line.authenticate()
        assert line.ask("subscribe", "order", "wallet.linear")["success"] is False
        assert line.ask("subscribe", "greetings")["success"] is False
        assert line.ask("subscribe", "order.linear", "execution.linear")["success"] is True


def test_there_is_no_snapshot_and_every_change_is_told() -> None:
    with connected() as (side, line):
        side.buy(orderLinkId="before")
        line.authenticate()
        line.ask("subscribe", *TOPICS)
        side.buy(orderLinkId="first", price="49000")
        told = line.hear()
        assert set(told) == {"id", "topic", "creationTime", "data"}
        assert told["data"][0]["orderLinkId"] == "first"
        side.move(49_950.0)
        execution = line.hear_until("execution")["data"][0]
        assert (execution["orderLinkId"], execution["execType"]) == ("before", "Trade")
        position = line.hear_until("position")["data"][0]
        assert position["entryPrice"] == "50000"
        assert "avgPrice" not in position
        assert line.hear_until("wallet")["data"][0]["accountType"] == "UNIFIED"
        assert line.hear_until("order")["data"][0]["orderStatus"] == "Filled"


Levels = tuple[str, str, str]
"""Size, stop and target of a position."""


def set_levels(side: PrivateSide, **levels: str) -> None:
    asked = {"category": "linear", "symbol": SYMBOL, "positionIdx": 0, "tpslMode": "Full"}
    side.session.set_trading_stop(**asked, **levels)


def test_a_position_is_told_again_whenever_its_stop_or_target_is_another() -> None:
    stamps: list[tuple[int, int]] = []

    def hear(line: Line, rows: int) -> list[Levels]:
        told = [line.hear()["data"][0] for _ in range(rows)]
        stamps.extend((row["seq"], int(row["updatedTime"])) for row in told)
        return [(row["size"], row["stopLoss"], row["takeProfit"]) for row in told]

    with private_side() as side, private_line(side.url, "position") as line:
        side.buy(stopLoss="49800", takeProfit="50600")
        side.move(49_950.0)
        assert hear(line, 2) == [("0.01", "", ""), ("0.01", "49800", "50600")]
        set_levels(side, stopLoss="49850")
        set_levels(side, stopLoss="49900", takeProfit="50700")
        assert hear(line, 2) == [("0.01", "49850", "50600"), ("0.01", "49900", "50700")]
        side.session.cancel_all_orders(category="linear", symbol=SYMBOL)
        assert hear(line, 2) == [("0.01", "", "50700"), ("0.01", "", "")]
        set_levels(side, stopLoss="49900", takeProfit="50700")
        side.move(49_890.0)
        assert hear(line, 2) == [("0.01", "49900", "50700"), ("0", "", "50700")]
        assert hear(line, 1) == [("0", "", "")]
        flat = side.position()
    assert sorted(set(stamps)) == stamps
    assert stamps[-1] == (flat["seq"], int(flat["updatedTime"]))
