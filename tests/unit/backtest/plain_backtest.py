"""The slow way: every candle through strategy, venue and engine, exactly as the monitor does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from src.backtest.account_record import ENVIRONMENT
from src.backtest.request import BacktestRequest
from src.domain.candle import Candle
from src.domain.events import Change, SignalChanged, TradeClosed
from src.domain.instrument import Instrument
from src.domain.ports import StoredBook
from src.domain.signal import Signal
from src.domain.trade import Trade
from src.engine import Engine
from src.engine.conduct import absorb_reports, perform_intents
from src.exchange.paper import PaperBroker
from src.strategy.candle_arrays import CandleArrays
from src.strategy.symbol_strategy import SymbolStrategy


@dataclass
class PlainResult:
    """What the loop saw; `equity` holds (wallet, equity) after every close, by UTC ms."""

    trades: list[Trade] = field(default_factory=list)
    open_trades: tuple[Trade, ...] = ()
    signals: dict[str, Signal] = field(default_factory=dict)
    equity: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)


def run_plainly(
    request: BacktestRequest,
    market: Mapping[str, CandleArrays],
    instruments: Mapping[str, Instrument],
    begins_at: int,
) -> PlainResult:
    """One candle after the other; nothing is skipped, nothing is looked up ahead."""
    result = PlainResult()
    engine = Engine(
        request.risk, instruments, ENVIRONMENT, StoredBook((), (), (), None), request.guards
    )
    peers = dict(request.smt_pairs)
    broker = PaperBroker(
        instruments, request.costs, request.initial_balance, request.risk.max_leverage
    )
    strategies = {
        symbol: SymbolStrategy(
            symbol, request.timeframe, request.parameters, float(instruments[symbol].tick_size)
        )
        for symbol in request.symbols
    }
    for now, candles in by_close(request, market).items():
        updates = [
            strategies[seen.symbol].update(
                [seen], [other for other in candles if other.symbol == peers.get(seen.symbol)]
            )
            for seen in candles
        ]
        if now <= begins_at:
            continue
        for seen in candles:
            broker.observe(seen)
        changes = absorb_reports(engine, broker, now)
        for seen in candles:
            engine.mark(seen.symbol, Decimal(repr(seen.close)))
        for spoken in updates:
            for update in spoken:
                changes += engine.on_setup(update, broker.balance(), now)
        balance = broker.balance()
        result.equity[now] = (balance.wallet, balance.equity)
        while changes:
            note(changes, result)
            changes = perform_intents(engine, broker, changes, now)
    result.open_trades = engine.open_trades
    return result


def note(changes: list[Change], result: PlainResult) -> None:
    for change in changes:
        match change:
            case SignalChanged(signal):
                result.signals[signal.signal_id] = signal
            case TradeClosed(trade):
                result.trades.append(trade)


def by_close(
    request: BacktestRequest, market: Mapping[str, CandleArrays]
) -> dict[int, list[Candle]]:
    """Candles of every symbol by the instant they close at, in order of time and symbol."""
    found: dict[int, list[Candle]] = {}
    for symbol in request.symbols:
        columns = market[symbol]
        for values in zip(
            columns.time.tolist(),
            columns.open.tolist(),
            columns.high.tolist(),
            columns.low.tolist(),
            columns.close.tolist(),
            strict=True,
        ):
            seen = Candle(symbol, request.timeframe, *values, volume=0.0)
            found.setdefault(seen.close_time, []).append(seen)
    return dict(sorted(found.items()))
