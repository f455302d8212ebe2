"""Closed trades for tests, told by what matters to a measure."""

from decimal import Decimal

import numpy as np

from src.analytics.closed_trades import ClosedTrades
from src.domain.order import Direction, FillReason
from src.domain.trade import Trade, TradeStatus

HOUR = 3_600_000


def closed_trade(
    entry: float = 100.0,
    exit_price: float = 110.0,
    stop: float = 95.0,
    *,
    direction: Direction = Direction.LONG,
    entered: int = 0,
    left: int = HOUR,
    fees: float = 0.0,
    status: TradeStatus = TradeStatus.CLOSED,
) -> Trade:
    """One unit bought or sold; the risk is the distance to the stop."""
    gross = Decimal(str(exit_price - entry)) * int(direction)
    return Trade(
        order_link_id=f"order-{entered}-{left}",
        signal_id=f"signal-{entered}-{left}",
        symbol="BTCUSDT",
        direction=direction,
        status=status,
        quantity=Decimal(1),
        entry_price=Decimal(str(entry)),
        stop_loss=Decimal(str(stop)),
        take_profit=Decimal(str(exit_price)),
        risk_amount=abs(Decimal(str(entry)) - Decimal(str(stop))),
        entry_time=entered,
        fees=Decimal(str(fees)),
        funding=Decimal(0),
        slippage=Decimal(0),
        exit_price=Decimal(str(exit_price)),
        exit_time=left,
        exit_reason=FillReason.TARGET,
        gross_pnl=gross,
        realized_pnl=gross - Decimal(str(fees)),
    )


def columns(net: list[float], spans: list[tuple[int, int]] | None = None) -> ClosedTrades:
    """Trades that earned `net` at a risk of 1 each, one hour after another unless told."""
    spans = spans or [(i * HOUR, (i + 1) * HOUR) for i in range(len(net))]
    money = np.array(net, dtype=np.float64)
    return ClosedTrades(
        direction=np.where(np.arange(len(net)) % 2 == 0, 1, -1).astype(np.int64),
        entry_time=np.array([begin for begin, _ in spans], dtype=np.int64),
        exit_time=np.array([end for _, end in spans], dtype=np.int64),
        net=money,
        gross=money,
        fees=np.zeros(len(net)),
        funding=np.zeros(len(net)),
        result_in_r=money,
        traded=np.full(len(net), 200.0),
    )
