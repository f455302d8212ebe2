"""A backtest and the live path trade the same on the same candles, trade by trade.

The live path is the whole product: the simulator, real pybit, the monitor, the paper venue and
SQLite, in lock-step. The backtest reads the candles which that path stored.
"""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from src.backtest.account_record import ENVIRONMENT
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.cli_backtest import request_from
from src.config import load_settings
from src.database import SqlJournal, open_database
from src.domain.candle import Timeframe
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays
from src.strategy.symbol_strategy import candle_rows
from tests.replay import START, SYMBOLS, Replay, rows

LIVE = "simulator"


@pytest.fixture(scope="module")
def replay(whole_replay: Replay) -> tuple[Path, BacktestResult]:
    """The database of a replay, and the backtest of the candles it stored."""
    return whole_replay.database, backtest_of(whole_replay.database, whole_replay.instruments)


def backtest_of(database: Path, instruments: dict[str, Instrument]) -> BacktestResult:
    opened = open_database(f"sqlite:///{database}")
    journal = SqlJournal(opened, LIVE)
    candles = {}
    for symbol in SYMBOLS:
        columns = candle_rows(journal.candles(symbol, Timeframe.M5))
        names = ("time", "open", "high", "low", "close")
        candles[symbol] = CandleArrays(*(columns[name].copy() for name in names))
    opened.dispose()
    settings = load_settings(
        {"SECRET_KEY": "x" * 32, "MARKET_DATA": "simulator", "SYMBOLS": ",".join(SYMBOLS)}
    )
    request = request_from(settings, SYMBOLS, Timeframe.M5, moment(START), None, seed=0)
    return run_backtest(request, candles, instruments)


def moment(time: int) -> datetime:
    return datetime.fromtimestamp(time / 1000, UTC)


def as_live(name: str) -> str:
    """A signal id of the backtest as live trading names it."""
    return name.replace(ENVIRONMENT, LIVE, 1)


def number(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize()


def test_the_same_trades_with_the_same_prices_sizes_and_results(
    replay: tuple[Path, BacktestResult],
) -> None:
    database, result = replay
    live = [as_exact(row) for row in rows(database, "SELECT * FROM paper_trades")]
    backtested = [
        {
            "signal_id": as_live(trade.signal_id),
            "direction": trade.direction.word,
            "status": trade.status.value,
            "quantity": number(trade.quantity),
            "entry_price": number(trade.entry_price),
            "exit_price": number(trade.exit_price),
            "stop_loss": number(trade.stop_loss),
            "take_profit": number(trade.take_profit),
            "risk_amount": number(trade.risk_amount),
            "fees": number(trade.fees),
            "funding": number(trade.funding),
            "slippage": number(trade.slippage),
            "gross_pnl": number(trade.gross_pnl),
            "net_pnl": number(trade.realized_pnl),
            "entry_time": trade.entry_time,
            "exit_time": trade.exit_time,
            "exit_reason": trade.exit_reason.value if trade.exit_reason else None,
            "ambiguous": trade.ambiguous,
        }
        for trade in (*result.trades, *result.open_trades)
    ]
    assert len(result.trades) >= 10, "too quiet a market proves nothing"
    assert by_signal(backtested) == by_signal(live)
    assert result.ambiguous == sum(row["ambiguous"] for row in live)


def as_exact(row: dict[str, Any]) -> dict[str, Any]:
    exact = ("quantity", "entry_price", "exit_price", "stop_loss", "take_profit", "risk_amount")
    plain = ("signal_id", "direction", "status", "exit_reason")
    found = {name: row[name] for name in plain}
    found |= {name: _decimal(row[f"{name}_exact"]) for name in exact}
    found |= {
        name: _decimal(row[name])
        for name in ("fees", "funding", "slippage", "gross_pnl", "net_pnl")
    }
    found |= {"entry_time": row["entry_ms"], "exit_time": row["exit_ms"]}
    return found | {"ambiguous": bool(row["ambiguous"])}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else number(Decimal(text))


def by_signal(trades: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {trade["signal_id"]: trade for trade in trades}


def test_the_same_signals_with_the_same_prices_scores_and_fates(
    replay: tuple[Path, BacktestResult],
) -> None:
    database, result = replay
    query = (
        "SELECT signal_id, status, entry_price, stop_loss, take_profit, confluence_score "
        "FROM signals"
    )
    live = {row.pop("signal_id"): row for row in rows(database, query)}
    backtested = {
        as_live(signal.signal_id): {
            "status": signal.status.value,
            "entry_price": signal.entry_price,
            "stop_loss": signal.stop_loss,
            "take_profit": signal.take_profit,
            "confluence_score": signal.confluence_score,
        }
        for signal in result.signals()
    }
    assert len(live) > 100
    assert backtested == live


def test_the_same_equity_at_every_day_and_every_closed_trade(
    replay: tuple[Path, BacktestResult],
) -> None:
    database, result = replay
    live = {row["time"]: row for row in rows(database, "SELECT * FROM equity")}
    points = result.equity
    compared = 0
    for time, wallet, equity in zip(
        points.time.tolist(), points.wallet, points.equity, strict=True
    ):
        if time in live:
            assert wallet == pytest.approx(float(live[time]["wallet"]), abs=1e-6)
            assert equity == pytest.approx(float(live[time]["equity"]), abs=1e-6)
            compared += 1
    assert compared >= len(result.trades) // 2
