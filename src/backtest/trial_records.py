"""Trials written into the ledger, and what the ledger says about all that was tried."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from src.backtest import history
from src.backtest.request import BacktestRequest
from src.backtest.source_words import refusal
from src.backtest.trial import Outcome, fingerprint
from src.database.trial_ledger import Market, Segment, TrialEntry, TrialLedger, Tried
from src.domain.errors import Conflict, InvalidInput


class TrialRecords:
    """The ledger as one study sees it: `study` is its name, `market` what all its trials read,
    `now` gives wall time in UTC ms."""

    def __init__(
        self, ledger: TrialLedger, study: str, market: history.Market, now: Callable[[], int]
    ) -> None:
        self._ledger = ledger
        self._study = study
        self._now = now
        self._source = market.source
        self._fingerprint = fingerprint(market.candles)

    def market_of(self, request: BacktestRequest) -> Market:
        """What a request trades, as the ledger files it."""
        return Market(request.symbols, request.timeframe.value, self._source)

    def tried(self, request: BacktestRequest) -> Tried:
        """Everything that could have been chosen on a request's market so far."""
        return self._ledger.tried(self.market_of(request))

    def keep(self, purpose: str, outcomes: Sequence[Outcome]) -> None:
        """Write trials down, whatever came of them."""
        entries = [self._entry(purpose, outcome) for outcome in outcomes]
        self._ledger.append(entries, self._now())

    def refuse_opened(self, segment: Segment) -> None:
        """Raises InvalidInput when a segment is empty, Conflict when another study looked at part
        of it."""
        if segment.begins_at >= segment.ends_at:
            raise InvalidInput("Nothing is sealed, so nothing can be opened.", "sealed")
        before = self.opened_on(segment)
        if before:
            raise Conflict(refusal(segment.market.source, before))

    def opened_on(self, segment: Segment) -> set[str]:
        """On whose candles other studies have looked at part of a segment, or may have."""
        return {one.market.source for one in self._ledger.opened(segment, but_by=self._study)}

    def earlier_readers(self, segment: Segment) -> int:
        """How many trials of other studies have read candles of a segment, sealed or not."""
        known = self._ledger.asked(segment.market, but_by=self._study)
        asked = (parameters["request"] for parameters in known)
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
            market=self.market_of(outcome.trial.request),
            identity=outcome.trial.identity(),
            data_fingerprint=self._fingerprint,
            parameters=outcome.trial.description(),
            trade_count=len(outcome.results_in_r),
            daily_sharpe=outcome.daily_sharpe,
            figures={name: asdict(figure) for name, figure in outcome.figures.items()},
            first_day=outcome.first_day,
            daily_returns=outcome.daily_returns,
        )
