"""A result for a person's terminal and as one JSON document, from the same figures."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from src.analytics.figure import Figure
from src.backtest.figures import figures
from src.backtest.job_settings import guards_section, spoken
from src.backtest.result import BacktestResult
from src.backtest.source_words import candles_of
from src.domain.trade import Trade

_SHARES = {
    "annual_growth",
    "max_drawdown",
    "win_rate",
    "win_rate_long",
    "win_rate_short",
    "exposure",
    "fee_share",
    "funding_share",
}
MS_PER_HOUR = 3_600_000


def print_report(result: BacktestResult, source: str, console: Console) -> None:
    """What was asked, what it cost, what came out."""
    console.soft_wrap = True
    console.print(_what(result, source))
    console.print(_costs(result))
    console.print(_rules(result))
    console.print(_figures_table(figures(result)))
    refused = ", ".join(f"{name} {count:,}" for name, count in result.refusals().items())
    console.print(f"Setups not taken: {refused}.")
    still = len(result.open_trades)
    console.print(
        f"{_count(result.ambiguous, 'trade')} ended in a candle that touched stop and target: the "
        f"stop was assumed. {_count(still, 'trade')} {'is' if still == 1 else 'are'} still open."
    )
    missing = sum(gap.end - gap.start for gap in result.gaps)
    candles = missing // result.request.timeframe.milliseconds
    console.print(
        f"{_count(len(result.gaps), 'gap')} in the candles, {_count(candles, 'candle')} missing."
    )
    seconds = result.timings.total
    console.print(
        f"{result.candle_count:,} candles in {seconds:.2f} s: "
        f"{result.candle_count / seconds:,.0f} candles/s."
    )


def report_document(result: BacktestResult, source: str) -> dict[str, object]:
    """The result without its candles, ready for JSON. Times are UTC ms, money decimal strings;
    `source` is whose candles were read."""
    request = result.request
    return {
        "symbols": list(request.symbols),
        "timeframe": request.timeframe.value,
        "source": source,
        "begins_at": result.begins_at,
        "ends_at": result.ends_at,
        "seed": request.seed,
        "initial_balance": str(request.initial_balance),
        "parameters": asdict(request.parameters),
        "risk": {name: _plain(value) for name, value in asdict(request.risk).items()},
        "costs": {name: _plain(value) for name, value in asdict(request.costs).items()},
        "guards": guards_section(request),
        "smt_pairs": [list(pair) for pair in request.smt_pairs],
        "instruments": {
            symbol: {name: _plain(value) for name, value in asdict(instrument).items()}
            for symbol, instrument in result.instruments.items()
        },
        "figures": {name: asdict(figure) for name, figure in figures(result).items()},
        "refusals": result.refusals(),
        "ambiguous": result.ambiguous,
        "trades": [trade_document(result, trade) for trade in result.trades],
        "open_trades": [trade_document(result, trade) for trade in result.open_trades],
        "equity": {
            "time": result.equity.time.tolist(),
            "wallet": result.equity.wallet.tolist(),
            "equity": result.equity.equity.tolist(),
        },
        "gaps": [asdict(gap) for gap in result.gaps],
        "candles": result.candle_count,
        "seconds": result.timings.total,
    }


def trade_document(result: BacktestResult, trade: Trade) -> dict[str, object]:
    """One trade with the signal it came from."""
    signal = result.signal_of(trade)
    document = {name: _plain(value) for name, value in asdict(trade).items()}
    document["direction"] = trade.direction.word
    document["status"] = trade.status.value
    document["exit_reason"] = trade.exit_reason.value if trade.exit_reason else None
    document["result_in_r"] = _plain(trade.result_in_r)
    document["model"] = signal.model
    document["score"] = signal.confluence_score
    document["components"] = dict(signal.components)
    document["reasons"] = list(signal.reasons)
    document["armed_at"] = signal.armed_at
    return document


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | bool | None) else str(value)


def _what(result: BacktestResult, source: str) -> str:
    request = result.request
    return (
        f"{', '.join(request.symbols)} {request.timeframe.value}, {candles_of(source)}, "
        f"{_moment(result.begins_at)} to {_moment(result.ends_at)} UTC, {request.initial_balance} "
        f"to begin with, seed {request.seed}"
    )


def _costs(result: BacktestResult) -> str:
    costs = result.request.costs
    ticks = ", ".join(f"{s} {i.tick_size.normalize():f}" for s, i in result.instruments.items())
    return (
        f"Costs: taker {costs.taker_fee_rate:%}, maker {costs.maker_fee_rate:%}, slippage "
        f"{costs.slippage_rate:%}, funding {costs.funding_rate:%} in 8 h; prices on ticks, "
        f"rounded against us ({ticks})."
    )


def _rules(result: BacktestResult) -> str:
    """What limited the entries, and what was compared with what."""
    request, guards = result.request, guards_section(result.request)
    standing = ", ".join(f"{spoken(name)} {value:g}" for name, value in guards.items() if value)
    pairs = ", ".join(f"{symbol} with {peer}" for symbol, peer in request.smt_pairs)
    return (
        f"Risk: {request.risk.risk_per_trade:%} a trade, at most {request.risk.max_positions} "
        f"positions and {request.risk.max_leverage} times the equity. "
        f"Guards: {standing or 'none'}. SMT: {pairs or 'none'}."
    )


def _figures_table(found: Mapping[str, Figure]) -> Table:
    table = Table(show_header=True)
    for heading in ("Figure", "Value", "n"):
        table.add_column(heading, justify="left" if heading == "Figure" else "right")
    for name, figure in found.items():
        table.add_row(
            name.replace("_", " ").removesuffix(" ms"), _shown(name, figure), str(figure.n)
        )
    return table


def _shown(name: str, figure: Figure) -> str:
    if figure.value is None:
        return "-"
    if name in _SHARES:
        return f"{figure.value:.2%}"
    if name.endswith("_ms"):
        return f"{figure.value / MS_PER_HOUR:,.1f} h"
    return f"{figure.value:,.3f}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _moment(time: int) -> str:
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M}"
