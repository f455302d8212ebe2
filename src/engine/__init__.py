"""The one engine: setups and fills in, signals, intents and trades out. Pure: no clock, no I/O."""

from src.engine.engine import Engine
from src.engine.guards import GuardSettings
from src.engine.identifiers import order_link_id, signal_id
from src.engine.sizing import RiskSettings

__all__ = ["Engine", "GuardSettings", "RiskSettings", "order_link_id", "signal_id"]
