"""Where the trading process is killed: named points of submission, fills and commits.

A point at the exchange is a fault that holds the process there (a request that is not answered, a
message that is not delivered); when the fault has happened, the process is where it is wanted. A
point of the database is a change that is seen from outside, through another connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.crash.exchange import Fault
from bench.crash.journal import JournalWatch

HELD_SECONDS = 8.0
_LANDS_LATER_SECONDS = 0.7
_CREATE, _CANCEL = "/v5/order/create", "/v5/order/cancel"
_STOP = "/v5/position/trading-stop"
_READS = (
    "/v5/order/realtime",
    "/v5/order/history",
    "/v5/execution/list",
    "/v5/position/list",
    "/v5/account/wallet-balance",
)
_STARTING = (
    *_READS,
    "/v5/position/switch-mode",
    "/v5/user/query-api",
    "/v5/market/kline",
    "/v5/market/instruments-info",
)

Faults = tuple[Fault, ...]
Reading = Callable[[JournalWatch], object]


@dataclass(frozen=True, slots=True)
class Point:
    """One kill. `trap` holds the process at the exchange; `reading` is what has to change
    `changes` times in the database instead; with neither it is `delay` seconds into a step.

    `before` are faults that lead there. `recovering`: the kill comes during the start.
    """

    name: str
    trap: Fault | None = None
    reading: Reading | None = None
    changes: int = 1
    delay: float = 0.0
    before: Faults = ()
    recovering: bool = False
    exchange: bool = False
    trader: bool = True

    @property
    def blind(self) -> bool:
        """Whether nothing is waited for."""
        return self.trap is None and self.reading is None


Maker = tuple[int, Callable[[Random], Point]]


def _held(path: str, *, accepted: bool, first: int = 1) -> Fault:
    return {
        "fault": "timeout", "path": path, "accepted": accepted,
        "seconds": HELD_SECONDS, "first": first,
    }  # fmt: skip


def _undelivered(topic: str) -> Fault:
    return {"fault": "late", "topic": topic, "seconds": HELD_SECONDS}


def _count(table: str, condition: str = "1") -> Reading:
    return lambda journal: journal.number(f"SELECT count(*) FROM {table} WHERE {condition}")  # noqa: S608 - our own words


_STOP_REJECTED: Fault = {"fault": "stop_rejected"}
_PARTIAL: Fault = {"fault": "partial_fill_then_cancel", "fraction": 0.4}
_STOP_LOST: Fault = {"fault": "stop_lost", "path": "/v5/position/list"}
_LANDS_LATER: Fault = {"fault": "slow", "path": _CREATE, "seconds": _LANDS_LATER_SECONDS}


def _request(name: str, weight: int, path: str, *, accepted: bool, before: Faults = ()) -> Maker:
    return weight, lambda _: Point(name, _held(path, accepted=accepted), before=before)


def _message(name: str, weight: int, topic: str, before: Faults = ()) -> Maker:
    return weight, lambda _: Point(name, _undelivered(topic), before=before)


def _stored(name: str, weight: int, table: str, condition: str = "1") -> Maker:
    return weight, lambda _: Point(name, reading=_count(table, condition))


def _being_written(chance: Random) -> Point:
    return Point("commit being written", reading=lambda j: j.written, changes=chance.randint(1, 60))


def _committed(chance: Random) -> Point:
    return Point("commit done", reading=lambda j: j.commits, changes=chance.randint(1, 40))


def _being_read(chance: Random) -> Point:
    trap = _held(chance.choice(_READS), accepted=True, first=chance.randint(2, 30))
    return Point("account being read", trap)


def _recovering(chance: Random) -> Point:
    return Point("during recovery", _held(chance.choice(_STARTING), accepted=True), recovering=True)


def _exchange_dies(chance: Random) -> Point:
    delay = chance.random() * 0.1
    return Point("the exchange, any moment", delay=delay, exchange=True, trader=False)


_MAKERS: tuple[Maker, ...] = (
    _request("entry sent, not arrived", 3, _CREATE, accepted=False),
    _request("entry accepted, answer lost", 3, _CREATE, accepted=True),
    (2, lambda _: Point("entry arrives after the death", _LANDS_LATER)),
    _stored("entry journaled", 2, "orders"),
    _stored("answer to an entry stored", 2, "orders", "status <> 'pending'"),
    _request("withdrawal not arrived", 1, _CANCEL, accepted=False),
    _request("withdrawal accepted, answer lost", 1, _CANCEL, accepted=True),
    _message("execution not told", 3, "execution"),
    _message("order's end not told", 2, "order"),
    _message("partial fill, then cancelled", 2, "execution", (_PARTIAL,)),
    _message("filled, its stop rejected", 2, "execution", (_STOP_REJECTED,)),
    _request("stop being set again, not arrived", 1, _STOP, accepted=False, before=(_STOP_LOST,)),
    _request("stop set again, answer lost", 1, _STOP, accepted=True, before=(_STOP_LOST,)),
    _stored("fill stored", 3, "fills"),
    _stored("funding stored", 1, "funding_payments"),
    (3, _being_written),
    (3, _committed),
    (2, _being_read),
    (3, _recovering),
    (2, lambda chance: Point("any moment", delay=chance.random() * 0.3)),
    (1, _exchange_dies),
    (1, lambda _: Point("both, an entry on its way", _LANDS_LATER, exchange=True)),
)
"""Each point's weight, and how one is drawn; in the order of an order's life."""


def drawn(chance: Random) -> Point:
    """A point, by the weights above."""
    weights = [weight for weight, _ in _MAKERS]
    [(_, make)] = chance.choices(_MAKERS, weights)
    return make(chance)


def names() -> list[str]:
    """Every point, in the order of an order's life."""
    return [make(Random(0)).name for _, make in _MAKERS]  # noqa: S311 - names only


