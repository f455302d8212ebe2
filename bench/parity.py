"""Long parity: what a backtest trades beside what the whole product trades on the same candles.

    python -m bench.parity --candles BTCUSDT=btc.csv --candles ETHUSDT=eth.csv --days 14

The product is the simulator, pybit, the monitor, the paper venue and SQLite, in lock-step. The
backtest reads the candles which that path stored. Then the trades of a longer backtest are traded
once more by a paper venue that sees a price every second, as live paper does, and the difference
is printed. Candles hold no ticks: the path inside each candle is the simulator's, through the
recorded open, high, low and close.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np
from sqlalchemy import select

from scripts import replay
from src.backtest.account_record import ENVIRONMENT
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.cli_backtest import request_from
from src.clock import SystemClock
from src.config import Settings
from src.database import SqlJournal, migrate, open_database
from src.database.tables import paper_trades
from src.domain.candle import Candle, Tick, Timeframe
from src.domain.instrument import Instrument
from src.domain.order import OrderKind, OrderRequest
from src.domain.trade import Trade
from src.exchange.bybit import BybitMarketData, simulator_environment
from src.exchange.paper import PaperBroker
from src.simulator.bars import Bars
from src.simulator.tick_path import SECOND_MS, walk
from src.strategy.candle_arrays import CandleArrays, read_candles
from src.strategy.symbol_strategy import candle_rows
from src.trading_rules import trading_costs

TIMEFRAME = Timeframe.M5
LIVE = "simulator"
EXACT = ("quantity", "entry_price", "exit_price", "stop_loss", "take_profit", "risk_amount")
MONEY = ("fees", "funding", "slippage", "gross_pnl", "net_pnl")
ENOUGH = Decimal(10**12)
"""A wallet that one trade can never exhaust."""


@click.command()
@click.option("--candles", multiple=True, required=True, metavar="SYMBOL=CSV")
@click.option("--days", default=14, show_default=True, help="The last days, through the product.")
@click.option("--drift-days", default=60, show_default=True, help="The last days, tick by tick.")
@click.option("--simulator-url", default="http://127.0.0.1:8898", show_default=True)
def parity(candles: tuple[str, ...], days: int, drift_days: int, simulator_url: str) -> None:
    """Print how many trades were compared, which differ, and by how much ticks change a result."""
    with TemporaryDirectory() as folder:
        words = [word for pair in candles for word in ("--candles", pair)]
        words += ["--days", str(days), "--simulator-url", simulator_url]
        options = replay.parse([*words, "--database", str(Path(folder) / "trading.db")])
        settings = replay.replay_settings(options)
        started = time.monotonic()
        with replay.lock_step_simulator(options):
            instruments = instruments_at(simulator_url, settings.symbols)
            migrate(settings.database_url)
            replay.follow(settings)
        seconds = time.monotonic() - started
        stored = stored_candles(settings)
        start = replay.start_time([pair.split("=", 1)[1] for pair in candles], days)
        result = backtested(settings, stored, instruments, start)
        click.echo(f"{days} days through the product in {seconds:.0f} s")
        for line in comparison(stored_trades(settings), result):
            click.echo(line)
    files = dict(pair.split("=", 1) for pair in candles)
    market = {symbol: read_candles(Path(path), TIMEFRAME) for symbol, path in files.items()}
    start = replay.start_time(list(files.values()), drift_days)
    for line in drift(settings, backtested(settings, market, instruments, start)):
        click.echo(line)


def instruments_at(url: str, symbols: Sequence[str]) -> dict[str, Instrument]:
    """The trading rules that the simulator states."""
    market = BybitMarketData(simulator_environment(url), SystemClock())
    found = dict(market.instruments(symbols))
    market.close()
    return found


def stored_candles(settings: Settings) -> dict[str, CandleArrays]:
    """What the monitor stored, warm-up included."""
    database = open_database(settings.database_url)
    journal, found = SqlJournal(database, LIVE), {}
    for symbol in settings.symbols:
        columns = candle_rows(journal.candles(symbol, TIMEFRAME))
        names = ("time", "open", "high", "low", "close")
        found[symbol] = CandleArrays(*(columns[name].copy() for name in names))
    database.dispose()
    return found


def stored_trades(settings: Settings) -> list[dict[str, Any]]:
    """Every trade the product stored."""
    database = open_database(settings.database_url)
    with database.reading() as connection:
        found = [dict(row) for row in connection.execute(select(paper_trades)).mappings()]
    database.dispose()
    return found


def backtested(
    settings: Settings,
    candles: Mapping[str, CandleArrays],
    instruments: Mapping[str, Instrument],
    start: int,
) -> BacktestResult:
    """The same account over the same candles."""
    moment = datetime.fromtimestamp(start / 1000, UTC)
    request = request_from(settings, settings.symbols, TIMEFRAME, moment, None, seed=0)
    return run_backtest(request, candles, instruments)


def comparison(live: Sequence[Mapping[str, Any]], result: BacktestResult) -> Iterator[str]:
    """Trades compared, differences and ambiguous candles."""
    ours = {trade.signal_id: as_facts(trade) for trade in (*result.trades, *result.open_trades)}
    theirs = {str(row["signal_id"]).replace(LIVE, ENVIRONMENT, 1): as_stored(row) for row in live}
    differing = sorted(
        name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)
    )
    yield (
        f"{len(theirs)} trades live, {len(ours)} backtested, {len(result.open_trades)} of them "
        f"open at the end: {len(differing)} differ; {result.ambiguous} ambiguous candles"
    )
    for name in differing:
        yield f"  {name}: live {theirs.get(name)}, backtest {ours.get(name)}"


def as_facts(trade: Trade) -> dict[str, object]:
    """What is compared of a trade, numbers as exact decimals."""
    numbers = {name: getattr(trade, name) for name in (*EXACT, *MONEY) if name != "net_pnl"}
    numbers["net_pnl"] = trade.realized_pnl
    return {
        "direction": trade.direction.word,
        "status": trade.status.value,
        "times": (trade.entry_time, trade.exit_time),
        "reason": trade.exit_reason.value if trade.exit_reason else None,
        "ambiguous": trade.ambiguous,
        **{name: None if value is None else value.normalize() for name, value in numbers.items()},
    }


def as_stored(row: Mapping[str, Any]) -> dict[str, object]:
    """The same of a stored trade."""
    texts = {name: row[f"{name}_exact"] for name in EXACT} | {name: row[name] for name in MONEY}
    return {
        "direction": row["direction"],
        "status": row["status"],
        "times": (row["entry_ms"], row["exit_ms"]),
        "reason": row["exit_reason"],
        "ambiguous": bool(row["ambiguous"]),
        **{
            name: None if text is None else Decimal(text).normalize()
            for name, text in texts.items()
        },
    }


def drift(settings: Settings, result: BacktestResult) -> Iterator[str]:
    """How far a price every second moves each trade's net result, in basis points of its value."""
    paths: dict[tuple[str, int], list[float]] = {}
    found = [drift_of(settings, result, trade, paths) for trade in result.trades]
    moved = np.array([points for points in found if points is not None])
    size = np.abs(moved)
    yield (
        f"Paper by ticks beside paper by candles: {len(moved)} trades "
        f"({len(found) - len(moved)} never closed by ticks), {np.count_nonzero(size > 0)} differ; "
        f"basis points a trade: median {np.median(size):.2f}, p95 {np.quantile(size, 0.95):.2f}, "
        f"mean with its sign {moved.mean():+z.2f}"
    )


