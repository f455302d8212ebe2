"""Moves stops and targets that people ask to be moved, on the one thread that owns trading.

A level that was sent counts as moved once the venue shows it. Until then it is sent again every
few seconds, which is harmless: it says how things shall be. The trade follows what is shown, and
so it does after a crash between sending and hearing of it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from src.domain.command import Command, CommandType, Outcome
from src.domain.errors import RefusedOrder, Rejected
from src.domain.ports import Clock
from src.domain.trade import Trade
from src.engine.sizing import readable
from src.monitors.asked_moves import follow_asked
from src.monitors.trading_step import TradingStep

log = logging.getLogger("monitor")

TRY_AGAIN_MS = 5_000
MOVES = frozenset({CommandType.MOVE_STOP, CommandType.MOVE_TARGET})

Answer = tuple[Outcome, str]


@dataclass(slots=True)
class _Sent:
    """What was sent for a command. `at` is wall time, UTC ms."""

    level: Decimal
    before: Decimal
    at: int


class MoveDesk:
    """Works on `move_stop` and `move_target`; used by the worker thread alone."""

    def __init__(self, step: TradingStep, clock: Clock) -> None:
        self._step = step
        self._clock = clock
        self._sent: dict[int, _Sent] = {}

    def expect(self, commands: Iterable[Command]) -> None:
        """Remember who waits for what: an earlier process may have sent it already."""
        for command in commands:
            trade = self._trade_of(command)
            if command.type not in MOVES or trade is None:
                continue
            try:
                level = self._level(command, trade)
            except RefusedOrder as refusal:
                log.info("command %d cannot have been sent: %s", command.id, refusal)
            else:
                self._step.asked.expect(trade.order_link_id, level, command.requested_by)

    def work_on(self, command: Command, now: int) -> Answer | None:
        """How the command ended; None while it waits. `now` is market time, UTC ms.

        Raises errors of the ExchangeError tree: then its outcome is not known yet.
        """
        answer = self._answer(command, now)
        if answer is not None:
            self._sent.pop(command.id, None)
        return answer

    def _answer(self, command: Command, now: int) -> Answer | None:
        sent = self._sent.get(command.id)
        if sent is not None:
            self._hear(now)
        trade = self._trade_of(command)
        if trade is None:
            return Outcome.REFUSED, "The trade is not open."
        if sent is not None and (_current(command, trade) == sent.level or self._waits(sent)):
            return self._moved(command, trade, sent)
        before = _current(command, trade)
        try:
            level = self._level(command, trade)
            if level == before:
                return Outcome.DONE, f"{_what(command, trade)} stands at {readable(level)} already."
            if not self._step.engine.moves.sees(trade):
                return None
            self._check(command, trade, level)
        except RefusedOrder as refusal:
            return Outcome.REFUSED, str(refusal)
        self._sent[command.id] = sent = _Sent(level, before, self._clock.now())
        return self._send(command, trade, sent, now)

    def _send(self, command: Command, trade: Trade, sent: _Sent, now: int) -> Answer | None:
        moves_stop = command.type == CommandType.MOVE_STOP
        stop, target = (
            (sent.level, trade.take_profit) if moves_stop else (trade.stop_loss, sent.level)
        )
        self._step.asked.expect(trade.order_link_id, sent.level, command.requested_by)
        try:
            self._step.broker.set_protection(trade.symbol, stop, target)
        except Rejected as refusal:
            self._step.asked.forget(trade.order_link_id, sent.level)
            return Outcome.REFUSED, f"The exchange refuses: {refusal}"
        self._step.broker.refresh()
        self._hear(now)
        return self._moved(command, self._trade_of(command), sent)

    def _moved(self, command: Command, trade: Trade | None, sent: _Sent) -> Answer | None:
        """The answer, if the venue shows the level by now."""
        if trade is None or _current(command, trade) != sent.level:
            return None
        self._step.asked.forget(trade.order_link_id, sent.level)
        before, level = readable(sent.before), readable(sent.level)
        return Outcome.DONE, f"{_what(command, trade)} was moved from {before} to {level}."

    def _hear(self, now: int) -> None:
        self._step.absorb(now)
        follow_asked(self._step, now)

    def _waits(self, sent: _Sent) -> bool:
        return self._clock.now() < sent.at + TRY_AGAIN_MS

    def _level(self, command: Command, trade: Trade) -> Decimal:
        rules, price = self._step.engine.moves, command.payload.get("price")
        wanted = None if price is None else Decimal(str(price))
        if command.type == CommandType.MOVE_STOP:
            return rules.stop_level(trade, wanted)
        if wanted is None:
            raise RefusedOrder("A target needs a price to be moved to.")
        return rules.target_level(trade, wanted)

    def _check(self, command: Command, trade: Trade, level: Decimal) -> None:
        rules = self._step.engine.moves
        if command.type == CommandType.MOVE_STOP:
            rules.check_stop(trade, level, self._step.broker.balance())
        else:
            rules.check_target(trade, level)

    def _trade_of(self, command: Command) -> Trade | None:
        signal_id = command.payload.get("signalId")
        trades = self._step.engine.open_trades
        return next((trade for trade in trades if trade.signal_id == signal_id), None)


def _current(command: Command, trade: Trade) -> Decimal:
    return trade.stop_loss if command.type == CommandType.MOVE_STOP else trade.take_profit


def _what(command: Command, trade: Trade) -> str:
    side = "stop" if command.type == CommandType.MOVE_STOP else "target"
    return f"The {side} of {trade.symbol} {trade.direction.word}"
