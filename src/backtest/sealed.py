"""The last share of the time, kept from every search. It is looked at once, and that is kept."""

from dataclasses import dataclass, replace

from src.backtest.request import BacktestRequest
from src.backtest.trial import CandleMarket, Outcome, Trial
from src.backtest.trial_records import TrialRecords, market_of
from src.backtest.workers import Workers
from src.database.trial_ledger import Segment
from src.domain.candle import DAY_MS


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

    def refuse_opened(self) -> None:
        """Raises Conflict when there is no sealed segment that was never opened."""
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
    """Keep the last `share` of a request's time, from the beginning of a UTC day on."""
    begins_at, ends_at = span(market, request.start)
    border = ends_at - round((ends_at - begins_at) * share)
    border -= border % DAY_MS if share else 0
    return Seal(Segment(market_of(Trial(request)), border, ends_at), kept)


def span(market: CandleMarket, start: int | None) -> tuple[int, int]:
    """When trading may begin and when the last candle closes, UTC ms."""
    series = market.values()
    first = min(int(one.time[0]) for one in series)
    last = max(int(one.time[-1] + (one.time[-1] - one.time[-2])) for one in series)
    return max(first, start or first), last
