"""A backtest that was asked for, from its stored request to its report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from src.backtest.history import stored_market
from src.backtest.job_kinds import Laboratory
from src.backtest.job_plan import Plan
from src.backtest.job_progress import JobProgress
from src.backtest.job_report import job_report
from src.backtest.job_sections import wire_name
from src.backtest.request import BacktestRequest
from src.backtest.search_space import with_values
from src.backtest.trial import Trial
from src.backtest.trial_records import TrialRecords
from src.database.candle_history import CandleHistory
from src.database.trial_ledger import TrialLedger
from src.domain.candle import Timeframe
from src.strategy.parameters import StrategyParameters


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
    study: str,
    plan: Plan | None = None,
) -> Finding:
    """Run, write every trial into the ledger under the name `study`, examine what came of it.

    The same request on the same candles gives the same report, save for its timings, as long as
    nothing else was tried on this market in between. A job that is started again keeps the name
    of its study: what it unsealed before it may see again. Raises InvalidInput where candles are
    missing or too few, Conflict when the sealed segment was opened by another study, LeaseLost
    when the job was ended meanwhile.
    """
    progress.tell("loading", 0, len(request.symbols))
    market = stored_market(request, history)
    records = TrialRecords(ledger, study, market, now)
    worked = Laboratory(market, records, progress).work(Trial(request), plan)
    progress.tell("report", 0, 1)
    return Finding(
        report=job_report(worked, market.source),
        verdict=worked.verdict,
        headline=worked.headline,
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
