"""The paper venue: fills entries, stops and targets against prices it is shown."""

from src.exchange.paper.broker import PaperBroker
from src.exchange.paper.costs import StopTrigger, TradingCosts

__all__ = ["PaperBroker", "StopTrigger", "TradingCosts"]