def drift_of(
    settings: Settings,
    result: BacktestResult,
    trade: Trade,
    paths: dict[tuple[str, int], list[float]],
) -> float | None:
    """Net result by ticks less that by candles, in basis points of the entry's value.

    None when the candles end before the trade does.
    """
    instrument = result.instruments[trade.symbol]
    broker = PaperBroker({trade.symbol: instrument}, trading_costs(settings), ENOUGH, Decimal(100))
    order = request_of(result, trade)
    candles = result.candles[trade.symbol]
    number = int(np.searchsorted(candles.time, order.placed_at)) - 1
    broker.observe(candle_at(trade.symbol, candles, number))
    broker.submit(order)
    while number + 1 < len(candles):
        number += 1
        candle = candle_at(trade.symbol, candles, number)
        known = (trade.symbol, candle.open_time)
        if known not in paths:
            paths[known] = path_of(candle, float(instrument.tick_size))
        for second, price in enumerate(paths[known]):
            at = candle.open_time + second * SECOND_MS
            broker.observe(Tick(trade.symbol, at, price, price, price, price, 0.0, 0))
        broker.observe(candle)
        if not broker.positions() and not broker.resting():
            moved = broker.wallet - ENOUGH - trade.realized_pnl
            return float(moved / (trade.quantity * trade.entry_price)) * 10_000
    return None


def request_of(result: BacktestResult, trade: Trade) -> OrderRequest:
    """The order a trade came from."""
    signal = result.signal_of(trade)
    row = result.setups[trade.symbol].row_by_id(trade.signal_id)
    return OrderRequest(
        order_link_id=trade.order_link_id,
        signal_id=trade.signal_id,
        symbol=trade.symbol,
        direction=trade.direction,
        kind=OrderKind.MARKET if row["market"] else OrderKind.LIMIT,
        quantity=trade.quantity,
        price=Decimal(repr(signal.entry_price)),
        stop_loss=trade.stop_loss,
        take_profit=trade.take_profit,
        leverage=Decimal(1),
        placed_at=signal.armed_at,
    )


def candle_at(symbol: str, candles: CandleArrays, number: int) -> Candle:
    """One candle of a history."""
    return Candle(
        symbol,
        TIMEFRAME,
        candles.time.item(number),
        candles.open.item(number),
        candles.high.item(number),
        candles.low.item(number),
        candles.close.item(number),
        0.0,
    )


def path_of(candle: Candle, tick: float) -> list[float]:
    """A price for every second of a candle."""
    numbers = (candle.open, candle.high, candle.low, candle.close, 0.0, 0.0)
    bar = Bars(np.array([candle.open_time]), *(np.array([number]) for number in numbers))
    seconds = TIMEFRAME.milliseconds // SECOND_MS
    key = (0, candle.open_time // SECOND_MS)
    path: list[float] = np.round(walk(bar, seconds, tick, key), 8).tolist()
    return path


if __name__ == "__main__":
    sys.exit(parity())
