"""Backtests as JSON."""

from services.backtest_parameters import PARAMETERS, Declared
from services.backtests import KINDS, Backtests
from services.market_choice import MARKETS
from src.database.backtest_jobs import BacktestJob
from src.database.history_reader import Series
from src.database.times import to_iso


def job_view(job: BacktestJob) -> dict[str, object]:
    """One job without its report."""
    return {
        "id": job.id,
        "status": job.status,
        "request": dict.fromkeys(KINDS) | dict(job.request),
        "progress": job.progress,
        "verdict": job.verdict,
        "headline": job.headline,
        "error": job.error,
        "requestedBy": job.requested_by,
        "createdAt": to_iso(job.created_at),
        "startedAt": None if job.started_at is None else to_iso(job.started_at),
        "finishedAt": None if job.finished_at is None else to_iso(job.finished_at),
        "attempts": job.attempts,
    }


def options_view(backtests: Backtests) -> dict[str, object]:
    """What can be asked for."""
    return {
        "markets": list(MARKETS),
        "series": [_series_view(market, series) for market, series in backtests.series()],
        "parameters": [_parameter_view(declared) for declared in PARAMETERS],
        "defaults": backtests.defaults,
    }


def _series_view(market: str, series: Series) -> dict[str, object]:
    return {
        "market": market,
        "symbol": series.symbol,
        "timeframe": series.timeframe.value,
        "from": to_iso(series.first),
        "to": to_iso(series.end),
        "candles": series.count,
        "missing": series.missing,
    }


def _parameter_view(declared: Declared) -> dict[str, object]:
    return {
        "name": declared.name,
        "label": declared.label,
        "type": declared.kind,
        "min": declared.lowest,
        "max": declared.highest,
        "step": declared.step,
        "default": declared.default,
        "choices": list(declared.choices) or None,
    }
