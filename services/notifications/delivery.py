"""Delivery, one step at a time: events become messages, messages become answers.

A message is marked only after the provider took it, and no transaction is open while it is
asked: whoever dies in between leaves one message that may arrive twice, with the same key.
"""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.notifications.channels import (
    Channel,
    ChannelDown,
    DeliveryDelayed,
    DeliveryRefused,
)
from services.notifications.occasions import FRESH_MS, Occasion, fact_of
from services.notifications.writing import write
from src.database import Database, EventLog, EventRow, NotificationPreferences, Outbox
from src.database.notification_store import EXPIRED, FAILED, SENT
from src.database.outbox import DueMessage, Queued
from src.domain.ports import Clock

log = logging.getLogger("notifications")

BATCH = 200
MAX_ATTEMPTS = 60


@dataclass(frozen=True, slots=True)
class BackOff:
    """Waits that double up to `longest_ms`, each shortened at random by up to a half."""

    first_ms: int
    longest_ms: int

    def wait_ms(self, failures: int, chance: float) -> int:
        """How long after `failures` failures (at least 1); `chance` is from 0 up to 1."""
        full = min(self.first_ms << min(failures - 1, 32), self.longest_ms)
        return int(full * (1.0 - chance / 2))


MESSAGE_BACK_OFF = BackOff(first_ms=15_000, longest_ms=30 * 60_000)
"""With MAX_ATTEMPTS a message is tried for about twenty hours."""

CHANNEL_BACK_OFF = BackOff(first_ms=5_000, longest_ms=5 * 60_000)
"""A provider that is down is asked with one message at a time, not with all of them."""


@dataclass
class _Rest:
    """Failures of a provider in a row, and when (wall time, UTC ms) to ask it again."""

    failures: int = 0
    until: int = 0


class Delivery:
    """The delivery of one environment, fenced by the epoch of its lease (None fences nothing).

    `simulated` is whether the market is; `chance` gives numbers from 0 up to 1 for the jitter.
    """

    def __init__(
        self,
        database: Database,
        environment: str,
        channels: Sequence[Channel],
        clock: Clock,
        epoch: int | None,
        *,
        simulated: bool,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._events = EventLog(database, environment)
        self._preferences = NotificationPreferences(database)
        self._outbox = Outbox(database, environment, epoch)
        self._environment = environment
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._clock = clock
        self._simulated = simulated
        self._chance = chance
        self._rests = {name: _Rest() for name in self._channels}

    def collect(self) -> bool:
        """Queue the next events for those who want them; whether there may be more.

        The first look ever begins at the end of the log: what happened before is no news.
        """
        cursor = self._outbox.cursor()
        if cursor is None:
            self._outbox.queue([], self._events.newest_id(), self._clock.now())
            return False
        rows = self._events.after(cursor, BATCH)
        if rows:
            messages = [message for row in rows for message in self._messages_of(row)]
            self._outbox.queue(messages, rows[-1].id, self._clock.now())
        return len(rows) == BATCH

    def send_next(self) -> bool:
        """Deal with one message that is due; whether there was one."""
        now = self._clock.now()
        awake = [name for name, rest in self._rests.items() if rest.until <= now]
        message = self._outbox.next_due(awake, now)
        if message is None:
            return False
        reason = self._why_not(message, now)
        if reason is not None:
            status = FAILED if message.address is None else EXPIRED
            self._outbox.settle(message.id, status, reason, now, attempted=False)
        else:
            self._attempt(message)
        return True

    def _messages_of(self, row: EventRow) -> list[Queued]:
        fact = fact_of(row)
        if fact is None:
            return []
        return [
            Queued(
                user_id,
                channel,
                fact.occasion.value,
                row.id,
                f"{self._environment}:{fact.occasion}:{fact.subject}:{user_id}:{channel}",
            )
            for user_id, channel in self._preferences.audience(fact.occasion.value)
        ]

    def _why_not(self, message: DueMessage, now: int) -> str | None:
        if message.address is None:
            return "There is no address to send it to."
        fresh = FRESH_MS.get(Occasion(message.event))
        if fresh is None:
            return None
        age = max(
            self._outbox.newest_market_time() - message.market_time, now - message.recorded_at
        )
        if age <= fresh:
            return None
        return f"Not sent: it was {age // 60_000} minutes old, and is news for {fresh // 60_000}."

    def _attempt(self, message: DueMessage) -> None:
        rest = self._rests[message.channel]
        try:
            answer = self._channels[message.channel].send(
                message.address or "",
                write(
                    Occasion(message.event),
                    message.payload,
                    message.dedupe_key,
                    simulated=self._simulated,
                ),
            )
        except DeliveryRefused as error:
            log.warning("%s was refused: %s", message.dedupe_key, error)
            self._outbox.settle(message.id, FAILED, str(error), self._clock.now())
        except DeliveryDelayed as error:
            self._delay(message, error)
            return
        else:
            log.info("%s was sent: %s", message.dedupe_key, answer)
            self._outbox.settle(message.id, SENT, None, self._clock.now())
        rest.failures = 0

    def _delay(self, message: DueMessage, error: DeliveryDelayed) -> None:
        now = self._clock.now()
        if isinstance(error, ChannelDown):
            rest = self._rests[message.channel]
            rest.failures += 1
            rest.until = now + CHANNEL_BACK_OFF.wait_ms(rest.failures, self._chance())
        attempts = message.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            log.warning("%s is given up: %s", message.dedupe_key, error)
            self._outbox.settle(message.id, FAILED, f"Given up: {error}", now)
            return
        log.warning("%s waits (attempt %d): %s", message.dedupe_key, attempts, error)
        until = now + MESSAGE_BACK_OFF.wait_ms(attempts, self._chance())
        self._outbox.postpone(message.id, str(error), until)
