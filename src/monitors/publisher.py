"""Publishes the monitor's live state: status every second, prices at most four times a second."""

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal

from src.domain.candle import Candle, Tick
from src.domain.errors import LeaseLost
from src.domain.events import MonitorChanged, StepRecord
from src.domain.ports import Clock, Journal
from src.monitors.status import (
    MarketFacts,
    MonitorState,
    monitor_payload,
    prices_payload,
    symbol_readings,
)
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

STATUS_INTERVAL_MS = 1_000
PRICES_INTERVAL_MS = 250
TOLD = frozenset(
    {MonitorState.RUNNING, MonitorState.STALE, MonitorState.HALTED, MonitorState.STOPPED}
)
"""States whose beginning is an event of the log; the others are steps on the way there."""


class StatusPublisher:
    """Keeps what was last seen and writes it to the live-state rows that web workers tail."""

    def __init__(self, facts: MarketFacts, journal: Journal, clock: Clock, epoch: int) -> None:
        self.refused_data = 0
        self._facts = facts
        self._journal = journal
        self._clock = clock
        self._epoch = epoch
        self._step: TradingStep | None = None
        self._newest: dict[str, Candle] = {}
        self._ticks: dict[str, Tick] = {}
        self._status_at = 0
        self._prices_at = 0
        self._prices_changed = False
        self._account: tuple[object, ...] = ()
        self._state: MonitorState | None = None
        self._detail = ""
        self._market_time = 0

    def state(self, state: MonitorState, detail: str) -> None:
        """Publish a state in which there is no market to report on; repeated, it is a heartbeat."""
        if (state, detail) != (self._state, self._detail):
            log.info("%s: %s", state.value, detail)
        if state is not self._state:
            self._tell(state, detail)
        self._state, self._detail = state, detail
        self._journal.publish(
            "monitor",
            monitor_payload(self._facts, state, detail, now=self._clock.now(), epoch=self._epoch),
        )

    def attach(self, step: TradingStep, newest: Mapping[str, Candle]) -> None:
        """From here on there is a market: report on it."""
        self._step = step
        self._newest = dict(newest)
        self._prices_changed = True

    def saw(self, tick: Tick) -> None:
        """A live price arrived."""
        self._ticks[tick.symbol] = tick
        self._prices_changed = True

    def processed(self, batch: Sequence[Candle]) -> None:
        """A batch of candles was traded on and stored."""
        self._newest.update({candle.symbol: candle for candle in batch})
        self._prices_changed = True

    def report(
        self,
        state: MonitorState,
        detail: str,
        *,
        market_time: int,
        last_message_at: int,
        catching_up: bool,
    ) -> None:
        """Write what is due: on a change of state at once, else at the usual intervals."""
        now = self._clock.now()
        if self._step is None:
            return
        if state is not self._state or now - self._status_at >= STATUS_INTERVAL_MS:
            self._market_time = market_time
            if state is not self._state:
                log.info("%s: %s", state.value, detail)
                self._tell(state, detail)
            self._state, self._status_at = state, now
            self._journal.publish(
                "monitor",
                monitor_payload(
                    self._facts,
                    state,
                    detail,
                    now=now,
                    market_time=market_time,
                    last_message_at=last_message_at,
                    symbols=symbol_readings(self._step.strategies, self._newest, self._ticks),
                    entries_paused=self._step.engine.gate.blocked(market_time),
                    pause_causes=self._step.engine.blocks.causes,
                    quarantined=self._step.engine.blocks.quarantined,
                    guards=self._step.engine.gate.guards.overview(market_time),
                    open_risk=self._step.engine.gate.open_risk(self._step.broker.balance().equity),
                    catching_up=catching_up,
                    epoch=self._epoch,
                ),
            )
        account = _account(self._step)
        changed = self._prices_changed or account != self._account
        if changed and now - self._prices_at >= PRICES_INTERVAL_MS:
            self._prices_at, self._prices_changed, self._account = now, False, account
            self._journal.publish("prices", self._prices(self._step, market_time))

    def _tell(self, state: MonitorState, detail: str) -> None:
        """Leave a change that people may want to hear of in the log, for good."""
        if state in TOLD:
            change = MonitorChanged(state.value, detail)
            self._journal.commit(StepRecord(market_time=self._market_time, monitor=change))

    def _prices(self, step: TradingStep, market_time: int) -> dict[str, object]:
        prices = {
            symbol: (candle.close, candle.close, candle.close_time)
            for symbol, candle in self._newest.items()
        }
        for symbol, tick in self._ticks.items():
            if tick.time >= prices[symbol][2]:
                prices[symbol] = (tick.last, tick.mark, tick.time)
        open_trades = step.engine.open_trades
        row_ids = self._journal.trade_ids() if open_trades else {}
        valued = [
            (row_ids[trade.order_link_id], trade, Decimal(repr(prices[trade.symbol][0])))
            for trade in open_trades
        ]
        return prices_payload(market_time, prices, valued, step.broker.balance())

    def close(self, why: str = "The monitor has stopped; nothing new is traded.") -> None:
        """Say that this monitor no longer follows the market."""
        try:
            self.state(MonitorState.STOPPED, why)
        except LeaseLost:
            log.info("another process has taken over; its status stands")


def _account(step: TradingStep) -> tuple[object, ...]:
    """What changes the account while no price moves: money, and what is open."""
    open_trades = (trade.order_link_id for trade in step.engine.open_trades)
    return (step.broker.balance().wallet, *open_trades)
