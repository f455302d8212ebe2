"""The ICT monitor: one thread, one queue, one market followed candle by candle.

Starting is crash recovery: load what is stored, fetch what is missing, fold it through the
strategy, make venue and journal agree, and only then listen to the stream. The same path serves
the first start, a restart after `kill -9` and a night without network.
"""

import logging
import queue
from collections.abc import Mapping
from threading import Event

from src.domain.candle import DAY_MS, Candle, Tick
from src.domain.errors import ExchangeError, InvalidCandle
from src.domain.ports import (
    Broker,
    RawMessage,
)
from src.engine.engine import Engine
from src.monitors.candle_collector import CandleCollector, Gap
from src.monitors.command_desk import CommandDesk
from src.monitors.configuration import MonitorConfig, MonitorPorts
from src.monitors.contract_watch import ContractWatch
from src.monitors.halt import NEEDS_A_PERSON, halt
from src.monitors.naked_parts import NakedParts
from src.monitors.protection_watch import ProtectionWatch
from src.monitors.publisher import StatusPublisher
from src.monitors.reconciliation import Reconciler
from src.monitors.status import MonitorState
from src.monitors.trading_step import TradingStep
from src.strategy.symbol_strategy import SymbolStrategy

log = logging.getLogger("monitor")

STALE_DATA = "market data is stale"
STALE_AFTER_MS = 15_000
LATE_CANDLE_GRACE_MS = 3_000
POLL_INTERVAL_MS = 10_000
CATCHING_UP_MS = 10 * 60_000


