"""freqtrade's own backtest over candles in memory, for `bench.backtest_peers`.

Its engine is used as it is. Only what it would ask Bybit for is given instead: one contract with
its steps and its leverage, and no funding.
"""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pandas as pd
from freqtrade.configuration import TimeRange
from freqtrade.enums import RunMode
from freqtrade.exchange import Bybit
from freqtrade.optimize.backtesting import Backtesting
from freqtrade.optimize.optimize_reports import generate_backtest_stats
from freqtrade.strategy import IStrategy

from bench.backtest_peers import FAST, FEE, SLOW, STOP, TARGET

PAIR = "BTC/USDT:USDT"
TIMEFRAME = "5m"


class Crossing(IStrategy):  # type: ignore[misc]  # the library has no types
    """The strategy of every peer: two averages, a stop and a target. freqtrade finds it by name."""

    INTERFACE_VERSION = 3
    timeframe = TIMEFRAME
    can_short = True
    startup_candle_count = 0
    stoploss = -STOP
    minimal_roi: ClassVar = {"0": TARGET}
    use_exit_signal = False

    def populate_indicators(self, frame: pd.DataFrame, metadata: Any) -> pd.DataFrame:
        """The two averages of closes."""
        frame["fast"] = frame["close"].rolling(FAST).mean()
        frame["slow"] = frame["close"].rolling(SLOW).mean()
        return frame

    def populate_entry_trend(self, frame: pd.DataFrame, metadata: Any) -> pd.DataFrame:
        """Enter where they cross."""
        above = frame["fast"] > frame["slow"]
        crossed = above != above.shift(1, fill_value=False)
        frame.loc[crossed & above, "enter_long"] = 1
        frame.loc[crossed & ~above, "enter_short"] = 1
        return frame

    def populate_exit_trend(self, frame: pd.DataFrame, metadata: Any) -> pd.DataFrame:
        """Stop and target end every trade."""
        return frame


class OfflineBybit(Bybit):  # type: ignore[misc]  # the library has no types
    """freqtrade's Bybit with its market given, not asked for."""

    def _load_async_markets(self, reload: bool = False) -> None:
        self._api_async.set_markets([_contract()])

    def fill_leverage_tiers(self) -> None:
        """One tier for every size."""
        self._leverage_tiers[PAIR] = [
            {
                "minNotional": 0.0,
                "maxNotional": 1e12,
                "maintenanceMarginRate": 0.005,
                "maxLeverage": 100.0,
                "maintAmt": 0.0,
            }
        ]


def run(frame: pd.DataFrame) -> int:
    """Signals, trades and statistics of columns Open, High, Low, Close; returns how many trades."""
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as folder:
        config = _config(folder)
        test = Backtesting(config, OfflineBybit(config, load_leverage_tiers=True))
        test.futures_data[PAIR] = pd.DataFrame()
        test.funding_fee_timeframe_secs = 8 * 3600
        candles = {PAIR: _candles(frame)}
        first, last = test.backtest_one_strategy(test.strategylist[0], candles, TimeRange())
        told = generate_backtest_stats(candles, test.all_bt_content, first, last)
        return int(told["strategy"][Crossing.__name__]["total_trades"])


def _candles(frame: pd.DataFrame) -> pd.DataFrame:
    """Candles as freqtrade stores them."""
    candles = frame.rename(columns=str.lower)
    candles.insert(0, "date", pd.to_datetime(frame.index, utc=True))
    candles["volume"] = 1.0
    return candles.reset_index(drop=True)


def _contract() -> dict[str, Any]:
    """The contract as ccxt describes it."""
    return {
        "id": "BTCUSDT",
        "symbol": PAIR,
        "base": "BTC",
        "quote": "USDT",
        "settle": "USDT",
        "baseId": "BTC",
        "quoteId": "USDT",
        "settleId": "USDT",
        "type": "swap",
        "swap": True,
        "spot": False,
        "margin": False,
        "future": False,
        "option": False,
        "contract": True,
        "linear": True,
        "inverse": False,
        "active": True,
        "contractSize": 1.0,
        "taker": FEE,
        "maker": FEE,
        "precision": {"amount": 0.001, "price": 0.1},
        "limits": {
            "amount": {"min": 0.001, "max": 1e6},
            "price": {"min": 0.1, "max": None},
            "cost": {"min": 5.0, "max": None},
            "leverage": {"min": 1.0, "max": 100.0},
        },
        "info": {},
    }


def _config(folder: str) -> dict[str, Any]:
    """What freqtrade reads from a file: one trade at a time, of a tenth of the money."""
    return {
        "runmode": RunMode.BACKTEST,
        "dry_run": True,
        "dry_run_wallet": 1e9,
        "stake_currency": "USDT",
        "stake_amount": 1e8,
        "tradable_balance_ratio": 1.0,
        "max_open_trades": 1,
        "fee": FEE,
        "timeframe": TIMEFRAME,
        "trading_mode": "futures",
        "margin_mode": "isolated",
        "exchange": {"name": "bybit", "pair_whitelist": [PAIR], "pair_blacklist": []},
        "pairlists": [{"method": "StaticPairList"}],
        "entry_pricing": {"price_side": "same", "use_order_book": False},
        "exit_pricing": {"price_side": "same", "use_order_book": False},
        "strategy": Crossing.__name__,
        "strategy_path": str(Path(__file__).parent),
        "user_data_dir": Path(folder),
        "datadir": Path(folder),
    }
