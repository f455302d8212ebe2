"""The simulated exchange as a server: one port for HTTP and WebSocket."""

import asyncio
import contextlib
import logging

from aiohttp import web

from src.simulator.account.exchange import Exchange
from src.simulator.account.model import AccountSettings
from src.simulator.account.outside import OutsideHand
from src.simulator.account.private_stream import PrivateStream
from src.simulator.account.routes import private_routes
from src.simulator.account.store import AccountStore
from src.simulator.address_limit import address_limit
from src.simulator.bars import INTERVALS
from src.simulator.clock import LockStepClock, MarketClock, wall_now
from src.simulator.envelope import answer, text_of
from src.simulator.faults.control import FaultControl
from src.simulator.faults.fault import Script
from src.simulator.faults.injector import Injector, Streams
from src.simulator.faults.messages import MessageFaults
from src.simulator.faults.orders import OrderFaults
from src.simulator.faults.outage import Outage
from src.simulator.faults.requests import RequestFaults
from src.simulator.faults.schedule import Schedule
from src.simulator.feed import Feed
from src.simulator.history_endpoints import HistoryEndpoints
from src.simulator.market import Market
from src.simulator.publisher import TELLING_WINDOW_MS, Publisher
from src.simulator.rest import MarketEndpoints, refusals_as_answers
from src.simulator.stream import Connection, PublicStream, Topic
from src.simulator.ticker import Tickers

_CATCHING_UP_PAUSE = 0.05
_GOODBYE_SECONDS = 2.0
_REAL_TIME_PAUSE = 0.5
_OPEN_CANDLE_EVERY_MS = 2_000
_FAST_HISTORY_MS = 2 * INTERVALS["5"]

log = logging.getLogger(__name__)


