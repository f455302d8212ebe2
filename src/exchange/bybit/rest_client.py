"""REST through pybit, with bounded retries of reads."""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pybit.unified_trading import HTTP

from src.domain.errors import ClockSkew, RateLimited, Unavailable
from src.domain.ports import Clock
from src.exchange.bybit.address_budget import PUBLIC_REQUESTS, AddressBudget
from src.exchange.bybit.environment import ApiKey, BybitEnvironment
from src.exchange.bybit.errors import translated

_ATTEMPTS = 4
_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 5.0
# pybit retries these codes itself, badly (a negative sleep, a lost code); 0 is never an error,
# and an empty set would mean pybit's own default.
_NO_CODES = {0}

log = logging.getLogger(__name__)
T = TypeVar("T")


def public_session(environment: BybitEnvironment, timeout: float) -> HTTP:
    """A pybit session without keys that neither retries nor signs; timeout in seconds."""
    return _at(environment, HTTP(**_never_retrying(timeout)))


def signed_session(environment: BybitEnvironment, key: ApiKey, timeout: float) -> HTTP:
    """A pybit session that signs; it answers (content, elapsed, headers) and never retries."""
    session = HTTP(
        **_never_retrying(timeout), api_key=key.key, api_secret=key.secret,
        return_response_headers=True,
    )  # fmt: skip
    return _at(environment, session)


def _never_retrying(timeout: float) -> dict[str, Any]:
    return {
        "testnet": False,
        "timeout": timeout,
        "max_retries": 1,
        "force_retry": False,
        "retry_codes": _NO_CODES,
    }


def _at(environment: BybitEnvironment, session: HTTP) -> HTTP:
    session.endpoint = environment.rest_url
    if environment.is_local:
        session.client.trust_env = False
    return session


class RestClient:
    """Reads of one environment. `close` ends waiting and releases the connections.

    `call` retries only what a read may repeat: Unavailable, RateLimited and ClockSkew. It waits
    where `budget`, which is for all that is asked with it, holds `most_requests` already.
    """

    def __init__(
        self,
        environment: BybitEnvironment,
        clock: Clock,
        timeout: float = 10.0,
        first_pause: float = _FIRST_PAUSE,
        most_requests: int = PUBLIC_REQUESTS,
    ) -> None:
        self._clock = clock
        self._first_pause = first_pause
        self._closed = threading.Event()
        self.budget = AddressBudget(most_requests, clock, self._closed.wait)
        self.session = public_session(environment, timeout)

    def call(self, read: Callable[[], Mapping[str, Any]], parse: Callable[[Any], T]) -> T:
        """`parse` of the `result` of one read. Raises errors of the ExchangeError tree."""
        attempt = 1
        while True:
            self.budget.spend()
            try:
                with translated(self._clock.now):
                    return parse(read()["result"])
            except (Unavailable, RateLimited, ClockSkew) as error:
                if attempt == _ATTEMPTS:
                    raise
                pause = self._pause(attempt, error)
                log.warning("%s Trying again in %.1f s.", error, pause)
                if self._closed.wait(pause):
                    raise
            attempt += 1

    def close(self) -> None:
        """Release the connections; a read waiting to be repeated gives up."""
        self._closed.set()
        self.session.client.close()

    def _pause(self, attempt: int, error: Exception) -> float:
        """Seconds: exponential with jitter, or until the rate limit resets, but bounded."""
        pause: float = self._first_pause * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
        if isinstance(error, RateLimited):
            pause = max(pause, (error.until - self._clock.now()) / 1000)
        return min(pause, _LONGEST_PAUSE)
