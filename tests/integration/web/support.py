"""The web face over a real database, and the records it shows."""

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.notifications.secret_box import SecretBox
from src.database import Database, SqlJournal
from src.domain.candle import Timeframe
from src.domain.events import (
    Change,
    EntryIntended,
    EquityPoint,
    MoneyMoved,
    SignalChanged,
    StepRecord,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import Direction, Fill, FillReason, FundingPayment, OrderKind, OrderRequest
from src.domain.ports import Clock
from src.domain.signal import Signal, SignalStatus
from src.domain.trade import Trade, TradeStatus, Transfer
from src.web import Web, WebDependencies, WebFacts, create_web
from src.web.dependencies import NotificationGear

KEY = "a-key-that-only-these-tests-know-0123456789"
ENVIRONMENT = "simulator"
ORIGIN = "https://desk.example.com"
NOON = 1_790_000_000_000
MINUTE = 60_000
CREDENTIALS = {"email": "trader@example.com", "password": "correct horse"}
BACKTEST_DEFAULTS: dict[str, Any] = {
    "symbols": ["BTCUSDT"],
    "timeframe": "5m",
    "from": None,
    "to": None,
    "initialBalance": 1000.0,
    "seed": 0,
    "market": "simulator",
    "parameters": {"confluenceThreshold": 60.0},
    "costs": {"takerFeeRate": 0.00055, "makerFeeRate": 0.0002, "slippageBps": 1.0},
    "riskPerTrade": 0.01,
    "maxPositions": 3,
    "walkForward": None,
    "optimise": None,
    "ablate": None,
}
FACTS = WebFacts(
    version="1.2.3", environment=ENVIRONMENT, mode="paper", market_data="simulator", simulated=True
)


class ManualClock:
    """Wall time that stands still until it is moved. UTC ms."""

    def __init__(self, now: int = NOON) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def advance(self, milliseconds: int) -> None:
        self._now += milliseconds


def new_web(database: Database, clock: Clock, folder: Path, **changes: Any) -> Web:
    """The web face with cheap passwords; `changes` replace dependencies."""
    dependencies = WebDependencies(
        secret_key=KEY,
        facts=FACTS,
        database=database,
        clock=clock,
        initial_balance=Decimal("1000.0"),
        cors_origins=(ORIGIN,),
        frontend_directory=folder / "dist",
        notifications=NotificationGear((), SecretBox(bytes(32)), "a public key", None),
        backtest_defaults=BACKTEST_DEFAULTS,
        password_cost=4,
        relay_interval=0.005,
    )
    return create_web(dataclasses.replace(dependencies, **changes))


def signal(number: int, status: SignalStatus = SignalStatus.FILLED) -> Signal:
    """Signal `number`: the odd ones are short."""
    return Signal(
        signal_id=f"signal-{number}",
        symbol="BTCUSDT",
        timeframe=Timeframe.M5,
        model="2022",
        direction=Direction.SHORT if number % 2 else Direction.LONG,
        status=status,
        entry_price=100.0,
        stop_loss=99.0,
        take_profit=102.0,
        confluence_score=70.0,
        components={"sweep": 40.0, "fvg": 30.0},
        reasons=("Sweep of the Asian low.",),
        refusals=() if status is not SignalStatus.REFUSED else ("Outside every kill zone.",),
        armed_at=NOON,
        updated_at=NOON,
    )


def open_trade(number: int) -> Trade:
    """Trade `number`, freshly entered: 1 unit at 100."""
    return Trade(
        order_link_id=f"order-{number}",
        signal_id=f"signal-{number}",
        symbol="BTCUSDT",
        direction=Direction.LONG,
        status=TradeStatus.OPEN,
        quantity=Decimal(1),
        entry_price=Decimal(100),
        stop_loss=Decimal(99),
        take_profit=Decimal(102),
        risk_amount=Decimal(10),
        entry_time=NOON + number * MINUTE,
        fees=Decimal("0.1"),
        funding=Decimal(0),
        slippage=Decimal(0),
    )


def closed_trade(number: int, net: Decimal) -> Trade:
    """Trade `number`, closed with a net result of `net`."""
    return dataclasses.replace(
        open_trade(number),
        status=TradeStatus.CLOSED,
        exit_price=Decimal(100) + net,
        exit_time=NOON + number * MINUTE + 1,
        exit_reason=FillReason.TARGET if net > 0 else FillReason.STOP,
        gross_pnl=net + Decimal("0.2"),
        realized_pnl=net,
        fees=Decimal("0.2"),
    )


def entry(number: int) -> OrderRequest:
    """The entry of signal `number`: 1 unit at 100."""
    return OrderRequest(
        order_link_id=f"order-{number}",
        signal_id=f"signal-{number}",
        symbol="BTCUSDT",
        direction=Direction.LONG,
        kind=OrderKind.LIMIT,
        quantity=Decimal(1),
        price=Decimal(100),
        stop_loss=Decimal(99),
        take_profit=Decimal(102),
        leverage=Decimal(1),
        placed_at=NOON,
    )


def fill_of(trade: Trade) -> Fill:
    """The execution that brought `trade` where it is."""
    entry = trade.status is TradeStatus.OPEN
    return Fill(
        execution_id=f"{trade.order_link_id}-{trade.status.value}",
        order_link_id=trade.order_link_id,
        symbol=trade.symbol,
        direction=trade.direction,
        reason=FillReason.ENTRY if entry else trade.exit_reason or FillReason.STOP,
        quantity=trade.quantity,
        price=trade.entry_price if entry else trade.exit_price or trade.entry_price,
        fee=Decimal("0.1"),
        slippage=Decimal(0),
        is_maker=False,
        time=trade.entry_time if entry else trade.exit_time or trade.entry_time,
    )


class Ledger:
    """Writes records as the engine does."""

    def __init__(self, database: Database, environment: str = ENVIRONMENT) -> None:
        self._journal = SqlJournal(database, environment)

    def signal(self, number: int, status: SignalStatus = SignalStatus.FILLED) -> None:
        self._commit(SignalChanged(signal(number, status)))

    def open(self, number: int) -> None:
        trade = open_trade(number)
        self._commit(TradeOpened(trade, fill_of(trade)))

    def rest(self, number: int) -> None:
        self._commit(EntryIntended(entry(number)))

    def close(self, number: int, net: str) -> None:
        trade = closed_trade(number, Decimal(net))
        self._commit(TradeClosed(trade, fill_of(trade)))

    def transfer(self, name: str, kind: str, amount: str) -> None:
        moved = Transfer(name, kind, Decimal(amount), NOON + MINUTE)
        self._commit(MoneyMoved(moved))

    def fund(self, number: int, amount: str) -> None:
        trade = open_trade(number)
        payment = FundingPayment(
            f"funding-{number}",
            trade.order_link_id,
            trade.symbol,
            Decimal("0.0001"),
            Decimal(amount),
            NOON + 5 * MINUTE,
        )
        self._commit(TradeFunded(dataclasses.replace(trade, funding=Decimal(amount)), payment))

    def equity(self, time: int, equity: str) -> None:
        point = EquityPoint(time, wallet=Decimal(equity), equity=Decimal(equity))
        self._journal.commit(StepRecord(market_time=time, equity=point))

    def _commit(self, change: Change) -> None:
        self._journal.commit(StepRecord(market_time=NOON, changes=(change,)))
