"""The kinds of fault: on which occasions each can happen and which parameters it takes."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = bool | int | float | str


class Occasion(enum.StrEnum):
    """What is counted: requests by path, pushed messages by topic, new orders, market time."""

    REQUEST = "request"
    MESSAGE = "message"
    ORDER = "order"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. The first occasion is the usual one; `parameters` hold the defaults."""

    occasions: tuple[Occasion, ...]
    parameters: Mapping[str, Value] = field(default_factory=dict)


_REQUEST = (Occasion.REQUEST,)
_MESSAGE = (Occasion.MESSAGE,)
_ORDER = (Occasion.ORDER,)
_CONNECTION = (Occasion.MESSAGE, Occasion.REQUEST, Occasion.CLOCK)
_OUTSIDE = (Occasion.CLOCK, Occasion.REQUEST)

KINDS: Mapping[str, Kind] = {
    "timeout": Kind(_REQUEST, {"seconds": 60.0, "accepted": True}),
    "dropped": Kind(_REQUEST, {"accepted": True}),
    "slow": Kind(_REQUEST, {"seconds": 1.0}),
    "server_error": Kind(_REQUEST, {"status": 503, "accepted": False}),
    "empty_body": Kind(_REQUEST, {"accepted": True}),
    "forbidden": Kind(_REQUEST),
    "too_many_requests": Kind(_REQUEST, {"reset_ms": 1000}),
    "rate_limited": Kind(_REQUEST, {"reset_ms": 1000}),
    "clock_skew": Kind(_REQUEST, {"milliseconds": 10_000}),
    "refused": Kind(_REQUEST, {"code": 10001, "message": "params error", "accepted": False}),
    "disconnect": Kind(_CONNECTION, {"stream": "all"}),
    "silent": Kind(_CONNECTION, {"stream": "all", "seconds": 0.0}),
    "delta_before_snapshot": Kind(_MESSAGE),
    "duplicate": Kind(_MESSAGE, {"confirmed": True, "altered": False}),
    "out_of_order": Kind(_MESSAGE, {"confirmed": True}),
    "late": Kind(_MESSAGE, {"confirmed": True, "seconds": 1.0}),
    "lost": Kind(_MESSAGE, {"confirmed": True}),
    "partial_fill_then_cancel": Kind(_ORDER, {"fraction": 0.5}),
    "order_rejected": Kind(_ORDER, {"reason": "EC_NoEnoughQtyToFill"}),
    "stop_rejected": Kind(_ORDER),
    "stop_lost": Kind(_OUTSIDE),
    "position_closed": Kind(_OUTSIDE),
    "position_resized": Kind(_OUTSIDE, {"factor": 0.5}),
    "liquidation": Kind(_OUTSIDE),
    "adl": Kind(_OUTSIDE, {"fraction": 1.0}),
    "outage": Kind(_OUTSIDE, {"seconds": 5.0, "market_minutes": 0, "status": 0}),
    "restart": Kind(_OUTSIDE, {"seconds": 1.0}),
}
"""Every kind by its name, as docs/simulator.md describes it."""
