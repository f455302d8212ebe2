"""Moves that people asked for here and that the venue shows by now: the trade follows at once."""

from src.engine.lifecycle import follow_protection
from src.monitors.trading_step import TradingStep


def follow_asked(step: TradingStep, market_time: int) -> None:
    """Let trades follow levels that were asked for, under the asker's name.

    `market_time` is UTC ms.
    """
    for trade in step.engine.open_trades:
        for position in step.broker.positions():
            asker = step.asked.asker(trade, follow_protection(trade, position))
            if asker is not None:
                step.follow_protection(position, asker, market_time)
