"""Random numbers that depend on nothing but what they are for."""

import zlib
from functools import lru_cache

import numpy as np

_BLOCK = 64


def generator(seed: int, purpose: str, day: int) -> np.random.Generator:
    """The generator of one purpose on one day (days since 1970-01-01 UTC)."""
    return np.random.default_rng((seed, zlib.crc32(purpose.encode()), day))


@lru_cache(maxsize=256)
def _block(seed: int, purpose: str, block: int) -> tuple[float, ...]:
    draws = generator(seed, purpose, block).standard_normal(_BLOCK)
    return tuple(float(draw) for draw in draws)


def daily_normal(seed: int, purpose: str, day: int) -> float:
    """A standard normal number for one day, without generating the days before it."""
    return _block(seed, purpose, day // _BLOCK)[day % _BLOCK]
