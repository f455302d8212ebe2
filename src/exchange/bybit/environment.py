"""Bybit's environments as data: where REST and the two streams of each one live."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class BybitEnvironment:
    """Base addresses without a path. `kind` is live, demo, testnet or simulator."""

    kind: str
    rest_url: str
    public_ws: str
    private_ws: str

    @property
    def is_local(self) -> bool:
        """Whether this is the simulator on this machine, which no proxy may stand before."""
        return urlsplit(self.rest_url).hostname in ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of one environment; the secret never shows itself."""

    key: str
    secret: str = field(repr=False)


LIVE = BybitEnvironment(
    "live", "https://api.bybit.com", "wss://stream.bybit.com", "wss://stream.bybit.com"
)
TESTNET = BybitEnvironment(
    "testnet",
    "https://api-testnet.bybit.com",
    "wss://stream-testnet.bybit.com",
    "wss://stream-testnet.bybit.com",
)
# stream-demo serves no public data: demo accounts watch the live market.
DEMO = BybitEnvironment(
    "demo", "https://api-demo.bybit.com", "wss://stream.bybit.com", "wss://stream-demo.bybit.com"
)


def simulator_environment(url: str) -> BybitEnvironment:
    """The simulator at `url` (`http://host:port`); one port serves REST and streams."""
    base = url.rstrip("/")
    stream = base.replace("http", "ws", 1)
    return BybitEnvironment("simulator", base, stream, stream)
