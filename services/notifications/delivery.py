"""Delivery, one step at a time: events become messages, messages become answers.

A message is marked only after the provider took it, and no transaction is open while it is
asked: whoever dies in between leaves one message that may arrive twice, with the same key.
"""

import hashlib
import logging
import random
from collections.abc import Callable, Mapping, Sequence

from services.notifications.announcing import Announcer
from services.notifications.back_off import MESSAGE_BACK_OFF, Rest
from services.notifications.channels import (
    Channel,
    ChannelDown,
    DeliveryDelayed,
    DeliveryRefused,
    Message,
    TargetGone,
)
from services.notifications.composing import Composer
from services.notifications.occasions import FRESH_MS, Occasion, Severity
from services.notifications.secret_box import SecretBox
from services.notifications.timing import (
    DIGEST_AT,
    DIGEST_LIMIT,
    RATE_LIMIT,
    RATE_WINDOW_MS,
    hold,
)
from src.database import Database, EventLog, Outbox
from src.database.notification_profiles import NotificationProfile, NotificationProfiles
from src.database.notification_store import EXPIRED, FAILED, SENT
from src.database.notification_targets import NotificationTargets
from src.database.outbox import DueMessage, Queued
from src.domain.errors import SettingsError
from src.domain.ports import Clock

log = logging.getLogger("notifications")

BATCH = 200
MAX_ATTEMPTS = 60
FAILOVER_AFTER = 2
"""Attempts after which something critical also goes where it was not asked for."""


