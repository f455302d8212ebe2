"""Carries out what people ask of the engine, on the one thread that owns trading.

A command stays pending until everything it asks for has happened. Whatever interrupts it, the next
look repeats it, and repeating is harmless: withdrawing twice withdraws once, and a close goes out
under an id made from the trade, so that the venue takes it once. A pause and the kill switch are
read back from the commands themselves, so a restart stays paused.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from src.domain.command import Command, CommandType, Outcome
from src.domain.errors import AuthFatal, ExchangeError, RegionBlocked, Rejected
from src.domain.order import Order
from src.domain.ports import Clock, CommandLog
from src.domain.trade import Position, Trade
from src.engine.identifiers import order_link_id
from src.monitors.checklist import Checklist
from src.monitors.move_desk import MOVES, MoveDesk
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

LOOK_EVERY_MS = 200
TRY_AGAIN_MS = 5_000
MOST_REFUSALS = 3
PERSON = "person"
KILL_SWITCH = "kill switch"
WITHDRAWN = "A person withdrew all entries."


@dataclass(slots=True)
class _Closing:
    """How far closing one symbol is. `sent_at` is wall time, UTC ms, 0 before the first attempt."""

    attempt: int = 1
    sent_at: int = 0
    refusal: str | None = None


@dataclass(slots=True)
class _Progress:
    """What one command has done so far in this process; only the checklist is older."""

    checklist: Checklist
    entries: set[str] = field(default_factory=set)
    closings: dict[str, _Closing] = field(default_factory=dict)
    begun: bool = False


class CommandDesk:
    """Looks for commands and works on them; every method belongs to the trading thread."""

    def __init__(self, step: TradingStep, commands: CommandLog, clock: Clock) -> None:
        self._step = step
        self._commands = commands
        self._clock = clock
        self._progress: dict[int, _Progress] = {}
        self._look_at = 0
        self._apply_standing()
        self._moves = MoveDesk(step, clock)
        self._moves.expect(commands.pending())

    def handle(self, now: int) -> None:
        """Work on what is pending, if it is time to look. `now` is market time, UTC ms."""
        wall = self._clock.now()
        if wall < self._look_at:
            return
        self._look_at = wall + LOOK_EVERY_MS
        pending = self._commands.pending()
        if pending:
            self._apply_standing()
        for command in pending:
            checklist = Checklist(command.steps)
            progress = self._progress.setdefault(command.id, _Progress(checklist))
            try:
                self._work_on(command, progress, now)
            except (AuthFatal, RegionBlocked):
                raise
            except ExchangeError as failure:
                log.warning("command %d (%s) waits: %s", command.id, command.type, failure)
            self._report(command)

    def _apply_standing(self) -> None:
        standing, blocks = self._commands.standing(), self._step.engine.blocks
        for cause, person, words in (
            (PERSON, standing.paused_by, "a person paused them."),
            (KILL_SWITCH, standing.killed_by, "the kill switch is pressed."),
        ):
            if person is None:
                blocks.resume(cause)
            else:
                blocks.pause(cause, words)

    def _work_on(self, command: Command, progress: _Progress, now: int) -> None:
        match command.type:
            case CommandType.PAUSE_ENTRIES:
                self._end(command, Outcome.DONE, "New entries are paused; open trades stay.")
            case CommandType.RESUME_ENTRIES if self._commands.standing().killed_by is not None:
                self._end(
                    command, Outcome.REFUSED, "The kill switch stands: release it to trade again."
                )
            case CommandType.RESUME_ENTRIES | CommandType.RESUME:
                self._end(command, Outcome.DONE, "New entries are allowed again.")
            case CommandType.CANCEL_ENTRIES:
                self._cancel(command, progress, now)
            case CommandType.CLOSE_TRADE:
                self._close_trade(command, progress, now)
            case _ if command.type in MOVES:
                self._move(command, now)
            case CommandType.CLOSE_ALL:
                self._close_all(command, progress, now)
            case CommandType.KILL:
                self._kill(command, progress, now)
            case _:
                self._end(command, Outcome.REFUSED, f"There is no command {command.type}.")

    def _cancel(self, command: Command, progress: _Progress, now: int) -> None:
        if not progress.begun:
            progress.entries = self._resting()
            progress.begun = True
            self._announce(command, progress, self._step.engine.resting_orders)
        self._step.withdraw_entries(WITHDRAWN, now)
        if not progress.entries & self._resting():
            count = len(progress.entries)
            self._end(command, Outcome.DONE, f"Resting entries withdrawn: {count}.")

    def _close_trade(self, command: Command, progress: _Progress, now: int) -> None:
        wanted = command.payload.get("signalId")
        trade = next((t for t in self._open_trades() if t.signal_id == wanted), None)
        if trade is not None:
            self._announce(command, progress, held=[trade])
            self._close(trade.symbol, command, progress, now)
        if all(t.signal_id != wanted for t in self._open_trades()):
            sentence = "The trade was closed at market." if trade else "The trade is not open."
            self._end(command, Outcome.DONE, sentence)
        else:
            self._give_up_if_refused(command, progress)

    def _move(self, command: Command, now: int) -> None:
        answer = self._moves.work_on(command, now)
        if answer is not None:
            self._end(command, *answer)

    def _close_all(self, command: Command, progress: _Progress, now: int) -> None:
        if not progress.begun:
            progress.closings = {symbol: _Closing() for symbol in self._held()}
            progress.begun = True
            self._announce(command, progress, held=self._held().values())
        for symbol in progress.closings:
            self._close(symbol, command, progress, now)
        if self._held().keys().isdisjoint(progress.closings):
            self._end(command, Outcome.DONE, f"Closed at market: {_listed(progress.closings)}.")
        else:
            self._give_up_if_refused(command, progress)

    def _kill(self, command: Command, progress: _Progress, now: int) -> None:
        progress.entries |= self._resting()
        engine, broker = self._step.engine, self._step.broker
        entries = [*engine.resting_orders, *broker.resting()]
        self._announce(command, progress, entries, self._held().values())
        self._step.withdraw_entries(WITHDRAWN, now)
        for order in broker.resting():
            broker.cancel_entries(order.request.symbol)
        for symbol in self._held():
            self._close(symbol, command, progress, now)
        if not self._held() and not self._resting() and not broker.resting():
            self._end(
                command,
                Outcome.DONE,
                f"Resting entries withdrawn: {len(progress.entries)}. Closed at market: "
                f"{_listed(progress.closings)}. Entries stay stopped until the kill switch is "
                "released.",
            )

    def _close(self, symbol: str, command: Command, progress: _Progress, now: int) -> None:
        """Send one attempt at closing what is held of a symbol, unless the last is still fresh."""
        closing = progress.closings.setdefault(symbol, _Closing())
        wall = self._clock.now()
        position = self._position(symbol)
        if position is None or (closing.sent_at and wall < closing.sent_at + TRY_AGAIN_MS):
            self._step.absorb(now)
            return
        owners = [t.order_link_id for t in self._open_trades() if t.symbol == symbol]
        identity = f"close-{symbol}-{owners[0] if owners else f'command{command.id}'}"
        closing.sent_at = wall
        try:
            self._step.broker.close_position(
                symbol,
                position.direction,
                position.quantity,
                order_link_id(identity, closing.attempt),
            )
        except Rejected as refusal:
            closing.refusal = str(refusal)
            progress.checklist.refused(symbol, closing.refusal)
            log.error("%s could not be closed: %s", symbol, refusal)
        closing.attempt += 1
        self._step.broker.refresh()
        self._step.absorb(now)

    def _give_up_if_refused(self, command: Command, progress: _Progress) -> None:
        """End the command as failed when the venue keeps refusing every close that is left."""
        held = self._held().keys() & progress.closings.keys()
        stuck = [progress.closings[symbol] for symbol in held]
        if stuck and all(each.refusal and each.attempt > MOST_REFUSALS for each in stuck):
            self._end(command, Outcome.FAILED, f"The exchange refuses: {stuck[0].refusal}")

    def _open_trades(self) -> tuple[Trade, ...]:
        return self._step.engine.open_trades

    def _resting(self) -> set[str]:
        return {order.request.order_link_id for order in self._step.engine.resting_orders}

    def _held(self) -> dict[str, Trade | Position]:
        """By symbol: what the exchange holds, and trades whose exit has not been told yet."""
        positions = {position.symbol: position for position in self._step.broker.positions()}
        return {trade.symbol: trade for trade in self._open_trades()} | positions

    def _position(self, symbol: str) -> Position | None:
        held = (p for p in self._step.broker.positions() if p.symbol == symbol)
        return next(held, None)

    def _announce(
        self,
        command: Command,
        progress: _Progress,
        entries: Iterable[Order] = (),
        held: Iterable[Trade | Position] = (),
    ) -> None:
        """Tell what is going to be withdrawn and closed, before anything is sent."""
        progress.checklist.withdraw(entries)
        for one in held:
            progress.checklist.close(one)
        self._report(command)

    def _report(self, command: Command) -> None:
        """Tell how far the steps of a command that has not ended are, if that is news."""
        progress = self._progress.get(command.id)
        if progress is None:
            return
        resting = {order.request.order_link_id for order in self._step.broker.resting()}
        trades = {trade.order_link_id for trade in self._open_trades()}
        progress.checklist.settle(resting | self._resting(), self._held().keys(), trades)
        news = progress.checklist.news()
        if news is not None:
            self._commands.report(command.id, news)

    def _end(self, command: Command, outcome: Outcome, sentence: str) -> None:
        self._report(command)
        self._commands.complete(command.id, outcome, sentence)
        self._progress.pop(command.id, None)
        log.info("command %d (%s) %s: %s", command.id, command.type, outcome, sentence)


def _listed(symbols: dict[str, _Closing]) -> str:
    return ", ".join(sorted(symbols)) or "nothing was open"
