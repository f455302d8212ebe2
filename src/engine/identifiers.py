"""Names that derive from what a thing is, so a restart gives the same thing the same name."""

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache

from src.domain.order import Direction
from src.domain.signal import SetupUpdate

_SYMBOL_CHARACTERS = 10
_DIGEST_BYTES = 10
_DAY_SECONDS = 86_400
_OWN_ORDER = re.compile(
    rf"[A-Za-z0-9]{{0,{_SYMBOL_CHARACTERS}}}-[0-9a-f]{{{2 * _DIGEST_BYTES}}}-[0-9]+"
)


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    """`20260301` of a day counted from 1970."""
    return f"{datetime.fromtimestamp(day * _DAY_SECONDS, UTC):%Y%m%d}"


def signal_id(environment: str, update: SetupUpdate) -> str:
    """Readable name of a setup, e.g. `paper-BTCUSDT-5m-2022-long-20260301T093500Z`.

    Arming happens at a candle close, and candles are whole minutes: seconds are precise enough.
    """
    name = f"{environment}-{update.symbol}-{update.timeframe.word}"
    return setup_name(name, update.model, update.direction, update.armed_at)


def setup_name(market: str, model: str, direction: Direction, armed_at: int) -> str:
    """The signal id of a setup on `market` (environment, symbol and timeframe)."""
    day, second = divmod(armed_at // 1000, _DAY_SECONDS)
    minute, second = divmod(second, 60)
    time = f"{_date(day)}T{minute // 60:02}{minute % 60:02}{second:02}Z"
    return f"{market}-{model}-{direction.word}-{time}"


def order_link_id(identity: str, attempt: int) -> str:
    """Order id for one attempt at a signal: deterministic, at most 36 of `[A-Za-z0-9-]`.

    `identity` is a signal id. The digest keeps ids of different setups apart (80 bits); the
    symbol in front is for people reading the exchange's order list.
    """
    symbol = _order_symbol(identity.partition("-")[2].partition("-")[0])
    digest = hashlib.blake2b(identity.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{symbol}-{digest}-{attempt}"


@lru_cache(maxsize=64)
def _order_symbol(symbol: str) -> str:
    return "".join(filter(str.isalnum, symbol))[:_SYMBOL_CHARACTERS]


def is_own_order(name: str) -> bool:
    """Whether an order id has the form that `order_link_id` gives."""
    return _OWN_ORDER.fullmatch(name) is not None
