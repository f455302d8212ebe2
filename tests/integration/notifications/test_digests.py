"""What a reader can bear: quiet hours, digests, bursts, and what is urgent all the same."""

from typing import Any

import pytest

from services.notifications.announcing import Announcer
from services.notifications.channels import ChannelDown, DeliveryRefused, Message
from services.notifications.occasions import SEVERITY, Fact, Occasion
from services.notifications.timing import RATE_LIMIT, RATE_WINDOW_MS
from src.database import Database, Outbox
from src.database.notification_profiles import NotificationProfile, NotificationProfiles
from tests.integration.notifications.support import (
    BOX,
    EVERYTHING,
    add_target,
    add_user,
    drain,
    history,
    new_delivery,
)
from tests.integration.web.support import ENVIRONMENT, Ledger, ManualClock

READER = "reader@example.com"
HOUR = 3_600_000
MINUTE_OF_NOON = 14 * 60
"""The tests' noon is at 14:13 UTC."""
ALARM = {"detail": "The stop was missing for 4 seconds; the position was closed."}


class Inbox:
    """A channel that keeps what it is given, or fails as it is told."""

    missing = None

    def __init__(self, name: str = "email", failure: BaseException | None = None) -> None:
        self.name = name
        self.failure = failure
        self.messages: list[Message] = []

    def check(self, address: str) -> str:
        return address

    def label(self, address: str) -> str:
        return address

    def send(self, address: str, message: Message) -> str:
        if self.failure is not None:
            raise self.failure
        self.messages.append(message)
        return "taken"

    @property
    def subjects(self) -> list[str]:
        return [message.subject.removeprefix("[SIMULATED] ") for message in self.messages]


def announce(database: Database, clock: ManualClock, occasion: Occasion, subject: str) -> None:
    payload: dict[str, Any] = ALARM
    Announcer(database, ENVIRONMENT, clock).announce(
        Fact(occasion, subject, SEVERITY[occasion]), payload
    )


