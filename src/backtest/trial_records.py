"""Trials written into the ledger, and what the ledger says about all that was tried."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from src.backtest.trial import CandleMarket, Outcome, Trial, fingerprint
from src.database.trial_ledger import Market, Segment, TrialEntry, TrialLedger
from src.domain.errors import Conflict


class TrialRecords:
    """The ledger as one study sees it: `study` is its name, `now` gives wall time in UTC ms."""

    def __init__(
        self, ledger: TrialLedger, study: str, market: CandleMarket, now: Callable[[], int]
    ) -> None:
        self._ledger = ledger
        self._study = study
        self._now = now
        self._fingerprint = fingerprint(market)

    def keep(self, purpose: str, outcomes: Sequence[Outcome]) -> None:
        """Write trials down, whatever came of them."""
        entries = [self._entry(purpose, outcome) for outcome in outcomes]
        self._ledger.append(entries, self._now())

    def refuse_opened(self, segment: Segment) -> None:
        """Raises Conflict when a segment is empty or another study looked at part of it."""
        empty = segment.begins_at >= segment.ends_at
        if empty or self._ledger.opened(segment, but_by=self._study):
            raise Conflict(
                "There is no sealed segment left to open: it was opened before, and what was "
                "seen then is in the ledger."
            )

    def earlier_readers(self, segment: Segment) -> int:
        """How many trials in the ledger have read candles of a segment, sealed or not."""
        asked = (parameters["request"] for parameters in self._ledger.asked(segment.market))
        return sum(
            (request["end"] is None or request["end"] > segment.begins_at)
            and (request["start"] is None or request["start"] < segment.ends_at)
            for request in asked
        )

    def open_sealed(self, segment: Segment, outcome: Outcome) -> None:
        """Write down that a sealed segment was looked at.

        Raises Conflict when it was before, save with the same trial of the same study.
        """
        self._ledger.open_segment(segment, self._entry("sealed", outcome), self._now())

    def _entry(self, purpose: str, outcome: Outcome) -> TrialEntry:
        return TrialEntry(
            purpose=purpose,
            study=self._study,
            market=market_of(outcome.trial),
            identity=outcome.trial.identity(),
            data_fingerprint=self._fingerprint,
            parameters=outcome.trial.description(),
            trade_count=len(outcome.results_in_r),
            daily_sharpe=outcome.daily_sharpe,
            figures={name: asdict(figure) for name, figure in outcome.figures.items()},
            first_day=outcome.first_day,
            daily_returns=outcome.daily_returns,
        )


def market_of(trial: Trial) -> Market:
    """What a trial trades, as the ledger files it."""
    return Market(trial.request.symbols, trial.request.timeframe.value)
