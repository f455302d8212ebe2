"""What the kinds of jobs do beside a run, and the sections that tell of it in their reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from src.backtest.examination import Examination, examine
from src.backtest.history import Market
from src.backtest.job_plan import Plan, SearchPlan, WalkPlan
from src.backtest.job_progress import JobProgress, ToldWorkers
from src.backtest.job_sections import (
    ablation_section,
    headline,
    sealed_section,
    search_section,
    walk_headline,
    walk_sections,
)
from src.backtest.optimiser import FEWEST_TRADES, Search, optimise
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.backtest.sealed import seal
from src.backtest.search_space import search_space
from src.backtest.stress import Variant, ablations, parameter_neighbours, worse_conditions
from src.backtest.trial import Outcome, Trial, outcome_of
from src.backtest.trial_records import TrialRecords
from src.backtest.walk_forward import make_folds, walk_forward
from src.backtest.workers import LocalWorkers, Workers
from src.database.trial_ledger import ALTERED
from src.domain.candle import DAY_MS
from src.domain.errors import InvalidInput

EMBARGO_MS = DAY_MS


@dataclass(frozen=True, slots=True)
class Worked:
    """A run, what was held against it, the sections of its kind, and the trial that was chosen.

    `verdict` and `headline` speak of what the job asked: of the run, or of all that a
    walk-forward traded outside its training.
    """

    result: BacktestResult
    examination: Examination
    verdict: str
    headline: Mapping[str, Any]
    sections: Mapping[str, Any]
    chosen: Trial | None = None


@dataclass(frozen=True, slots=True)
class Laboratory:
    """What a job works with."""

    market: Market
    records: TrialRecords
    progress: JobProgress

    def work(self, trial: Trial, plan: Plan | None) -> Worked:
        """Do what a job asks for. Raises InvalidInput, Conflict, and LeaseLost when it was ended
        meanwhile."""
        if plan is None:
            return self._single(trial)
        kept = seal(trial.request, self.market.candles, plan.sealed, self.records)
        if plan.open_sealed:
            kept.refuse_opened()
        before = replace(trial, request=replace(trial.request, end=kept.segment.begins_at))
        worked = self._of_kind(before, plan)
        opened = None
        if plan.open_sealed and worked.chosen is not None:
            opened = kept.open(worked.chosen, self._workers("sealed", 1))
        section = (
            None
            if kept.is_empty
            else sealed_section(kept, opened, trial.request.seed, plan.open_sealed)
        )
        return replace(worked, sections={**worked.sections, "sealed": section})

    def _of_kind(self, trial: Trial, plan: Plan) -> Worked:
        if isinstance(plan, WalkPlan):
            return self._walk(trial, plan)
        if isinstance(plan, SearchPlan):
            return self._search(trial, plan)
        return self._ablate(trial)

    def _single(self, trial: Trial) -> Worked:
        """Run, write the trial down, then hold against it everything tried so far."""
        result = self._run(trial)
        self.progress.tell("examination", 0, 1)
        self.records.keep("backtest", [outcome_of(trial, result)])
        workers = self._workers("examination", len(worse_conditions(trial)))
        examination = examine(trial, result, workers, self.records.tried(trial.request))
        self.records.keep(ALTERED, [outcome for _, outcome in examination.variants])
        return _of_run(result, examination, {})

    def _walk(self, trial: Trial, plan: WalkPlan) -> Worked:
        """Search the parameters that are searched when nothing is named, fold after fold."""
        run = self._single(trial)
        folds = make_folds(run.result.begins_at, run.result.ends_at, plan.folds, EMBARGO_MS)
        workers = self._workers("walk_forward", plan.folds * (plan.trials + 1))
        searched = Search(search_space(), plan.trials, trial.request.seed)
        walked = walk_forward(trial, folds, searched, workers, self._keep("walk_forward"))
        workers.finish()
        last = walked.folds[-1].trained
        chosen = None if last is None else last.trial
        sections = walk_sections(walked, trial.request.seed)
        return replace(
            run,
            verdict=f"outside the training: {sections['outside']['verdict']}",
            headline=walk_headline(walked),
            sections=sections,
            chosen=chosen,
        )

    def _search(self, trial: Trial, plan: SearchPlan) -> Worked:
        """Search, then examine the best as the best of so many, beside its neighbours."""
        space, seed = search_space(), trial.request.seed
        workers = self._workers("search", plan.trials)
        found = optimise(trial, Search(space, plan.trials, seed), workers, self._keep("optimise"))
        workers.finish()
        if found.best is None:
            raise InvalidInput(
                f"No trial closed {FEWEST_TRADES} trades: take a longer time or a lower threshold.",
                "optimise",
            )
        best = found.best.trial
        result = self._run(best)
        near = parameter_neighbours(best, space)
        workers = self._workers("examination", len(worse_conditions(best)) + len(near))
        tried = self.records.tried(best.request)
        examination = examine(best, result, workers, tried, found.outcomes)
        neighbours = _outcomes(near, workers)
        self.records.keep(ALTERED, [one for _, one in (*examination.variants, *neighbours)])
        section = search_section(found, space, tried, neighbours, seed)
        return _of_run(result, examination, {"optimisation": section}, best)

    def _ablate(self, trial: Trial) -> Worked:
        """Run with one component of the score after the other missing."""
        run = self._single(trial)
        missing = ablations(trial)
        found = _outcomes(missing, self._workers("ablation", len(missing)))
        self.records.keep(ALTERED, [outcome for _, outcome in found])
        section = ablation_section(run.examination.outcome, found, trial.request.seed)
        return replace(run, sections={"ablation": section})

    def _run(self, trial: Trial) -> BacktestResult:
        market = self.market
        return run_backtest(trial.request, market.candles, market.instruments, self.progress.report)

    def _workers(self, stage: str, total: int) -> ToldWorkers:
        local = LocalWorkers(self.market.candles, self.market.instruments, 1)
        return ToldWorkers(local, self.progress, stage, total, self.market.candles)

    def _keep(self, purpose: str) -> Callable[[Sequence[Outcome]], None]:
        return lambda outcomes: self.records.keep(purpose, outcomes)


def _of_run(
    result: BacktestResult,
    examination: Examination,
    sections: Mapping[str, Any],
    chosen: Trial | None = None,
) -> Worked:
    """A job whose question is its run."""
    verdict, figures = examination.verdict.sentence, headline(examination.outcome)
    return Worked(result, examination, verdict, figures, sections, chosen)


def _outcomes(variants: Sequence[Variant], workers: Workers) -> list[tuple[Variant, Outcome]]:
    outcomes = workers.run([variant.trial for variant in variants])
    return list(zip(variants, outcomes, strict=True))
