"""Signed REST through pybit: paced by Bybit's own headers, writes never repeated blindly."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from src.domain.errors import ExchangeError, RateLimited, UnknownOutcome
from src.domain.ports import Clock
from src.exchange.bybit.address_budget import SIGNED_REQUESTS
from src.exchange.bybit.environment import ApiKey, BybitEnvironment
from src.exchange.bybit.errors import AlreadySet, translated_write
from src.exchange.bybit.rest_client import RestClient, signed_session

_LONGEST_WAIT = 5.0
_WRITE_ATTEMPTS = 3

log = logging.getLogger(__name__)
T = TypeVar("T")
Call = Callable[..., Any]


class SignedClient:
    """Reads and writes of one account. Names are those of pybit's methods."""

    def __init__(
        self, environment: BybitEnvironment, key: ApiKey, clock: Clock, timeout: float = 10.0
    ) -> None:
        self._clock = clock
        self._closed = threading.Event()
        self._reads = RestClient(environment, clock, timeout, most_requests=SIGNED_REQUESTS)
        self._session = signed_session(environment, key, timeout)
        self._full_until: dict[str, int] = {}

    def server_time(self) -> int:
        """Bybit's wall clock, UTC ms."""
        read = self._reads.session.get_server_time
        return self._reads.call(read, lambda result: int(result["timeNano"]) // 1_000_000)

    def read(self, name: str, parse: Callable[[Any], T], **parameters: Any) -> T:
        """`parse` of the result. Raises errors of the ExchangeError tree, after retries."""
        return self._reads.call(lambda: self._ask(name, parameters), parse)

    def pages(self, name: str, **parameters: Any) -> "Pages":
        """Every row of a list, page by page."""
        return Pages(self, name, parameters)

    def write(self, name: str, **parameters: Any) -> Mapping[str, Any]:
        """The result of a write. Raises UnknownOutcome when it may or may not have happened.

        Only what Bybit certainly did not do, because it was too much at once, is sent again.
        """
        return self._write(name, parameters, (RateLimited,))

    def settle(self, name: str, **parameters: Any) -> None:
        """A write that says how things shall be, and may therefore be repeated until it is known.

        What is already so is done. Raises errors of the ExchangeError tree.
        """
        try:
            self._write(name, parameters, (RateLimited, UnknownOutcome))
        except AlreadySet as already:
            log.debug("%s: %s", name, already)

    def _write(
        self,
        name: str,
        parameters: Mapping[str, Any],
        repeatable: tuple[type[ExchangeError], ...],
    ) -> Mapping[str, Any]:
        attempt = 1
        while True:
            self._reads.budget.spend()
            try:
                with translated_write(self._clock.now):
                    result: Mapping[str, Any] = self._ask(name, parameters)["result"]
                    return result
            except repeatable as error:
                if attempt == _WRITE_ATTEMPTS:
                    raise
                until = error.until if isinstance(error, RateLimited) else 0
                self._wait_until(until)
            attempt += 1

    def pause(self, seconds: float) -> bool:
        """Wait; True when the client was closed meanwhile."""
        return self._closed.wait(seconds)

    def close(self) -> None:
        """Release the connections; whoever waits gives up."""
        self._closed.set()
        self._reads.close()
        self._session.client.close()

    def _ask(self, name: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        self._wait_until(self._full_until.pop(name, 0))
        content, _, headers = getattr(self._session, name)(**parameters)
        if headers.get("X-Bapi-Limit-Status") == "0":
            self._full_until[name] = int(headers.get("X-Bapi-Limit-Reset-Timestamp", "0"))
        answered: Mapping[str, Any] = content
        return answered

    def _wait_until(self, time: int) -> None:
        seconds = (time - self._clock.now()) / 1000
        if seconds > 0:
            self.pause(min(seconds, _LONGEST_WAIT))


class Pages:
    """An iterator over pages of rows."""

    def __init__(self, client: SignedClient, name: str, parameters: dict[str, Any]) -> None:
        self._client = client
        self._name = name
        self._parameters = parameters
        self._cursor: str | None = None

    def __iter__(self) -> "Pages":
        return self

    def __next__(self) -> list[Mapping[str, Any]]:
        if self._cursor == "":
            raise StopIteration
        rows, self._cursor = self._client.read(
            self._name,
            lambda result: (list(result["list"]), str(result.get("nextPageCursor") or "")),
            **self._parameters,
            cursor=self._cursor,
        )
        if not rows:  # whatever its cursor says
            self._cursor = ""
        return rows
