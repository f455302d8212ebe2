"""Closed trades as columns, for measures over thousands of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClosedTrades:
    """One entry of every column per closed trade, in the order of the exits.

    `direction` is +1 or -1; times are UTC ms; money is quote currency: `net` after costs,
    `gross` before them, `fees` paid (>= 0), `funding` received (negative when paid);
    `result_in_r` is net over the risk taken; `traded` is the value bought plus the value sold.
    """

    direction: Times
    entry_time: Times
    exit_time: Times
    net: Numbers
    gross: Numbers
    fees: Numbers
    funding: Numbers
    result_in_r: Numbers
    traded: Numbers

    def __len__(self) -> int:
        return len(self.net)
