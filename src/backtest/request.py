"""What to backtest: the whole question, so that the same request always gives the same answer."""

from dataclasses import dataclass, field
from decimal import Decimal

from src.domain.candle import Timeframe
from src.domain.errors import InvalidInput
from src.engine.guards import GuardSettings
from src.engine.sizing import RiskSettings
from src.exchange.paper.costs import TradingCosts
from src.strategy.parameters import StrategyParameters

DEFAULT_COSTS = TradingCosts()
DEFAULT_RISK = RiskSettings(
    risk_per_trade=Decimal("0.01"),
    max_positions=3,
    max_leverage=Decimal(10),
    taker_fee_rate=DEFAULT_COSTS.taker_fee_rate,
    maker_fee_rate=DEFAULT_COSTS.maker_fee_rate,
    slippage_rate=DEFAULT_COSTS.slippage_rate,
)


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """One run. `start` and `end` are UTC ms: entries are made at closes after `start`, candles
    that close after `end` are not read. None means from the first, to the last candle.

    Candles before `start` are folded so that the strategy knows its market; they trade nothing.
    `risk` decides sizes and `guards` stop entries as in live trading (without any by default),
    `costs` are what the paper venue charges. `smt_pairs` are (symbol, the one it is compared with
    for SMT), both among the symbols. `seed` is for whatever is drawn at random about the result;
    the run itself draws nothing.
    Raises InvalidInput for a request that makes no sense.
    """

    symbols: tuple[str, ...]
    timeframe: Timeframe = Timeframe.M5
    start: int | None = None
    end: int | None = None
    parameters: StrategyParameters = field(default_factory=StrategyParameters)
    risk: RiskSettings = DEFAULT_RISK
    costs: TradingCosts = DEFAULT_COSTS
    guards: GuardSettings = field(default_factory=GuardSettings)
    smt_pairs: tuple[tuple[str, str], ...] = ()
    initial_balance: Decimal = Decimal(1000)
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.symbols or len(set(self.symbols)) < len(self.symbols):
            raise InvalidInput("Name at least one symbol, and each only once.", "symbols")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InvalidInput("The end of a backtest must lie after its start.", "end")
        if not {name for pair in self.smt_pairs for name in pair} <= set(self.symbols):
            raise InvalidInput("SMT compares only symbols of the backtest.", "smt_pairs")
        if self.initial_balance <= 0:
            raise InvalidInput("The initial balance must be above zero.", "initial_balance")
