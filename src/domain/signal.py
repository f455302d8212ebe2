"""Signals: what the strategy proposes, with the facts it was decided on."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from src.domain.candle import Timeframe
from src.domain.order import Direction, OrderKind


class SetupEvent(enum.Enum):
    """Life of a setup inside the strategy (ict-spec section 14)."""

    ARMED = "armed"
    REFUSED = "refused"
    TRIGGERED = "triggered"
    CANCELLED = "cancelled"


class SignalStatus(enum.Enum):
    """Life of a signal in the product. Refused by the strategy or by risk: both are kept."""

    REFUSED = "refused"
    ARMED = "armed"
    FILLED = "filled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SetupUpdate:
    """One event of one setup, known at the close of a candle.

    `known_at` is that candle's close time and `armed_at` the close time of the candle that armed
    (or refused) the setup, both UTC ms market time; (symbol, timeframe, model, direction,
    armed_at) names a setup for ever. Prices are floats straight from the detectors, not yet on
    ticks. `components` are the points of the confluence score by name and sum to `score` (0-100).
    `reasons` are sentences for a person; `refusals` say why a setup was not taken (all of them);
    `cancel_reason` is one of stop_traded, zone_inverted, target_traded, expired.
    """

    event: SetupEvent
    symbol: str
    timeframe: Timeframe
    model: str
    direction: Direction
    armed_at: int
    known_at: int
    entry_kind: OrderKind
    entry: float
    stop: float
    target: float
    score: float
    components: Mapping[str, float]
    reasons: tuple[str, ...]
    refusals: tuple[str, ...] = ()
    cancel_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A setup as stored and shown. `signal_id` derives from what it is, never from memory."""

    signal_id: str
    symbol: str
    timeframe: Timeframe
    model: str
    direction: Direction
    status: SignalStatus
    entry_price: float
    stop_loss: float
    take_profit: float
    confluence_score: float
    components: Mapping[str, float]
    reasons: tuple[str, ...]
    refusals: tuple[str, ...]
    armed_at: int
    updated_at: int
