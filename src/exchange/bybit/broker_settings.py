"""How patient a BybitBroker is, and which price fires its stops."""

from dataclasses import dataclass, field

from src.exchange.bybit.stream import StreamSettings


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Times in milliseconds where the name says so, else in seconds.

    An order whose fate is unknown is looked for during `lookup_seconds`, then sent again under the
    same id at most `resends` times. `clock_limit_ms` is how far this machine's clock may be off.
    `ack_grace_ms` is how long an acknowledged order may stay invisible, `deaf_after_ms` how long
    the stream may take to tell what is known from elsewhere.
    """

    stop_trigger: str = "LastPrice"
    timeout: float = 10.0
    lookup_seconds: float = 5.0
    lookup_pause: float = 0.25
    resends: int = 2
    clock_limit_ms: int = 500
    ack_grace_ms: int = 10_000
    deaf_after_ms: int = 5_000
    pull_every_ms: int = 60_000
    pull_again_ms: int = 5_000
    measure_every_ms: int = 5_000
    stream: StreamSettings = field(
        default_factory=lambda: StreamSettings(watch_freshness=False, longest_silence_ms=600_000)
    )
