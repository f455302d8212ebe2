"""Jobs of backtests run in the process of a test, over a little history."""

import json
from collections import Counter
from itertools import count
from typing import Any

from src.backtest.job import Finding, run_job
from src.backtest.job_plan import Plan
from src.backtest.job_progress import JobProgress
from src.backtest.request import BacktestRequest
from src.clock import SystemClock
from src.database import TrialLedger, open_database
from src.database.candle_files import CandleColumns
from src.database.candle_history import CandleHistory
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market

SYMBOLS = ("BTCUSDT", "ETHUSDT")
DAYS = 30


def store_candles(url: str, days: int, source: str = "simulator") -> None:
    """Synthetic history of both symbols in the database at `url`, as the candles of `source`."""
    database = open_database(url)
    history = CandleHistory(database, source)
    for symbol, prices in market(SYMBOLS, days).items():
        columns = CandleColumns(prices, prices.close)
        history.add(list(columns.candles(symbol, TIMEFRAME)))
        history.remember_instrument(INSTRUMENTS[symbol])
    database.dispose()


class Bench:
    """Jobs run in this process, one after another."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._database = open_database(url)
        self.ledger = TrialLedger(self._database)
        self.stages: dict[str, None] = {}
        self.found: Finding | None = None

    def run(
        self, plan: Plan | None = None, study: str = "job-1", source: str = "simulator"
    ) -> dict[str, Any]:
        """The report, save for how long it took; it must fit into JSON."""
        found = run_job(
            BacktestRequest(SYMBOLS, TIMEFRAME, seed=3),
            CandleHistory(self._database, source),
            self.ledger,
            JobProgress(
                lambda told: self.stages.setdefault(told["stage"]) is None, count(0, 1).__next__
            ),
            SystemClock().now,
            study,
            plan,
        )
        self.found = found
        report: dict[str, Any] = json.loads(json.dumps(dict(found.report), allow_nan=False))
        del report["timings"]
        return report

    def purposes(self) -> dict[str, int]:
        """How many trials of each purpose are in the ledger."""
        return dict(Counter(entry.purpose for entry in self.ledger.latest(1_000)))
