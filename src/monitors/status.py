"""What the world is told about the monitor: the `monitor` and `prices` live-state rows.

Numbers are computed here, on the server; the dashboard formats them and never adds.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType

from src.domain.candle import Candle, Tick
from src.domain.trade import Balance, Trade
from src.engine.guards import OpenRisk, ResultGuard
from src.strategy.symbol_strategy import SymbolStrategy


class MonitorState(enum.Enum):
    """What the monitor is doing, as the status strip shows it."""

    STARTING = "starting"
    WARMING_UP = "warming_up"
    RUNNING = "running"
    STALE = "stale"
    HALTED = "halted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """Which market this is; shown everywhere a number is shown."""

    environment: str
    mode: str
    market_data: str
    simulated: bool


def iso(time: int) -> str | None:
    """UTC ms as ISO 8601 with Z; None for 0 (never)."""
    if not time:
        return None
    moment = datetime.fromtimestamp(time / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def monitor_payload(
    facts: MarketFacts,
    state: MonitorState,
    detail: str,
    *,
    now: int,
    market_time: int = 0,
    last_message_at: int = 0,
    symbols: list[dict[str, object]] | None = None,
    entries_paused: str | None = None,
    pause_causes: Sequence[str] = (),
    quarantined: Mapping[str, str] = MappingProxyType({}),
    guards: Sequence[ResultGuard] = (),
    open_risk: OpenRisk | None = None,
    catching_up: bool = False,
    epoch: int = 0,
) -> dict[str, object]:
    """The `monitor` row. Times in are UTC ms; `now` and `last_message_at` are wall time."""
    return {
        "state": state.value,
        "detail": detail,
        "mode": facts.mode,
        "environment": facts.environment,
        "marketData": facts.market_data,
        "simulated": facts.simulated,
        "symbols": symbols or [],
        "marketTime": iso(market_time),
        "dataAgeMs": now - last_message_at if last_message_at else None,
        "heartbeatAt": iso(now),
        "entriesPaused": entries_paused,
        "pauseCauses": list(pause_causes),
        "quarantined": [{"symbol": symbol, "reason": why} for symbol, why in quarantined.items()],
        "guards": [guard_reading(guard) for guard in guards],
        "openRisk": open_risk and {"used": float(open_risk.used), "limit": float(open_risk.limit)},
        "catchingUp": catching_up,
        "epoch": epoch,
    }


def guard_reading(guard: ResultGuard) -> dict[str, object]:
    """A guard that looks back: how much of its limit is used, and what it says when it stands."""
    return {
        "name": guard.guard,
        "limit": float(guard.limit),
        "used": float(guard.used),
        "left": float(guard.left),
        "sentence": guard.tripped.sentence if guard.tripped else None,
        "until": iso(guard.tripped.until) if guard.tripped else None,
    }


def symbol_readings(
    strategies: Mapping[str, SymbolStrategy],
    newest: Mapping[str, Candle],
    prices: Mapping[str, Tick],
) -> list[dict[str, object]]:
    """Per symbol: what the strategy reads now, and why nothing happens if nothing does."""
    rows: list[dict[str, object]] = []
    for symbol, strategy in strategies.items():
        view = strategy.view()
        candle = newest.get(symbol)
        tick = prices.get(symbol)
        rows.append(
            {
                "symbol": symbol,
                "lastCandleTime": iso(candle.open_time) if candle else None,
                "lastPrice": tick.last if tick else candle.close if candle else None,
                "trend": view.trend,
                "bias": view.bias,
                "killZone": ", ".join(view.kill_zones) or None,
                "rangePosition": view.range_position,
                "scoreLong": view.score_long,
                "scoreShort": view.score_short,
                "liveSetups": view.live_setups,
                "reading": view.reading,
                "added": view.added,
            }
        )
    return rows


def prices_payload(
    market_time: int,
    prices: Mapping[str, tuple[float, float, int]],
    trades: Iterable[tuple[int, Trade, Decimal]],
    balance: Balance,
) -> dict[str, object]:
    """The `prices` row. `prices` is (last, mark, time) by symbol; `trades` is (row id, open trade,
    price it is valued at)."""
    rows = []
    open_total = open_r = Decimal(0)
    for row_id, trade, price in trades:
        unrealized = trade.unrealized_pnl(price)
        open_total += unrealized
        open_r += unrealized / trade.risk_amount
        rows.append(
            {
                "id": row_id,
                "signalId": trade.signal_id,
                "symbol": trade.symbol,
                "currentPrice": float(price),
                "unrealizedPnL": float(unrealized),
                "unrealizedR": float(unrealized / trade.risk_amount),
            }
        )
    return {
        "marketTime": iso(market_time),
        "prices": {
            symbol: {"last": last, "mark": mark, "time": iso(time)}
            for symbol, (last, mark, time) in prices.items()
        },
        "openTrades": rows,
        "equity": float(balance.equity),
        "wallet": float(balance.wallet),
        "openPnL": float(open_total),
        "openPnLPercent": float(100 * open_total / balance.wallet) if balance.wallet else None,
        "openR": float(open_r),
        "equityTime": iso(market_time),
    }
