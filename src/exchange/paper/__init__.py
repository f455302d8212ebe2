"""The paper venue: fills entries, stops and targets against prices it is shown."""

from src.exchange.paper.broker import PaperBroker
from src.exchange.paper.costs import StopTrigger, TradingCosts
from src.exchange.paper.state import stored_wallet

__all__ = ["PaperBroker", "StopTrigger", "TradingCosts", "stored_wallet"]
