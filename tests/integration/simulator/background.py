"""A simulator on a free port in a thread of its own, for tests that speak to it for real."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

from bench.ports import free_port
from src.simulator.account.model import AccountSettings
from src.simulator.account.store import AccountStore
from src.simulator.clock import MarketClock
from src.simulator.faults.fault import Script
from src.simulator.feed import Feed
from src.simulator.server import Simulator


class BackgroundSimulator:
    """`with BackgroundSimulator(feed, clock) as simulator: simulator.url` serves until the end.

    Give `port` to come back on the port of an earlier one.
    """

    def __init__(
        self,
        feed: Feed,
        clock: MarketClock,
        port: int | None = None,
        account: AccountSettings | None = None,
        faults: Script | None = None,
        store: AccountStore | None = None,
    ) -> None:
        self._feed = feed
        self._clock = clock
        self.port = port or free_port()
        self._account = account
        self._faults = faults
        self._store = store
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        """Base address for HTTP."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "BackgroundSimulator":
        self._thread.start()
        self._simulator = self._run(self._make())
        self._run(self._simulator.start("127.0.0.1", self.port))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._simulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _make(self) -> Simulator:
        return Simulator(self._feed, self._clock, self._account, self._faults, self._store)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)
