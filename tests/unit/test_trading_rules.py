"""A backtest trades by the rules that the same settings give live trading."""

from decimal import Decimal

from src import trading_rules
from src.cli_backtest import request_from
from src.config import load_settings
from src.domain.candle import Timeframe

SETTINGS = load_settings(
    {
        "SECRET_KEY": "x" * 32,
        "MARKET_DATA": "simulator",
        "SYMBOLS": "BTCUSDT",
        "STRATEGY_ADDITIONS": "swing_hierarchy",
        "CONFLUENCE_THRESHOLD": "55",
        "DAILY_LOSS_LIMIT_R": "3",
        "COOLDOWN_MINUTES": "90",
        "MAX_SPREAD_BPS": "5",
        "SLIPPAGE_BPS": "2",
    }
)


def test_a_request_takes_the_strategy_with_its_additions_the_costs_and_the_guards() -> None:
    request = request_from(SETTINGS, ("BTCUSDT",), Timeframe.M5, None, None, seed=0)
    assert request.parameters.confluence_threshold == 55
    assert request.parameters.detectors == ("swing_hierarchy",)
    assert request.guards.daily_loss_limit == 3
    assert request.guards.cooldown_ms == 90 * 60_000
    assert request.guards.max_spread == Decimal("0.0005")
    assert request.risk == trading_rules.risk_settings(SETTINGS)
    assert request.risk.slippage_rate == request.costs.slippage_rate == Decimal("0.0002")
