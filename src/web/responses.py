"""What the dashboard routes answer, as documented models; tests hold the answers to them."""

from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from src.web.schemas import ApiModel


def _wire_name(field: str) -> str:
    """The JSON name of a field: camel case, and P&L is written PnL."""
    return to_camel(field).replace("Pnl", "PnL")


class AnswerModel(ApiModel):
    """An answer: fields in snake case here, in camel case on the wire."""

    model_config = ConfigDict(alias_generator=_wire_name, validate_by_name=True)


class QuarantinedSymbol(AnswerModel):
    """A symbol on which journal and exchange disagree: it takes no entries."""

    symbol: str
    reason: str


class Monitor(AnswerModel):
    """What the monitor is doing; more fields than the named ones may follow."""

    model_config = ConfigDict(extra="allow")

    state: Literal["starting", "warming_up", "running", "stale", "halted", "stopped"]
    detail: str
    environment: str
    mode: str
    market_data: str
    simulated: bool
    heartbeat_at: str
    quarantined: list[QuarantinedSymbol] | None = None


class Health(AnswerModel):
    """Whether the system is up. `degraded` when the monitor is silent, stale, halted or stopped."""

    status: Literal["ok", "degraded"]
    version: str
    environment: str
    mode: str
    market_data: Literal["bybit", "simulator"]
    simulated: bool
    monitor: Monitor | None
    time: str


class Stats(AnswerModel):
    """Key statistics of the closed trades. Percent where 62.5 means 62.5 %.

    What cannot be said is null: the win rate without trades, the profit factor without losses,
    Sharpe and Sortino below two daily returns.
    """

    total_trades: int
    win_rate: float | None
    total_pnl: float
    total_pnl_percent: float
    total_r: float
    active_trades: int
    open_risk: float = Field(description="what the open trades would lose at their stops")
    open_risk_percent: float | None = Field(description="of equity, while there is some")
    avg_win: float | None
    avg_loss: float | None = Field(description="negative")
    profit_factor: float | None
    max_drawdown: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None = Field(description="annual growth over the deepest drawdown")
    omega: float | None = Field(description="daily gains over daily losses")
    annual_growth: float | None = Field(description="percent a year, compounded (CAGR)")
    today_pnl: float = Field(
        description="change of equity since the UTC day of the market began, transfers left out"
    )
    today_pnl_percent: float
    today_r: float = Field(description="results in R of the trades closed on that day")
    daily_returns: int = Field(description="how many days the ratios and the growth rest on")
    equity: float
    initial_balance: float


class EquityPoint(AnswerModel):
    """The account at one instant; `drawdown` in percent below the highest equity (<= 0)."""

    time: str
    equity: float
    wallet: float
    drawdown: float


class EquityCurve(AnswerModel):
    """The account over time, oldest first."""

    points: list[EquityPoint]
    initial_balance: float


class Trade(AnswerModel):
    """One round trip. Prices and money in quote currency, times ISO 8601."""

    id: int
    signal_id: str
    symbol: str
    direction: Literal["long", "short"]
    status: Literal["open", "closed"]
    entry_price: float
    current_price: float | None
    exit_price: float | None
    position_size: float
    stop_loss: float
    take_profit: float
    unrealized_pnl: float | None
    realized_pnl: float | None
    risk_amount: float
    result_r: float | None
    entry_time: str
    exit_time: str | None
    exit_reason: str | None
    fees: float
    funding: float
    slippage: float
    ambiguous: bool
    model: str | None
    confluence_score: float | None
    reasons: list[str]
    environment: str


class TradeHistory(AnswerModel):
    """One page of closed trades, newest first."""

    trades: list[Trade]
    page: int
    limit: int
    total: int
    pages: int


class Balance(AnswerModel):
    """How the wallet came about, in quote currency.

    `results` are those of closed trades, `open_costs` what open ones have paid and received so far.
    """

    opened_at: str
    opening: float
    results: float
    transfers: float = Field(description="deposits less withdrawals since then")
    open_costs: float
    ledger: float = Field(description="the sum of these")
    wallet: float = Field(description="what the exchange said last, at `walletAt`")
    wallet_at: str


class Movement(AnswerModel):
    """Money that no exit of a trade made: `funding`, or the exchange's word for a transfer."""

    id: str
    kind: str
    symbol: str | None
    amount: float = Field(description="negative when it left the account")
    time: str


class AccountPage(AnswerModel):
    """The balance, null before the first candle was traded on, and a page of movements."""

    balance: Balance | None
    movements: list[Movement]
    page: int
    limit: int
    total: int
    pages: int


class OpenTrades(AnswerModel):
    """Open trades; `frozen` are those of other environments, listed and never priced."""

    trades: list[Trade]
    frozen: list[Trade]


class Signal(AnswerModel):
    """A setup the strategy proposed or refused, with its reasons."""

    id: int
    signal_id: str
    symbol: str
    direction: Literal["long", "short"]
    timeframe: str
    model: str
    status: Literal["armed", "refused", "filled", "cancelled"]
    entry_price: float
    stop_loss: float
    take_profit: float
    confluence_score: float
    components: dict[str, float]
    reasons: list[str]
    refusals: list[str]
    time: str
    updated_at: str
    environment: str


class StatusCounts(AnswerModel):
    """Signals by status."""

    armed: int
    refused: int
    filled: int
    cancelled: int


class Outcomes(AnswerModel):
    """Closed trades by result."""

    win: int
    loss: int


class SetupGroup(AnswerModel):
    """The signals of one model or kill zone and what came of them; between windows no name.

    `taken` were filled; `won` and `lost` are closed trades, `result_r` the sum of their results.
    """

    name: str | None
    signals: int
    buy: int
    sell: int
    taken: int
    won: int
    lost: int
    result_r: float


class SignalDistribution(AnswerModel):
    """How the signals are spread, and the newest of them."""

    total: int
    buy: int
    sell: int
    by_status: StatusCounts
    by_model: dict[str, int]
    outcomes: Outcomes
    models: list[SetupGroup]
    kill_zones: list[SetupGroup]
    recent: list[Signal]
