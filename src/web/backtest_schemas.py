"""What the backtest routes take and answer, as documented models."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from src.domain.candle import SYMBOL_PATTERN
from src.web.responses import AnswerModel
from src.web.schemas import ApiModel

MarketName = Literal["bybit", "simulator"]
TimeframeName = Literal["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d"]
StatusName = Literal["queued", "running", "finished", "failed", "cancelled", "lost"]
StageName = Literal[
    "loading",
    "strategy",
    "account",
    "examination",
    "walk_forward",
    "search",
    "ablation",
    "sealed",
    "report",
]
Value = bool | int | float | str
Symbol = Annotated[str, Field(pattern=f"^{SYMBOL_PATTERN}$")]


class BacktestCostsWish(AnswerModel):
    """Costs that differ from this installation's. Rates are shares: 0.00055 is 0.055 %."""

    taker_fee_rate: float | None = Field(None, ge=0, le=0.01)
    maker_fee_rate: float | None = Field(None, ge=0, le=0.01)
    slippage_bps: float | None = Field(None, ge=0, le=100)


class BacktestAblation(AnswerModel):
    """One component of the confluence score after the other missing.

    `sealed` is the last share of the time that no trial of the job reads.
    """

    sealed: float = Field(0.2, ge=0, le=0.5)


class BacktestSearch(BacktestAblation):
    """A search: parameters are chosen out of `trials`.

    With `openSealed` what was chosen trades the sealed segment at the end: that can be done once.
    """

    trials: int = Field(50, ge=2, le=500)
    open_sealed: bool = False


class BacktestWalk(BacktestSearch):
    """A walk-forward: parameters are chosen out of `trials` in every fold."""

    folds: int = Field(4, ge=2, le=12)
    trials: int = Field(20, ge=2, le=200)


class BacktestWish(AnswerModel):
    """What to test. What is left out is as this installation trades; `to` is not included.

    At most one of `walkForward`, `optimise` and `ablate`; without them it is a single run.
    """

    symbols: list[Symbol] = Field(min_length=1, max_length=20, examples=[["BTCUSDT"]])
    timeframe: TimeframeName | None = None
    from_: date | None = Field(None, alias="from", examples=["2026-01-01"])
    to: date | None = None
    initial_balance: float | None = Field(None, gt=0, le=1e12)
    seed: int | None = Field(None, ge=0, lt=2**32)
    market: MarketName | None = None
    parameters: dict[str, Value] | None = None
    costs: BacktestCostsWish | None = None
    risk_per_trade: float | None = Field(None, gt=0, le=0.1)
    max_positions: int | None = Field(None, ge=1, le=50)
    walk_forward: BacktestWalk | None = None
    optimise: BacktestSearch | None = None
    ablate: BacktestAblation | None = None


class BacktestPath(ApiModel):
    """Which backtest."""

    job_id: int = Field(ge=1, lt=2**31)


class BacktestPage(ApiModel):
    """How many of the newest; with `before` of those asked for before that one."""

    limit: int = Field(50, ge=1, le=200)
    before: int | None = Field(None, ge=1, lt=2**31)


class BacktestCandlesWindow(ApiModel):
    """Which candles; without dates all that the backtest traded on. UTC ms, end not included."""

    symbol: Symbol
    from_: int | None = Field(None, alias="from", ge=0, lt=2**53)
    to: int | None = Field(None, ge=0, lt=2**53)


class BacktestCosts(AnswerModel):
    """What trading costs."""

    taker_fee_rate: float
    maker_fee_rate: float
    slippage_bps: float


class BacktestRequest(AnswerModel):
    """A complete request."""

    symbols: list[str]
    timeframe: TimeframeName
    from_: date | None = Field(alias="from")
    to: date | None
    initial_balance: float
    seed: int
    market: MarketName
    parameters: dict[str, Value]
    costs: BacktestCosts
    risk_per_trade: float
    max_positions: int
    walk_forward: BacktestWalk | None
    optimise: BacktestSearch | None
    ablate: BacktestAblation | None


class BacktestProgress(AnswerModel):
    """How far a run is in one of its stages; what cannot be said yet is null."""

    stage: StageName
    done: int
    total: int
    bars_per_second: float | None
    eta_seconds: float | None = Field(description="to the end of the stage")


class BacktestHeadline(AnswerModel):
    """The figures that stand in a list of runs."""

    net_r: float
    trades: int
    sharpe: float | None
    max_drawdown: float | None


class BacktestJob(AnswerModel):
    """A backtest that was asked for. `lost`: the system went down under it too often."""

    id: int
    status: StatusName
    request: BacktestRequest
    progress: BacktestProgress | None
    verdict: str | None
    headline: BacktestHeadline | None
    error: str | None
    requested_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    attempts: int


class BacktestAnswer(AnswerModel):
    """One backtest."""

    job: BacktestJob


class BacktestList(AnswerModel):
    """The newest backtests, newest first."""

    jobs: list[BacktestJob]


class BacktestSeries(AnswerModel):
    """What is stored of one symbol."""

    market: MarketName
    symbol: str
    timeframe: TimeframeName
    from_: str = Field(alias="from")
    to: str
    candles: int
    missing: int


class BacktestParameter(AnswerModel):
    """A parameter that may be changed; numbers have a range, choices their values."""

    name: str
    label: str
    type: Literal["integer", "number", "boolean", "choice"]
    min: float | None
    max: float | None
    step: float | None
    default: Value
    choices: list[str] | None


class BacktestOptions(AnswerModel):
    """What can be asked for."""

    markets: list[MarketName]
    series: list[BacktestSeries]
    parameters: list[BacktestParameter]
    defaults: BacktestRequest


class BacktestCandles(AnswerModel):
    """Candles as [open time in UTC ms, open, high, low, close], each `step` ms long."""

    candles: list[tuple[int, float, float, float, float]]
    step: int


class BacktestReport(AnswerModel):
    """Everything a finished backtest found; docs/backtest.md explains the fields."""

    model_config = ConfigDict(extra="allow")

    verdict: str
    examination: dict[str, Any]
    figures: dict[str, Any]
    equity: dict[str, Any]
    monthly: list[dict[str, Any]]
    trades: list[dict[str, Any]]
    tables: dict[str, Any]
