"""What a monitor is told at its birth: what to watch, and the outside it works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from src.domain.candle import Timeframe
from src.domain.instrument import Instrument
from src.domain.ports import Broker, Clock, CommandLog, Journal, MarketData, StoredBook
from src.engine.guards import GuardSettings
from src.engine.sizing import RiskSettings
from src.monitors.pacing import Pacer
from src.monitors.status import MarketFacts
from src.strategy.parameters import StrategyParameters

BrokerMaker = Callable[[Mapping[str, Instrument], StoredBook], Broker]
"""Builds the trading venue, not yet started, from the instruments and the unfinished book."""


@dataclass(frozen=True, slots=True)
class MonitorConfig:
    """What to watch and how. `warm_up_days` of history are folded before the first decision.

    `match_on_ticks` lets the paper venue trade on live prices; a lock-step replay trades on closed
    candles only, so that it repeats exactly. `smt_peers` names, by symbol, the one of the watched
    symbols that SMT compares it with.
    """

    symbols: tuple[str, ...]
    timeframe: Timeframe
    risk: RiskSettings
    parameters: StrategyParameters
    facts: MarketFacts
    match_on_ticks: bool = True
    warm_up_days: int = 60
    guards: GuardSettings | None = None
    smt_peers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MonitorPorts:
    """The outside. `market_now` reads market time (UTC ms) from the venue."""

    market: MarketData
    market_now: Callable[[], int]
    make_broker: BrokerMaker
    journal: Journal
    clock: Clock
    pacer: Pacer
    epoch: int
    commands: CommandLog
