"""What goes wrong with pushed messages: lost, twice, late, out of order, or never again."""

import asyncio
from decimal import Decimal

from src.simulator.clients import Client, Message
from src.simulator.faults.fault import Fault
from src.simulator.faults.kinds import Occasion
from src.simulator.faults.schedule import Schedule

_WITH_DELTAS = ("tickers", "orderbook")
_ALTERATION = Decimal("1.001")


class MessageFaults:
    """Stands between the publisher and a client's queue."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def deliver(self, client: Client, message: Message) -> None:
        """Queue the message for the client as the faults in force say."""
        due = self._due(message) if self._schedule.armed else {}
        if "disconnect" in due:
            client.hang_up()
            return
        if "silent" in due:
            client.fall_silent(due["silent"].number("seconds"))
        if client.silent or "lost" in due:
            return
        messages = [message]
        if "delta_before_snapshot" in due:
            messages.insert(0, {**message, "type": "delta"})
        if "duplicate" in due:
            again = _altered(message) if due["duplicate"].flag("altered") else message
            messages.append(again)
        topic = str(message["topic"])
        if "late" in due:
            loop = asyncio.get_running_loop()
            loop.call_later(due["late"].number("seconds"), client.queue, *messages)
        elif "out_of_order" in due:
            client.held.setdefault(topic, []).extend(messages)
        else:
            client.queue(*messages, *client.held.pop(topic, []))

    def _due(self, message: Message) -> dict[str, Fault]:
        topic = str(message["topic"])
        snapshot = message.get("type") == "snapshot" and topic.startswith(_WITH_DELTAS)
        open_candle = topic.startswith("kline") and not _first(message).get("confirm")

        def counts(fault: Fault) -> bool:
            if fault.kind == "delta_before_snapshot":
                return snapshot
            return not (open_candle and fault.parameters.get("confirmed"))

        due = self._schedule.due(Occasion.MESSAGE, topic, _symbol(message), counts=counts)
        return {fault.kind: fault for fault in due}


def _first(message: Message) -> dict[str, object]:
    data = message["data"]
    row = data[0] if isinstance(data, list) and data else data
    return row if isinstance(row, dict) else {}


def _symbol(message: Message) -> str:
    topic = str(message["topic"])
    return str(_first(message).get("symbol", "")) or (
        topic.rpartition(".")[2] if "." in topic else ""
    )


def _altered(message: Message) -> Message:
    """The same candle with another close: what an exchange must never send."""
    row = dict(_first(message))
    for name in ("close", "high"):
        if name in row:
            row[name] = f"{(Decimal(str(row[name])) * _ALTERATION):f}"
    return {**message, "data": [row]}
