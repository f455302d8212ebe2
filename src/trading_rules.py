"""The settings as the rules of trading, in one place: live trading, paper and backtests share them.

Part of the composition, as api_server.py and the commands are.
"""

from dataclasses import replace
from decimal import Decimal

from src.config import Settings
from src.engine import GuardSettings, RiskSettings
from src.exchange.paper.costs import TradingCosts
from src.strategy.parameters import StrategyParameters, with_additions


def risk_settings(settings: Settings) -> RiskSettings:
    """What the owner allows an entry to risk, and what it is expected to cost."""
    return RiskSettings(
        risk_per_trade=settings.risk_per_trade,
        max_positions=settings.max_positions,
        max_leverage=Decimal(settings.max_leverage),
        taker_fee_rate=settings.taker_fee_rate,
        maker_fee_rate=settings.maker_fee_rate,
        slippage_rate=settings.slippage_rate,
    )


def trading_costs(settings: Settings) -> TradingCosts:
    """What the paper venue charges."""
    return TradingCosts(
        taker_fee_rate=settings.taker_fee_rate,
        maker_fee_rate=settings.maker_fee_rate,
        slippage_rate=settings.slippage_rate,
    )


def guard_settings(settings: Settings) -> GuardSettings:
    """The discipline guards."""
    return GuardSettings(
        daily_loss_limit=settings.daily_loss_limit_r,
        weekly_loss_limit=settings.weekly_loss_limit_r,
        losing_streak=settings.losing_streak,
        cooldown_ms=settings.cooldown_minutes * 60_000,
        max_open_risk=settings.max_open_risk,
        max_entry_distance=settings.max_entry_distance,
        max_spread=settings.max_spread_bps / 10_000,
    )


def strategy_parameters(settings: Settings) -> StrategyParameters:
    """The strategy with the additions named. Raises SettingsError for one not registered."""
    return replace(
        with_additions(settings.strategy_additions),
        confluence_threshold=settings.confluence_threshold,
    )