def weather(chance: Random) -> list[Fault]:
    """What goes wrong all the time, besides the kills."""
    order, read = "/v5/order/*", "/v5/*"
    return [
        {"fault": "dropped", "path": order, "accepted": True, "probability": 0.04, "times": 0},
        {"fault": "dropped", "path": order, "accepted": False, "probability": 0.02, "times": 0},
        {"fault": "timeout", "path": _CREATE, "seconds": 0.5, "probability": 0.05, "times": 0},
        {"fault": "server_error", "path": read, "status": 502, "probability": 0.01, "times": 0},
        {"fault": "server_error", "path": order, "accepted": True, "probability": 0.03, "times": 0},
        {"fault": "empty_body", "path": order, "probability": 0.02, "times": 0},
        {"fault": "duplicate", "topic": "execution", "probability": 0.3, "times": 0},
        {"fault": "late", "topic": "execution", "seconds": 0.3, "probability": 0.2, "times": 0},
        {"fault": "lost", "topic": "order", "probability": 0.1, "times": 0},
        {"fault": "lost", "topic": "execution", "probability": 0.1, "times": 0},
        {"fault": "disconnect", "topic": "execution", "stream": "private", "probability": 0.05},
        {"fault": "partial_fill_then_cancel", "probability": 0.1, "times": 0},
        {"fault": "order_rejected", "probability": 0.04, "times": 0},
        {"fault": "stop_rejected", "probability": 0.03, "times": 0},
        {"fault": "refused", "path": _STOP, "probability": 0.2, "times": 0},
        *_somebody(chance),
    ]


def _somebody(chance: Random) -> list[Fault]:
    """Now and then a hand from outside, at a reading of the positions."""
    when = {"path": "/v5/position/list", "first": chance.randint(5, 80)}
    kinds = (None, "stop_lost", "position_closed", "adl")
    kind = chance.choices(kinds, (6, 1, 1, 1))[0]
    return [] if kind is None else [{"fault": kind, **when}]