class Simulator:
    """A running simulated exchange.

    `await start(host, port)` answers the port (give 0 for any free one); `await stop()`. Without
    an `account` the private side refuses every key.
    """

    def __init__(
        self,
        feed: Feed,
        clock: MarketClock,
        account: AccountSettings | None = None,
        faults: Script | None = None,
        store: AccountStore | None = None,
    ) -> None:
        self._clock = clock
        self._market = Market(feed, clock)
        tickers = Tickers(self._market)
        self._publisher = Publisher(self._market, tickers)
        schedule = Schedule(clock.now)
        deliver = MessageFaults(schedule).deliver
        self._stream = PublicStream(self._market, self._welcome, deliver)
        self._endpoints = MarketEndpoints(self._market, tickers)
        self._history = HistoryEndpoints(self._market, tickers)
        self._private_stream = PrivateStream(account, deliver)
        self._exchange = None
        if account is not None:
            tell, meddle = self._private_stream.tell, OrderFaults(schedule).meddle
            self._exchange = Exchange(self._market, tickers, account, tell, meddle, store)
        self._add_faults(schedule, faults or Script())
        self._runner: web.AppRunner | None = None
        self._pulse: asyncio.Task[None] | None = None
        now = clock.now()
        self._published = now - now % TELLING_WINDOW_MS
        self._open_candles_shown = 0
        self._store = store
        if store is not None and self._exchange is not None and store.traded_until is not None:
            self._exchange.catch_up(store.traded_until, self._published)

    def routes(self) -> list[web.RouteDef]:
        """Every address that is served."""
        return [
            *self._endpoints.routes(),
            *self._history.routes(),
            *private_routes(self._exchange),
            *self._fault_control.routes(),
            web.get("/v5/public/linear", self._stream.handle),
            web.get("/v5/private", self._private_stream.handle),
            web.get("/simulator/status", self._status),
            web.post("/simulator/step", self._step),
        ]

    async def start(self, host: str, port: int) -> int:
        """Listen; answers the port actually used."""
        middlewares = [self._request_faults.middleware(), refusals_as_answers]
        if self._clock.mode == "realtime":  # stepped, hours of the market pass in a second
            middlewares.insert(0, address_limit(wall_now))
        application = web.Application(middlewares=middlewares)
        application.add_routes(self.routes())
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=_GOODBYE_SECONDS
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        if self._clock.mode == "realtime":
            self._pulse = asyncio.create_task(self._live())
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._pulse is not None:
            self._pulse.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pulse
        await self._stream.close()
        await self._private_stream.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._store is not None:
            self._store.close()

    def _add_faults(self, schedule: Schedule, script: Script) -> None:
        outage = Outage(self._clock.now)
        streams: Streams = {
            "public": lambda: self._stream.connections,
            "private": lambda: self._private_stream.connections,
        }
        hand = None if self._exchange is None else OutsideHand(self._exchange)
        self._injector = Injector(schedule, outage, streams, hand, self._restart)
        self._request_faults = RequestFaults(schedule, outage, self._injector.act)
        self._fault_control = FaultControl(schedule, self._injector)
        schedule.add(script)

    def _restart(self) -> None:
        """What the exchange forgets when it starts again."""
        if self._exchange is not None:
            self._exchange.forget_recent()

    def _welcome(self, connection: Connection, topic: Topic) -> None:
        # A new follower starts where the others are: after what has been published.
        self._publisher.welcome(connection, topic, self._published)

    async def _live(self) -> None:
        """Publish market time as it passes, until cancelled."""
        while True:
            now = self._clock.now()
            caught_up = self._clock.caught_up
            self._advance(now, caught_up)
            await asyncio.sleep(_REAL_TIME_PAUSE if caught_up else _CATCHING_UP_PAUSE)

    def _advance(self, now: int, caught_up: bool) -> None:
        connections = self._stream.connections
        if not caught_up or now - self._published > _FAST_HISTORY_MS:
            whole = now - now % TELLING_WINDOW_MS
            if whole > self._published:
                self._trade(self._published, whole, by_second=False)
                self._injector.pass_time()
                self._publisher.replay(connections, self._published, whole)
                self._published = whole
            return
        self._trade(self._published, now, by_second=True)
        self._injector.pass_time()
        base_ms = self._market.feed.base_ms
        first_closing = self._published - self._published % base_ms + base_ms
        for closing in range(first_closing, now + 1, base_ms):
            self._publisher.close_candles(connections, closing)
        for symbol in self._market.feed.symbols:
            self._publisher.tick(connections, symbol, now)
            self._publisher.flow.tell(connections, symbol, self._published, now)
        if now - self._open_candles_shown >= _OPEN_CANDLE_EVERY_MS:
            self._publisher.show_open_candles(connections, now)
            self._open_candles_shown = now
        self._published = now

    def _trade(self, start: int, end: int, *, by_second: bool) -> None:
        """Let the account's orders meet the prices of (start, end] before they are published."""
        if self._exchange is not None:
            self._exchange.advance(start, end, by_second)

    async def _status(self, _request: web.Request) -> web.Response:
        content = {
            "mode": self._clock.mode,
            "market_time": self._clock.now(),
            "anchor": self._clock.anchor,
            "seed": self._market.feed.seed,
            "symbols": list(self._market.feed.symbols),
            "caught_up": self._clock.caught_up,
        }
        return web.Response(text=text_of(content), content_type="application/json")

    async def _step(self, _request: web.Request) -> web.Response:
        clock = self._clock
        if not isinstance(clock, LockStepClock):
            return answer({}, 10001, "only a lock-step simulator can be stepped")
        before, now = clock.now(), clock.step()
        self._trade(before, now, by_second=False)
        self._injector.pass_time()
        base_ms = self._market.feed.base_ms
        for closing in range(before + base_ms, now + 1, base_ms):
            self._publisher.close_candles(self._stream.connections, closing)
        for symbol in self._market.feed.symbols:
            self._publisher.flow.tell(self._stream.connections, symbol, before, now)
        self._published = now
        content = {"market_time": now, "finished": clock.finished}
        return web.Response(text=text_of(content), content_type="application/json")
