"""The report of a job as the API shows it: one JSON document that needs nothing beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

import numpy as np

from src.analytics.downsample import keep_extremes
from src.analytics.equity import drawdowns
from src.analytics.excursions import excursion
from src.analytics.growth import monthly_returns
from src.analytics.luck.bootstrap import FAN, Numbers, resampled
from src.backtest.examination import Examination, examination_document
from src.backtest.figures import figures
from src.backtest.job_kinds import Worked
from src.backtest.job_sections import SECTIONS, Document
from src.backtest.job_settings import settings_section
from src.backtest.result import BacktestResult
from src.backtest.source_words import trials_counted
from src.database.times import to_iso
from src.domain.trade import Trade
from src.strategy.codes import KILL_ZONE_BITS
from src.strategy.sentences import window_names

EQUITY_POINTS = 800
FAN_POINTS = 120


def job_report(worked: Worked, source: str) -> Document:
    """Everything a page shows of a job. Times are ISO 8601, money and prices numbers.

    `source` is whose candles were read, `trialsCounted` says which trials it was held against.
    """
    result, examination = worked.result, worked.examination
    trades = [_trade(result, trade, n) for n, trade in enumerate(result.trades, start=1)]
    costs = result.request.costs
    return {
        "verdict": worked.verdict,
        "source": source,
        "trialsCounted": trials_counted(source),
        "examination": examination_document(examination),
        "from": to_iso(result.begins_at),
        "to": to_iso(result.ends_at),
        "figures": {name: asdict(figure) for name, figure in figures(result).items()},
        "equity": {"points": _equity_points(result)},
        "monthly": _monthly(result),
        "trades": trades,
        "openTrades": [_trade(result, trade, n) for n, trade in enumerate(result.open_trades, 1)],
        "tables": {
            "bySymbol": _table(trades, "symbol"),
            "byModel": _table(trades, "model"),
            "byKillZone": _table(trades, "killZone"),
            "byDirection": _table(trades, "direction"),
        },
        **dict.fromkeys(SECTIONS),
        **worked.sections,
        "bootstrap": _bootstrap(examination),
        "refusals": result.refusals(),
        "settings": settings_section(result.request),
        "costs": {
            "takerFeeRate": float(costs.taker_fee_rate),
            "makerFeeRate": float(costs.maker_fee_rate),
            "slippageBps": float(costs.slippage_rate * 10_000),
            "fundingRate": float(costs.funding_rate),
        },
        "instruments": {
            symbol: {"tickSize": float(rules.tick_size), "quantityStep": float(rules.quantity_step)}
            for symbol, rules in result.instruments.items()
        },
        "candles": result.candle_count,
        "gaps": [
            {"symbol": gap.symbol, "from": to_iso(gap.start), "to": to_iso(gap.end)}
            for gap in result.gaps
        ],
        "ambiguous": result.ambiguous,
        "timings": {
            "strategy": result.timings.strategy,
            "account": result.timings.account,
            "candlesPerSecond": result.candle_count / result.timings.total,
        },
    }


def _trade(result: BacktestResult, trade: Trade, number: int) -> Document:
    signal = result.signal_of(trade)
    row = result.setups[trade.symbol].row_by_id(trade.signal_id)
    zones = window_names(int(row["windows"]) & KILL_ZONE_BITS)
    reach = excursion(trade, result.candles[trade.symbol])
    return {
        "n": number,
        "symbol": trade.symbol,
        "direction": trade.direction.word,
        "model": signal.model,
        "killZone": zones[0] if zones else None,
        "entryTime": to_iso(trade.entry_time),
        "exitTime": None if trade.exit_time is None else to_iso(trade.exit_time),
        "entryPrice": float(trade.entry_price),
        "exitPrice": _number(trade.exit_price),
        "stop": float(trade.stop_loss),
        "target": float(trade.take_profit),
        "quantity": float(trade.quantity),
        "netPnL": float(trade.realized_pnl),
        "resultR": _number(trade.result_in_r),
        "fees": float(trade.fees),
        "funding": float(trade.funding),
        "exitReason": None if trade.exit_reason is None else trade.exit_reason.value,
        "ambiguous": trade.ambiguous,
        "score": signal.confluence_score,
        "mae": None if reach is None else reach.adverse,
        "mfe": None if reach is None else reach.favourable,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _equity_points(result: BacktestResult) -> list[Document]:
    """At most EQUITY_POINTS, extremes kept; the drawdown in percent (<= 0) as on the dashboard."""
    points = result.equity
    depths = drawdowns(points.equity)
    return [
        {
            "time": to_iso(int(points.time[i])),
            "equity": float(points.equity[i]),
            "wallet": float(points.wallet[i]),
            "drawdown": float(depths[i]) * 100,
        }
        for i in keep_extremes(points.equity, depths, EQUITY_POINTS)
    ]


def _monthly(result: BacktestResult) -> list[Document]:
    """The return of every UTC month that the account lived in; null from nothing."""
    grown = monthly_returns(result.equity.time, result.equity.equity)
    return [
        {"month": month, "returnPercent": None if share is None else share * 100}
        for month, share in grown.items()
    ]


def _table(trades: Sequence[Document], column: str) -> list[Document]:
    """Trades, net R and share of winners for each value of a column, most trades first."""
    groups: dict[str, list[Document]] = {}
    for trade in trades:
        groups.setdefault(trade[column] or "none", []).append(trade)
    rows = [
        {
            "key": key,
            "trades": len(group),
            "netR": sum(trade["resultR"] for trade in group),
            "winRate": sum(trade["netPnL"] > 0 for trade in group) / len(group),
        }
        for key, group in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["trades"], row["key"]))


def _bootstrap(examination: Examination) -> Document | None:
    """What the same trades could have added up to in R, resampled in blocks; None without two."""
    results = examination.outcome.results_in_r
    if len(results) < 2:
        return None
    steps = np.unique(np.linspace(1, len(results), FAN_POINTS).round().astype(np.int64))
    sums = []

    def keep(samples: Numbers) -> Numbers:
        summed = np.cumsum(samples, axis=1)
        sums.append(summed[:, steps - 1])
        final: Numbers = summed[:, -1]
        return final

    resampled(results, keep, examination.seed)
    curves = np.quantile(np.concatenate(sums), FAN, axis=0).T
    return {"unit": "R", "fan": list(_fan(steps.tolist(), curves.tolist()))}


def _fan(steps: Sequence[int], curves: Iterable[Sequence[float]]) -> Iterable[Mapping[str, float]]:
    names = [f"p{round(share * 100)}" for share in FAN]
    yield {"trade": 0, **dict.fromkeys(names, 0.0)}
    for step, values in zip(steps, curves, strict=True):
        yield {"trade": step, **dict(zip(names, values, strict=True))}
