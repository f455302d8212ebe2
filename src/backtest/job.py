"""A backtest that was asked for, from its stored request to its report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from src.backtest.examination import examine
from src.backtest.history import stored_market
from src.backtest.job_progress import JobProgress, ToldWorkers
from src.backtest.job_report import headline, job_report, wire_name
from src.backtest.optimiser import Search
from src.backtest.request import BacktestRequest
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.backtest.search_space import search_space, with_values
from src.backtest.stress import worse_conditions
from src.backtest.trial import Trial, outcome_of
from src.backtest.trial_records import TrialRecords, market_of
from src.backtest.walk_forward import WalkForward, make_folds, walk_forward
from src.backtest.workers import LocalWorkers, Workers
from src.database.candle_history import CandleHistory
from src.database.trial_ledger import ALTERED, TrialLedger
from src.domain.candle import DAY_MS, Timeframe
from src.strategy.parameters import StrategyParameters

WALK_STAGE = "walk_forward"
EMBARGO_MS = DAY_MS


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """A walk-forward beside the run: how many folds, and how many trials to choose from in each."""

    folds: int
    trials: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is kept of a job: documents ready for JSON, as the API shows them."""

    report: Mapping[str, Any]
    verdict: str
    headline: Mapping[str, Any]


def run_job(
    request: BacktestRequest,
    history: CandleHistory,
    ledger: TrialLedger,
    progress: JobProgress,
    now: Callable[[], int],
    plan: WalkPlan | None = None,
) -> Finding:
    """Run, write the trial into the ledger, examine it against everything tried so far; then walk
    forward, if there is a plan.

    The same request on the same candles gives the same report, save for its timings, as long as
    nothing else was tried on this market in between. Raises InvalidInput where candles are missing
    or too few to walk over, LeaseLost when the job was ended meanwhile.
    """
    progress.tell("loading", 0, len(request.symbols))
    market = stored_market(request, history)
    result = run_backtest(request, market.candles, market.instruments, progress.report)
    trial = Trial(request)
    records = TrialRecords(ledger, uuid4().hex, market.candles, now)
    progress.tell("examination", 0, 1)
    records.keep("backtest", [outcome_of(trial, result)])
    local = LocalWorkers(market.candles, market.instruments, 1)
    workers = ToldWorkers(local, progress, "examination", len(worse_conditions(trial)))
    examination = examine(trial, result, workers, ledger.tried(market_of(trial)))
    records.keep(ALTERED, [outcome for _, outcome in examination.variants])
    walked = None
    if plan is not None:
        walkers = ToldWorkers(local, progress, WALK_STAGE, plan.folds * (plan.trials + 1))
        walked = _walk(trial, result, plan, walkers, records)
    progress.tell("report", 0, 1)
    return Finding(
        report=job_report(result, examination, walked),
        verdict=examination.verdict.sentence,
        headline=headline(examination.outcome),
    )


def walk_plan(document: Mapping[str, Any]) -> WalkPlan | None:
    """What a job's request says about walking forward."""
    asked = document.get("walkForward")
    return None if asked is None else WalkPlan(asked["folds"], asked["trials"])


def _walk(
    trial: Trial, result: BacktestResult, plan: WalkPlan, workers: Workers, records: TrialRecords
) -> WalkForward:
    """Search the parameters that are searched when nothing is named, fold after fold."""
    folds = make_folds(result.begins_at, result.ends_at, plan.folds, EMBARGO_MS)
    search = Search(search_space(), plan.trials, trial.request.seed)
    return walk_forward(
        trial, folds, search, workers, lambda outcomes: records.keep(WALK_STAGE, outcomes)
    )


def asked_request(
    document: Mapping[str, Any], base: BacktestRequest, smt_peers: Mapping[str, str]
) -> BacktestRequest:
    """The request of a job, in the API's words, with what it does not say taken from `base`.

    `smt_peers` says with which symbol each is compared. Raises InvalidInput, SettingsError.
    """
    symbols = tuple(document["symbols"])
    costs = document["costs"]
    rates = {
        "taker_fee_rate": Decimal(str(costs["takerFeeRate"])),
        "maker_fee_rate": Decimal(str(costs["makerFeeRate"])),
        "slippage_rate": Decimal(str(costs["slippageBps"])) / 10_000,
    }
    return replace(
        base,
        symbols=symbols,
        timeframe=Timeframe(document["timeframe"]),
        start=_day_start(document["from"]),
        end=_day_start(document["to"]),
        parameters=with_values(base.parameters, _parameters(document["parameters"])),
        risk=replace(
            base.risk,
            risk_per_trade=Decimal(str(document["riskPerTrade"])),
            max_positions=document["maxPositions"],
            **rates,
        ),
        costs=replace(base.costs, **rates),
        smt_pairs=tuple(
            (symbol, peer)
            for symbol, peer in smt_peers.items()
            if symbol in symbols and peer in symbols
        ),
        initial_balance=Decimal(str(document["initialBalance"])),
        seed=document["seed"],
    )


_FIELD_OF = {wire_name(field.name): field.name for field in fields(StrategyParameters)}


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    return {_FIELD_OF[name]: value for name, value in given.items()}


def _day_start(day: str | None) -> int | None:
    if day is None:
        return None
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