class Delivery:
    """The delivery of one environment, fenced by the epoch of its lease (None fences nothing).

    `chance` gives numbers from 0 up to 1 for the jitter.
    """

    def __init__(
        self,
        database: Database,
        environment: str,
        channels: Sequence[Channel],
        box: SecretBox,
        composer: Composer,
        clock: Clock,
        epoch: int | None,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._events = EventLog(database, environment)
        self._announcer = Announcer(database, environment, clock, epoch)
        self._profiles = NotificationProfiles(database)
        self._targets = NotificationTargets(database)
        self._outbox = Outbox(database, environment, epoch)
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._box = box
        self._composer = composer
        self._clock = clock
        self._chance = chance
        self._rests = {name: Rest() for name in self._channels}
        self._current: DueMessage | None = None

    def collect(self) -> bool:
        """Queue the next events for those who want them; whether there may be more.

        The first look ever begins at the end of the log: what happened before is no news.
        """
        cursor = self._outbox.cursor()
        if cursor is None:
            self._outbox.queue([], self._clock.now(), self._events.newest_id())
            return False
        rows = self._events.after(cursor, BATCH)
        if rows:
            messages = [message for row in rows for message in self._announcer.messages_of(row)]
            self._outbox.queue(messages, self._clock.now(), rows[-1].id)
        return len(rows) == BATCH

    def send_next(self) -> bool:
        """Deal with one message that is due; whether there was one."""
        now = self._clock.now()
        awake = [name for name, rest in self._rests.items() if rest.until <= now]
        message = self._outbox.next_due(awake, now)
        if message is None:
            return False
        self._current = message
        if message.address is None:
            self._outbox.settle(
                [message.id], FAILED, "Its address was removed.", now, attempted=False
            )
            return True
        profile = self._profiles.of_user(message.user_id)
        if not self._hold(message, profile, now):
            self._tell(message, profile, now)
        return True

    def put_aside(self, error: Exception) -> None:
        """After a fault of our own: the message at hand waits, so that it holds up no other."""
        if self._current is not None:
            fault = DeliveryDelayed(f"A fault of the program: {type(error).__name__}")
            self._delay([self._current], self._current.dedupe_key, fault)

    def _hold(self, message: DueMessage, profile: NotificationProfile, now: int) -> bool:
        """Put off what must wait for quiet hours or a digest, with all that waits with it."""
        # The summary of a day comes when the daily digest goes out: it must not wait for the next.
        collected = message.event != Occasion.DAILY_SUMMARY
        severity = Severity(message.severity)
        wait = hold(profile, severity, message.queued_at, now, collected=collected)
        if wait is None:
            return False
        self._outbox.hold([message.id], wait.until, wait.why)
        return True

    def _tell(self, message: DueMessage, profile: NotificationProfile, now: int) -> None:
        group = self._group(message, now)
        news = [each for each in group if not self._expire(each, now)]
        if not news:
            return
        if message.digest_key is not None or _is_digest(news, profile):
            key = message.digest_key or _digest_key(news)
            ids = [each.id for each in news]
            self._outbox.bind(ids, key)
            self._attempt(news, self._composer.many(news, key, profile))
        elif self._too_fast(message, now):
            self._outbox.hold(
                [each.id for each in news],
                now + RATE_WINDOW_MS,
                "Waits, because several messages were sent in the last minute.",
            )
        elif message in news:
            self._attempt([message], self._composer.one(message, profile))

    def _group(self, message: DueMessage, now: int) -> list[DueMessage]:
        alone = message.severity == Severity.CRITICAL or message.attempts > 0
        if alone and message.digest_key is None:
            return [message]
        return self._outbox.companions(message, now, DIGEST_LIMIT)

    def _too_fast(self, message: DueMessage, now: int) -> bool:
        if message.severity == Severity.CRITICAL or message.attempts > 0:
            return False
        return self._outbox.told_since(message.target_id, now - RATE_WINDOW_MS) >= RATE_LIMIT

    def _expire(self, message: DueMessage, now: int) -> bool:
        """End a message that is no news any more, saying so; whether it was one."""
        fresh = FRESH_MS.get(Occasion(message.event))
        if fresh is None:
            return False
        age = max(
            self._outbox.newest_market_time() - message.market_time, now - message.recorded_at
        )
        if age <= fresh:
            return False
        reason = f"Not sent: it was {age // 60_000} minutes old, and is news for {fresh // 60_000}."
        self._outbox.settle([message.id], EXPIRED, reason, now, attempted=False)
        return True

    def _attempt(self, group: Sequence[DueMessage], message: Message) -> None:
        first, ids = group[0], [each.id for each in group]
        channel = self._channels[first.channel]
        try:
            answer = channel.send(self._box.open(first.user_id, first.address or ""), message)
        except SettingsError as error:
            log.error("%s cannot be sent: %s", message.key, error)
            self._outbox.settle(ids, FAILED, str(error), self._clock.now())
            self._fail_over(first)
            return
        except DeliveryRefused as error:
            log.warning("%s was refused: %s", message.key, error)
            self._outbox.settle(ids, FAILED, str(error), self._clock.now())
            if isinstance(error, TargetGone):
                self._targets.remove(first.user_id, first.target_id, self._clock.now(), str(error))
            self._fail_over(first)
        except DeliveryDelayed as error:
            self._delay(group, message.key, error)
            return
        else:
            log.info("%s was sent: %s", message.key, answer)
            self._outbox.settle(ids, SENT, None, self._clock.now())
        self._rests[first.channel].failures = 0

    def _delay(self, group: Sequence[DueMessage], key: str, error: DeliveryDelayed) -> None:
        now = self._clock.now()
        first, ids = group[0], [each.id for each in group]
        if isinstance(error, ChannelDown):
            self._rests[first.channel].fail(now, self._chance())
        attempts = first.attempts + 1
        if attempts == FAILOVER_AFTER:
            self._fail_over(first)
        if attempts >= MAX_ATTEMPTS:
            log.warning("%s is given up: %s", key, error)
            self._outbox.settle(ids, FAILED, f"Given up: {error}", now)
            return
        log.warning("%s waits (attempt %d): %s", key, attempts, error)
        until = now + MESSAGE_BACK_OFF.wait_ms(attempts, self._chance())
        self._outbox.postpone(ids, str(error), until)

    def _fail_over(self, message: DueMessage) -> None:
        """Something critical did not get through: tell it by every other channel, once."""
        if message.severity != Severity.CRITICAL or message.dedupe_key.endswith(_FAILOVER):
            return
        others = [
            Queued(
                user_id=message.user_id,
                channel=target.channel,
                target_id=target.id,
                event=message.event,
                severity=message.severity,
                dedupe_key=f"{message.dedupe_key}:{target.id}{_FAILOVER}",
                payload=message.payload,
            )
            for target in self._targets.of_user(message.user_id)
            if target.verified_at is not None and target.channel != message.channel
        ]
        self._outbox.queue(others, self._clock.now())


_FAILOVER = ":failover"


def _is_digest(news: Sequence[DueMessage], profile: NotificationProfile) -> bool:
    return len(news) >= DIGEST_AT or (profile.digest != "off" and len(news) > 1)


def _digest_key(news: Sequence[DueMessage]) -> str:
    keys = "\n".join(each.dedupe_key for each in news)
    return f"digest:{hashlib.sha256(keys.encode()).hexdigest()[:32]}"
