"""The last share of the time, kept from every search. It is looked at once, and that is kept."""

from dataclasses import dataclass, replace

from src.backtest.request import BacktestRequest
from src.backtest.trial import CandleMarket, Outcome, Trial
from src.backtest.trial_records import TrialRecords
from src.backtest.workers import Workers
from src.database.trial_ledger import Segment
from src.domain.candle import DAY_MS
from src.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Opened:
    """What was seen; `earlier_readers` trials of other studies had read some of the candles."""

    outcome: Outcome
    earlier_readers: int


@dataclass(frozen=True, slots=True)
class Seal:
    """A segment that no trial may read before it is opened, and the ledger that knows."""

    segment: Segment
    records: TrialRecords

    @property
    def is_empty(self) -> bool:
        """Whether nothing was kept."""
        return self.segment.begins_at >= self.segment.ends_at

    @property
    def was_opened(self) -> bool:
        """Whether another study has looked at part of it, so that it cannot be opened."""
        return bool(self.records.opened_on(self.segment))

    def refuse_opened(self) -> None:
        """Raises InvalidInput when nothing is sealed, Conflict when it was opened before."""
        self.records.refuse_opened(self.segment)

    def open(self, best: Trial, workers: Workers) -> Opened:
        """Trade the segment with the parameters of `best` and write that down before it is shown.

        Raises Conflict when another study opened it meanwhile.
        """
        readers = self.records.earlier_readers(self.segment)
        request = replace(best.request, start=self.segment.begins_at, end=self.segment.ends_at)
        [outcome] = workers.run([replace(best, request=request)])
        self.records.open_sealed(self.segment, outcome)
        return Opened(outcome, readers)


def seal(request: BacktestRequest, market: CandleMarket, share: float, kept: TrialRecords) -> Seal:
    """Keep the last `share` of a request's time, from the beginning of a UTC day on.

    Raises InvalidInput when nothing would be left before it.
    """
    begins_at, ends_at = span(request, market)
    border = ends_at - round((ends_at - begins_at) * share)
    border -= border % DAY_MS if share else 0
    if border <= begins_at:
        raise InvalidInput(
            "Nothing is left before the sealed part, which begins with a UTC day: choose a longer "
            "time or seal a smaller share.",
            "sealed",
        )
    return Seal(Segment(kept.market_of(request), border, ends_at), kept)


def span(request: BacktestRequest, market: CandleMarket) -> tuple[int, int]:
    """When trading may begin and when it ends at the latest, UTC ms; see BacktestRequest.

    Raises InvalidInput when there is no such time.
    """
    series = [one for one in market.values() if len(one)]
    if not series:
        raise InvalidInput(f"There are no {request.timeframe.value} candles.", "symbols")
    first = min(int(one.time[0]) for one in series)
    last = max(int(one.time[-1]) for one in series) + request.timeframe.milliseconds
    begins_at = first if request.start is None else max(first, request.start)
    ends_at = last if request.end is None else min(last, request.end)
    if begins_at >= ends_at:
        raise InvalidInput("No candle closes between the start and the end.", "start")
    return begins_at, ends_at