class Monitor:
    """Runs on the thread that calls `run` and owns all trading state of that thread."""

    def __init__(self, config: MonitorConfig, ports: MonitorPorts) -> None:
        self._config = config
        self._ports = ports
        self._messages: queue.SimpleQueue[RawMessage] = queue.SimpleQueue()
        self._publisher = StatusPublisher(config.facts, ports.journal, ports.clock, ports.epoch)
        self._market_time = 0
        self._expected_close = 0
        self._expected_since = 0
        self._last_progress_at = 0
        self._last_poll_at = 0
        self._released_after = 0
        self._broker: Broker | None = None

    def run(self, stop: Event) -> None:
        """Follow the market until `stop` is set, a replay ends or a contract changes. Raises what
        it cannot handle: the caller starts again, which recovers. What a person has to put right
        halts it for a while first."""
        ending: list[str] = []
        try:
            self._start()
            while not (stop.is_set() or self._ports.pacer.finished or ending):
                self._receive()
                self._reconciler.check(self._market_time)
                self._desk.handle(self._market_time)
                self._naked_parts.look(self._market_time)
                self._protection.look(self._market_time)
                self._fetch_overdue()
                self._report()
                ending += filter(None, [self._contracts.change()])
        except NEEDS_A_PERSON as fatal:
            self._release()
            halt(fatal, self._publisher, self._ports.clock, stop)
        except ExchangeError as failure:
            ending.append(f"The exchange failed, and the monitor starts again: {failure}")
            raise
        finally:
            self._release()
            self._publisher.close(*ending)

    def _release(self) -> None:
        self._ports.market.close()
        if self._broker is not None:
            self._broker.close()

    def _start(self) -> None:
        config, ports = self._config, self._ports
        self._publisher.state(MonitorState.STARTING, "Reading instruments from the exchange.")
        instruments = ports.market.instruments(config.symbols)
        self._market_time = ports.market_now()
        strategies = {
            symbol: SymbolStrategy(
                symbol, config.timeframe, config.parameters, float(instruments[symbol].tick_size)
            )
            for symbol in config.symbols
        }
        newest = self._warm_up(strategies)
        book = ports.journal.load_book()
        engine = Engine(config.risk, instruments, config.facts.environment, book, config.guards)
        self._publisher.state(MonitorState.STARTING, "Comparing the journal with the exchange.")
        self._broker = ports.make_broker(instruments, book)
        self._broker.start()
        self._step = TradingStep(engine, self._broker, ports.journal, strategies, config.smt_peers)
        self._desk = CommandDesk(self._step, ports.commands, ports.clock)
        self._naked_parts = NakedParts(self._step, ports.clock)
        self._protection = ProtectionWatch(self._step, ports.clock)
        self._contracts = ContractWatch(ports.market, instruments, engine.blocks, ports.clock)
        self._collector = CandleCollector(config.symbols, config.timeframe, newest)
        self._reconciler = Reconciler(self._step, ports.clock)
        lives_here = self._broker.snapshot() is not None
        self._reconciler.recover(self._collector.newest_close if lives_here else self._market_time)
        self._publisher.attach(self._step, newest)
        ports.market.subscribe(config.symbols, config.timeframe, self._messages.put)
        self._last_progress_at = ports.clock.now()
        self._expect(ports.market_now())
        self._backfill(self._collector.laggards(self._expected_close))
        self._process_batches()

    def _warm_up(self, strategies: Mapping[str, SymbolStrategy]) -> dict[str, Candle]:
        """Fold every stored candle, each beside the peer's that it was decided with."""
        histories = {symbol: self._history(symbol) for symbol in strategies}
        timeframe, late_candles = self._config.timeframe, self._ports.journal.late_candles
        late = {symbol: late_candles(symbol, timeframe) for symbol in strategies}
        for symbol, strategy in strategies.items():
            peer = self._config.smt_peers.get(symbol, symbol)
            alone = late[symbol] | late[peer]
            punctual = [] if peer == symbol else histories[peer]
            strategy.fold(
                histories[symbol], [peer for peer in punctual if peer.open_time not in alone]
            )
            newest = histories[symbol][-1]
            log.info(
                "%s: %d candles folded, newest %s",
                symbol,
                len(histories[symbol]),
                newest.close_time,
            )
        return {symbol: history[-1] for symbol, history in histories.items()}

    def _history(self, symbol: str) -> list[Candle]:
        """Every stored candle; where none is stored, the warm-up is downloaded and stored."""
        config, ports = self._config, self._ports
        stored = ports.journal.candles(symbol, config.timeframe)
        if stored:
            return stored
        self._publisher.state(
            MonitorState.WARMING_UP,
            f"Downloading {config.warm_up_days} days of {symbol} candles.",
        )
        start = self._market_time - config.warm_up_days * DAY_MS
        downloaded = list(ports.market.candles(symbol, config.timeframe, start, self._market_time))
        if not downloaded:
            raise InvalidCandle(f"the market has no {config.timeframe.value} history of {symbol}")
        ports.journal.store_history(downloaded)
        return downloaded

    def _receive(self) -> None:
        """Wait briefly for a message, then handle everything that has already arrived."""
        try:
            message = self._messages.get(timeout=0.1)
        except queue.Empty:
            return
        while True:
            self._handle(message)
            try:
                message = self._messages.get_nowait()
            except queue.Empty:
                return

    def _handle(self, message: RawMessage) -> None:
        try:
            facts = self._ports.market.decode(message)
        except InvalidCandle as refusal:
            log.error("refused data from the stream: %s", refusal)
            self._publisher.refused_data += 1
            return
        for fact in facts:
            if isinstance(fact, Candle):
                self._expect(fact.close_time)
                self._collector.offer(fact)
                self._process_batches()
            elif isinstance(fact, Tick):
                self._on_tick(fact)

    def _on_tick(self, tick: Tick) -> None:
        self._expect(tick.time)
        self._market_time = max(self._market_time, tick.time)
        if self._config.match_on_ticks and not self._catching_up:
            self._step.on_tick(tick)
        self._publisher.saw(tick)

    @property
    def _catching_up(self) -> bool:
        """Whether the market still plays its past. Its ticks are then too sparse to trade on, as
        jumps between them would look like gaps: closed candles decide, as in a replay."""
        return self._ports.clock.now() - self._market_time > CATCHING_UP_MS

    def _expect(self, market_time: int) -> None:
        """Candles that close up to `market_time` should be here or arrive soon."""
        close = self._config.timeframe.open_time(market_time)
        if close > self._expected_close:
            self._expected_close = close
            self._expected_since = self._ports.clock.now()

    def _process_batches(self, *, incomplete: bool = False) -> None:
        self._backfill(self._collector.gaps())
        newest = self._collector.newest_close
        while batch := self._collector.take(incomplete=incomplete):
            self._market_time = max(self._market_time, batch[0].close_time)
            self._step.on_candles(batch, self._market_time, late=batch[0].close_time <= newest)
            newest = self._collector.newest_close
            self._publisher.processed(batch)
            self._last_progress_at = self._ports.clock.now()
        self._release_next()

    def _release_next(self) -> None:
        """Ask for the next candle, once for each instant and only when nothing is owed."""
        newest = self._collector.newest_close
        owed = self._collector.waits or newest < self._expected_close
        if owed or newest == self._released_after:
            return
        self._released_after = newest
        self._expect(self._ports.pacer.release_next(newest) or 0)

    def _fetch_overdue(self) -> None:
        """Ask over REST for candles that the stream owes us, and for the time if it is silent."""
        now = self._ports.clock.now()
        silent_since = max(self._ports.market.health().last_message_at, self._last_progress_at)
        if now - silent_since > POLL_INTERVAL_MS and now - self._last_poll_at > POLL_INTERVAL_MS:
            self._last_poll_at = now
            self._poll_market_time()
        overdue = self._collector.waits or self._collector.newest_close < self._expected_close
        if overdue and now - self._expected_since > LATE_CANDLE_GRACE_MS:
            self._expected_since = now
            self._backfill(self._collector.laggards(self._expected_close))
            self._process_batches(incomplete=True)

    def _poll_market_time(self) -> None:
        try:
            self._expect(self._ports.market_now())
        except ExchangeError as failure:
            log.warning("the stream is silent and the exchange does not answer: %s", failure)

    def _backfill(self, gaps: list[Gap]) -> None:
        for gap in gaps:
            try:
                candles = self._ports.market.candles(
                    gap.symbol, self._config.timeframe, gap.start, gap.end
                )
            except ExchangeError as failure:
                log.warning("could not fetch missing candles of %s: %s", gap.symbol, failure)
                continue
            log.info("fetched %d missing candles of %s", len(candles), gap.symbol)
            for candle in candles:
                self._collector.offer(candle)

    def _report(self) -> None:
        health = self._ports.market.health()
        now = self._ports.clock.now()
        silent = now - max(health.last_message_at, self._last_progress_at)
        engine = self._step.engine
        if silent > STALE_AFTER_MS:
            engine.blocks.pause("market data", STALE_DATA)
            state = MonitorState.STALE
            detail = f"No market data for {silent // 1000} s; entries wait, stops stay."
        else:
            engine.blocks.resume("market data")
            state = MonitorState.RUNNING
            detail = "Following the market."
        self._publisher.report(
            state,
            detail,
            market_time=self._market_time,
            last_message_at=health.last_message_at,
            catching_up=self._catching_up,
        )
