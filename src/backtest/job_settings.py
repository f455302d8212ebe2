"""What a run was traded with, so that its report says so whatever the settings become later."""

import re
from dataclasses import asdict
from typing import Any

from src.backtest.job_sections import wire_name
from src.backtest.request import BacktestRequest
from src.domain.candle import MINUTE_MS

Document = dict[str, Any]


def settings_section(request: BacktestRequest) -> Document:
    """Account, guards, SMT pairs and every parameter in the API's words.

    Rates and shares are fractions; a guard of zero is off. The widest spread is not among the
    guards: candles know no bid and ask.
    """
    risk = request.risk
    return {
        "account": {
            "initialBalance": float(request.initial_balance),
            "riskPerTrade": float(risk.risk_per_trade),
            "maxPositions": risk.max_positions,
            "maxLeverage": float(risk.max_leverage),
        },
        "guards": guards_section(request),
        "smtPairs": [list(pair) for pair in request.smt_pairs],
        "parameters": {
            wire_name(name): list(value) if isinstance(value, tuple) else value
            for name, value in asdict(request.parameters).items()
        },
    }


def spoken(name: str) -> str:
    """`daily loss limit in R` of `dailyLossLimitR`."""
    return re.sub(
        r"(?<=[a-z])[A-Z]", lambda found: f" {found.group().lower()}", name.removesuffix("R")
    ) + (" in R" if name.endswith("R") else "")


def guards_section(request: BacktestRequest) -> Document:
    """What stopped entries: losses in R, minutes of a cooldown, shares of equity and price."""
    guards = request.guards
    return {
        "dailyLossLimitR": float(guards.daily_loss_limit),
        "weeklyLossLimitR": float(guards.weekly_loss_limit),
        "losingStreak": guards.losing_streak,
        "cooldownMinutes": guards.cooldown_ms // MINUTE_MS,
        "maxOpenRisk": float(guards.max_open_risk),
        "maxEntryDistance": float(guards.max_entry_distance),
    }
