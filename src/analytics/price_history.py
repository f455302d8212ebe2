"""Candles as the measures need them: columns, whoever holds them."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class PriceHistory(Protocol):
    """Closed candles of one symbol as columns of one length; `time` is UTC ms at the open."""

    @property
    def time(self) -> NDArray[np.int64]:
        """Open times, rising."""
        ...

    @property
    def open(self) -> NDArray[np.float64]:
        """First prices."""
        ...

    @property
    def high(self) -> NDArray[np.float64]:
        """Highest prices."""
        ...

    @property
    def low(self) -> NDArray[np.float64]:
        """Lowest prices."""
        ...

    @property
    def close(self) -> NDArray[np.float64]:
        """Last prices."""
        ...
