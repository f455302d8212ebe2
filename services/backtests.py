"""Backtests as people ask for them: what can be asked, the queue, and what came out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.backtest_parameters import checked
from services.market_choice import MARKETS
from src.database import BacktestJobs, Database
from src.database.backtest_jobs import FINISHED, RUNNING, BacktestJob
from src.database.history_reader import Bar, HistoryReader, Series, download_command
from src.domain.candle import DAY_MS, Timeframe
from src.domain.errors import Conflict, InvalidInput, NotFound
from src.domain.ports import Clock

MOST_WAITING = 50
MOST_BARS = 1_500

KINDS = ("walkForward", "optimise", "ablate")
"""The fields that make a request more than a single run; a request has at most one of them."""

Request = dict[str, Any]
"""A complete request as the API shows it; its names are in docs/backtest.md."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Candles to draw, put together to bars of `step` ms."""

    bars: list[Bar]
    step: int


class Backtests:
    """The use cases of one installation. `defaults` is a complete request: what is not asked
    for is taken from it."""

    def __init__(self, database: Database, clock: Clock, defaults: Mapping[str, Any]) -> None:
        self._jobs = BacktestJobs(database, clock)
        self._histories = {market: HistoryReader(database, market) for market in MARKETS}
        self.defaults: Request = dict(defaults)

    def series(self) -> list[tuple[str, Series]]:
        """Everything that can be tested on, with its market."""
        return [
            (market, series)
            for market, history in self._histories.items()
            for series in history.series()
        ]

    def ask(self, wish: Mapping[str, Any], email: str) -> BacktestJob:
        """Queue a backtest; `wish` is a request with some of its fields.

        Raises InvalidInput naming the field that makes no sense or for which no candles are
        stored, Conflict when too many jobs wait.
        """
        request = self._complete(wish)
        self._check_candles(request)
        if self._jobs.waiting() >= MOST_WAITING:
            raise Conflict(f"{MOST_WAITING} backtests wait already: cancel some, or try later.")
        return self._jobs.add(request, email)

    def newest(self, limit: int, before: int | None = None) -> list[BacktestJob]:
        """The newest jobs (of those before job number `before`), newest first."""
        return self._jobs.newest(limit, before)

    def find(self, job_id: int) -> BacktestJob:
        """One job. Raises NotFound."""
        job = self._jobs.find(job_id)
        if job is None:
            raise NotFound("There is no such backtest.")
        return job

    def report(self, job_id: int) -> bytes:
        """The report as JSON text. Raises NotFound, and Conflict while there is none."""
        job, report = self.find(job_id), self._jobs.report(job_id)
        if job.status != FINISHED or report is None:
            raise Conflict(f"This backtest is {job.status}: only a finished one has a report.")
        return report

    def cancel(self, job_id: int) -> BacktestJob:
        """End a job that waits or runs. Raises NotFound, and Conflict when it has ended."""
        self.find(job_id)
        if not self._jobs.cancel(job_id):
            raise Conflict(f"This backtest has ended already: it is {self.find(job_id).status}.")
        return self.find(job_id)

    def remove(self, job_id: int) -> None:
        """Forget a job and its report. Raises NotFound, and Conflict while it runs."""
        if not self._jobs.remove(job_id) and self.find(job_id).status == RUNNING:
            raise Conflict("This backtest is running: cancel it first.")

    def drawing(self, job_id: int, symbol: str, start: int | None, end: int | None) -> Drawing:
        """Candles of a job's symbol with start <= open time < end (UTC ms; None: all it read).

        At most MOST_BARS: longer stretches come in longer bars. Raises NotFound, InvalidInput.
        """
        request = self.find(job_id).request
        if symbol not in request["symbols"]:
            raise InvalidInput(f"This backtest did not trade {symbol}.", "symbol")
        timeframe, history = Timeframe(request["timeframe"]), self._histories[request["market"]]
        spans = [
            one for one in history.series() if (one.symbol, one.timeframe) == (symbol, timeframe)
        ]
        if not spans:
            return Drawing([], timeframe.milliseconds)
        first = max(spans[0].first, day_start(request["from"]) or 0) if start is None else start
        last = min(spans[0].end, day_start(request["to"]) or spans[0].end) if end is None else end
        step = timeframe.milliseconds
        if last > first:
            step *= -(-(last - first) // (step * (MOST_BARS - 1)))
        return Drawing(history.bars(symbol, timeframe, first, last, step), step)

    def _complete(self, wish: Mapping[str, Any]) -> Request:
        given = {name: value for name, value in wish.items() if value is not None}
        request = self.defaults | given
        request["costs"] = self.defaults["costs"] | given.get("costs", {})
        request["parameters"] = self.defaults["parameters"] | checked(given.get("parameters", {}))
        if len(set(request["symbols"])) < len(request["symbols"]):
            raise InvalidInput("Name each symbol only once.", "symbols")
        kinds = [kind for kind in KINDS if request[kind] is not None]
        if len(kinds) > 1:
            raise InvalidInput(f"Ask for {kinds[0]} or {kinds[1]}, not for both.", kinds[1])
        start, end = day_start(request["from"]), day_start(request["to"])
        if start is not None and end is not None and start >= end:
            raise InvalidInput("The end of a backtest must lie after its start.", "to")
        return request

    def _check_candles(self, request: Request) -> None:
        timeframe = Timeframe(request["timeframe"])
        stored = {
            series.symbol: series
            for series in self._histories[request["market"]].series()
            if series.timeframe is timeframe
        }
        start, end = day_start(request["from"]), day_start(request["to"])
        for symbol in request["symbols"]:
            series = stored.get(symbol)
            command = download_command(symbol, timeframe, request["market"], request["from"])
            if series is None:
                raise InvalidInput(
                    f"No {timeframe.value} candles of {symbol} on the {request['market']} market "
                    f"are stored: run `{command}` first.",
                    "symbols",
                )
            if (start is not None and start >= series.end) or (
                end is not None and end <= series.first
            ):
                raise InvalidInput(
                    f"The stored candles of {symbol} reach from {_day(series.first)} to "
                    f"{_day(series.end)}: choose dates within, or run `{command}` first.",
                    "from" if start is not None and start >= series.end else "to",
                )


def day_start(day: str | None) -> int | None:
    """Where a UTC day (`2026-03-01`) begins, UTC ms."""
    if day is None:
        return None
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def _day(time: int) -> str:
    return f"{datetime.fromtimestamp(time // DAY_MS * DAY_MS / 1000, UTC):%Y-%m-%d}"
