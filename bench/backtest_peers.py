"""Run one other backtester over candles, in its own Python; prints one JSON object.

    python -m bench.backtest_peers backtesting candles.npy

The candles are an array of open, high, low and close. Every peer trades the same: when the average
of 10 closes crosses that of 30, enter in that direction with a stop 1 % and a target 2 % away,
paying 0.055 % a side. The first run is not measured, because some compile then.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

FAST, SLOW = 10, 30
STOP, TARGET, FEE = 0.01, 0.02, 0.00055


def frame_of(prices: "np.ndarray[Any, Any]") -> pd.DataFrame:
    """Candles as most libraries want them."""
    index = pd.date_range("2001-01-01", periods=prices.shape[1], freq="5min")
    return pd.DataFrame(dict(zip(("Open", "High", "Low", "Close"), prices, strict=True)), index)


def backtesting(frame: pd.DataFrame) -> int:
    """backtesting.py: its class with two averages; returns how many trades."""
    library: Any = import_module("backtesting")
    crossover: Any = import_module("backtesting.lib").crossover

    class Cross(library.Strategy):  # type: ignore[misc]  # the library has no types
        def init(self) -> None:
            self.fast = self.I(_average, self.data.Close, FAST)
            self.slow = self.I(_average, self.data.Close, SLOW)

        def next(self) -> None:
            price = self.data.Close[-1]
            if self.position:
                return
            if crossover(self.fast, self.slow):
                self.buy(size=0.1, sl=price * (1 - STOP), tp=price * (1 + TARGET))
            elif crossover(self.slow, self.fast):
                self.sell(size=0.1, sl=price * (1 + STOP), tp=price * (1 - TARGET))

    test = library.Backtest(frame, Cross, cash=1e9, commission=FEE, finalize_trades=True)
    return len(test.run()["_trades"])


def vectorbt(frame: pd.DataFrame) -> int:
    """vectorbt: a portfolio from arrays of signals; returns how many trades."""
    library: Any = import_module("vectorbt")

    fast, slow = _average(frame["Close"], FAST), _average(frame["Close"], SLOW)
    above = fast > slow
    crossed = np.concatenate(([False], above[1:] != above[:-1]))
    portfolio = library.Portfolio.from_signals(
        frame["Close"], open=frame["Open"], high=frame["High"], low=frame["Low"],
        entries=crossed & above, short_entries=crossed & ~above,
        sl_stop=STOP, tp_stop=TARGET, fees=FEE, freq="5min",
    )  # fmt: skip
    portfolio.stats()
    return int(portfolio.trades.count())


def _average(values: Any, count: int) -> "np.ndarray[Any, Any]":
    return pd.Series(np.asarray(values)).rolling(count).mean().to_numpy()


def freqtrade(frame: pd.DataFrame) -> int:
    """freqtrade: its engine for futures; returns how many trades."""
    return int(import_module("bench.freqtrade_peer").run(frame))


PEERS: dict[str, Callable[[pd.DataFrame], int]] = {
    "backtesting": backtesting,
    "vectorbt": vectorbt,
    "freqtrade": freqtrade,
}


def main(name: str, file: str) -> None:
    """Measure the second of two runs."""
    frame = frame_of(np.load(file))
    PEERS[name](frame.iloc[:5000])
    start, processor = time.perf_counter(), time.process_time()
    trades = PEERS[name](frame)
    told = {
        "version": version(name),
        "candles": len(frame),
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - processor,
        "trades": trades,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
