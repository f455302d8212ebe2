"""Whether Bybit answers from here: what MARKET_DATA=auto asks once."""

import logging

from src.clock import SystemClock
from src.domain.errors import ExchangeError
from src.exchange.bybit.environment import BybitEnvironment
from src.exchange.bybit.errors import translated
from src.exchange.bybit.rest_client import public_session

log = logging.getLogger(__name__)


def bybit_answers(environment: BybitEnvironment, timeout: float) -> bool:
    """Whether `market/time` answers within `timeout` seconds (asked once); logs why not."""
    session = public_session(environment, timeout)
    try:
        with translated(SystemClock().now):
            session.get_server_time()
    except ExchangeError as error:
        log.info("Bybit (%s) does not answer: %s", environment.kind, error)
        return False
    finally:
        session.client.close()
    return True