def test_what_comes_in_quiet_hours_waits_for_their_end_and_says_so(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    night = NotificationProfile(quiet_from=MINUTE_OF_NOON - 60, quiet_to=MINUTE_OF_NOON + 60)
    user = add_user(database, READER, *EVERYTHING, "position_unprotected", profile=night)
    inbox = Inbox()
    delivery = new_delivery(database, clock, [inbox])
    delivery.collect()
    ledger.open(1)
    drain(delivery)
    [waiting] = history(database, user)
    assert (waiting.status, waiting.attempts) == ("pending", 0)
    assert waiting.error == "Waits for the end of your quiet hours."
    announce(database, clock, Occasion.POSITION_UNPROTECTED, "1")
    assert drain(delivery) == 1
    assert inbox.subjects == ["A position was without a stop"]
    assert inbox.messages[0].urgent
    clock.advance(HOUR)
    assert drain(delivery) == 1
    assert [message.status for message in history(database, user)] == ["sent", "sent"]


def test_ending_quiet_hours_by_hand_lets_out_what_waits(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    night = NotificationProfile(quiet_from=0, quiet_to=1_439)
    user = add_user(database, READER, "trade_opened", profile=night)
    delivery = new_delivery(database, clock, [Inbox()])
    delivery.collect()
    ledger.open(1)
    drain(delivery)
    NotificationProfiles(database).replace(user, NotificationProfile(), clock.now())
    drain(delivery)
    assert [message.status for message in history(database, user)] == ["sent"]


def test_an_hourly_digest_tells_an_hour_in_one_message(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, *EVERYTHING, profile=NotificationProfile(digest="hourly"))
    inbox = Inbox()
    delivery = new_delivery(database, clock, [inbox])
    delivery.collect()
    ledger.open(1)
    ledger.close(1, "7.5")
    drain(delivery)
    assert inbox.messages == []
    clock.advance(HOUR)
    drain(delivery)
    [message] = inbox.messages
    assert "Opened: BTCUSDT LONG" in message.text
    assert "Closed: BTCUSDT LONG at the target, +7.50 USDT" in message.text
    told = history(database, user)
    assert [(each.status, each.digested) for each in told] == [("sent", True)] * 2


def test_a_burst_is_told_together_and_nothing_of_it_is_left_out(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened", "trade_closed")
    inbox = Inbox()
    delivery = new_delivery(database, clock, [inbox])
    delivery.collect()
    for number in range(1, 126):
        ledger.open(number)
        ledger.close(number, "1")
    drain(delivery)
    assert inbox.subjects[:2] == ["100 notifications", "100 notifications"]
    assert len(inbox.messages) == 3
    lines = "\n".join(message.text for message in inbox.messages)
    assert lines.count(": Opened: ") == lines.count(": Closed: ") == 125
    assert {message.status for message in history(database, user)} == {"sent"}


def test_messages_beyond_the_rate_wait_a_minute_and_come_together(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    add_user(database, READER, "trade_opened")
    inbox = Inbox()
    delivery = new_delivery(database, clock, [inbox])
    delivery.collect()
    for number in range(1, RATE_LIMIT + 4):
        ledger.open(number)
        drain(delivery)
    assert len(inbox.messages) == RATE_LIMIT
    clock.advance(RATE_WINDOW_MS)
    drain(delivery)
    assert len(inbox.messages) == RATE_LIMIT + 3


def test_a_digest_that_was_cut_off_is_sent_again_as_the_same(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    """The group is fixed before it is sent: whoever repeats it repeats its key."""
    user = add_user(database, READER, "trade_opened")
    delivery = new_delivery(database, clock, [Inbox(failure=KeyboardInterrupt())])
    delivery.collect()
    for number in range(1, 7):
        ledger.open(number)
    delivery.collect()
    with pytest.raises(KeyboardInterrupt):
        delivery.send_next()
    bound = Outbox(database, ENVIRONMENT).next_due(["email"], clock.now())
    assert bound is not None
    ledger.open(7)
    inbox = Inbox()
    drain(new_delivery(database, clock, [inbox]))
    assert inbox.messages[0].key == bound.digest_key
    assert inbox.subjects[0] == "6 notifications"
    assert {message.status for message in history(database, user)} == {"sent"}


def test_somebody_who_wants_only_what_is_urgent_gets_only_that(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    profile = NotificationProfile(minimum_severity="critical")
    user = add_user(
        database, READER, *EVERYTHING, "position_unprotected", "data_stale", profile=profile
    )
    inbox = Inbox()
    delivery = new_delivery(database, clock, [inbox])
    delivery.collect()
    ledger.open(1)
    announce(database, clock, Occasion.DATA_STALE, "1")
    announce(database, clock, Occasion.POSITION_UNPROTECTED, "2")
    drain(delivery)
    assert inbox.subjects == ["A position was without a stop"]
    assert len(history(database, user)) == 1


@pytest.mark.parametrize("failure", [DeliveryRefused("550 no"), ChannelDown("no answer")])
def test_what_is_critical_goes_elsewhere_when_its_channel_fails(
    database: Database, clock: ManualClock, failure: Exception
) -> None:
    user = add_user(database, READER, "position_unprotected")
    add_target(database, user, "sms", "+4915112345678")
    mail, text = Inbox(failure=failure), Inbox("sms")
    delivery = new_delivery(database, clock, [mail, text])
    announce(database, clock, Occasion.POSITION_UNPROTECTED, "1")
    for _ in range(4):
        drain(delivery)
        clock.advance(HOUR)
    assert text.subjects == ["A position was without a stop"]


def test_a_place_that_was_not_proven_gets_nothing(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    from src.database.notification_targets import NotificationTargets, PendingCode

    user = add_user(database, READER, "trade_opened")
    for target in NotificationTargets(database).of_user(user):
        NotificationTargets(database).remove(user, target.id, clock.now(), "gone")
    NotificationTargets(database).add(
        *(user, "email", BOX.seal(user, READER), "…", "f", clock.now()),
        PendingCode("hash", clock.now() + HOUR, 0),
    )
    delivery = new_delivery(database, clock, [Inbox()])
    delivery.collect()
    ledger.open(1)
    assert drain(delivery) == 0


def test_a_fault_of_ours_puts_one_message_aside_and_no_other(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened", "position_unprotected")
    inbox = Inbox()
    delivery = new_delivery(database, clock, [inbox])
    delivery.collect()
    Announcer(database, ENVIRONMENT, clock).announce(
        Fact(Occasion.POSITION_UNPROTECTED, "1", SEVERITY[Occasion.POSITION_UNPROTECTED]),
        {"nothing": "that could be told"},
    )
    ledger.open(1)
    delivery.collect()
    with pytest.raises(KeyError) as fault:
        delivery.send_next()
    delivery.put_aside(fault.value)
    drain(delivery)
    assert len(inbox.messages) == 1
    broken = history(database, user)[-1]
    assert (broken.status, broken.error) == ("pending", "A fault of the program: KeyError")
