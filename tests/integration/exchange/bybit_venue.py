"""A BybitBroker on a simulated Bybit whose market is moved by the test. Everything is real."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from src.clock import SystemClock
from src.domain.order import Fill, FundingPayment
from src.domain.ports import Report
from src.exchange.bybit import (
    AccountHistory,
    ApiKey,
    BrokerSettings,
    BybitBroker,
    BybitEnvironment,
    StreamSettings,
    simulator_environment,
)
from src.exchange.bybit.simulator_control import step
from src.simulator.account.model import AccountSettings
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.private import PrivateSide, signed_session
from tests.integration.simulator.scripted_market import (
    NOON,
    STEP,
    SYMBOL,
    ScriptedFeed,
    scripted_clock,
)

KEY = ApiKey("simulated-key", "simulated-secret")
ACCOUNT = AccountSettings(KEY.key, KEY.secret, Decimal(1000))
QUICK_STREAM = StreamSettings(
    watch_freshness=False, first_pause=0.02, longest_pause=0.1, check_every=0.02
)
QUICK = BrokerSettings(
    lookup_seconds=0.5, lookup_pause=0.02, measure_every_ms=0, stream=QUICK_STREAM
)


class JournalledBroker(BybitBroker):
    """A broker with the one thing its owner stores: the execution ids it was told."""

    def __init__(
        self,
        environment: BybitEnvironment,
        settings: BrokerSettings,
        booked: frozenset[str],
        history: AccountHistory | None = None,
    ) -> None:
        super().__init__(
            environment, KEY, SystemClock(), booked, settings=settings, history=history
        )
        self.booked = booked
        self.start()

    def drain(self) -> list[Report]:
        reports = super().drain()
        self.booked |= {
            fact.execution_id for fact in reports if isinstance(fact, Fill | FundingPayment)
        }
        return reports


class BybitVenue:
    """A market at 50,100 that trades where it is told, and a broker on it."""

    def __init__(
        self, simulator: BackgroundSimulator, feed: ScriptedFeed, settings: BrokerSettings
    ) -> None:
        self.simulator = simulator
        self.url = simulator.url
        self.settings = settings
        self._feed = feed
        self._time = NOON
        self.history = AccountHistory()
        self.broker = JournalledBroker(
            simulator_environment(self.url), self.settings, frozenset(), self.history
        )

    @property
    def bybit(self) -> BybitBroker:
        return self.broker

    def now(self) -> int:
        return self._time

    def move(self, *prices: float, symbol: str = SYMBOL) -> None:
        """Let the market trade through these prices; the broker hears of it by its stream."""
        for price in prices:
            self._feed.trade(self._time, {symbol: price})
            self._time = step(self.url).market_time

    def trade_at(self, *prices: float) -> None:
        """The same, and the next drain looks at the account itself."""
        self.move(*prices)
        self.bybit.refresh()

    @contextmanager
    def account(self) -> Iterator[PrivateSide]:
        """The account as its owner sees it with another client."""
        session = signed_session(self.url, KEY.key, KEY.secret)
        yield PrivateSide(self.url, session, self._feed, self._time)
        session.client.close()

    def restart(self) -> None:
        self.bybit.close()
        self.broker = JournalledBroker(
            simulator_environment(self.url), self.settings, self.broker.booked, self.history
        )

    def close(self) -> None:
        self.bybit.close()


@contextmanager
def bybit_venue(
    account: AccountSettings = ACCOUNT,
    feed: ScriptedFeed | None = None,
    settings: BrokerSettings | None = None,
) -> Iterator[BybitVenue]:
    market = feed or ScriptedFeed(50_100.0)
    with BackgroundSimulator(market, scripted_clock(), account=account) as simulator:
        venue = BybitVenue(simulator, market, settings or QUICK)
        try:
            yield venue
        finally:
            venue.close()


__all__ = [
    "ACCOUNT",
    "KEY",
    "QUICK",
    "QUICK_STREAM",
    "STEP",
    "BybitVenue",
    "JournalledBroker",
    "bybit_venue",
]
