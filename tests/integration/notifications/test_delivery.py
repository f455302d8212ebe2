"""From the event log to a mailbox: once, late rather than never, and only to those who asked."""

import pytest

from bench.ports import free_port
from services.notifications.back_off import CHANNEL_BACK_OFF, MESSAGE_BACK_OFF
from services.notifications.delivery import MAX_ATTEMPTS
from services.notifications.sms import SmsChannel
from src.database import (
    NOTIFICATIONS_LEASE,
    Database,
    EventLog,
    Lease,
    NotificationPreferences,
    SqlJournal,
    Users,
)
from src.domain.errors import LeaseLost
from src.domain.events import SignalChanged, StepRecord
from src.domain.signal import SignalStatus
from tests.integration.notifications.servers import Mailbox, TwilioApi, mail_server
from tests.integration.notifications.support import (
    EVERYTHING,
    add_user,
    drain,
    history,
    mail_channel,
    new_delivery,
)
from tests.integration.notifications.test_sms import SETTINGS
from tests.integration.web.support import ENVIRONMENT, NOON, Ledger, ManualClock, signal

HOUR = 3_600_000
READER = "reader@example.com"


def test_nothing_is_sent_to_somebody_who_asked_for_nothing(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = Users(database).add(READER, b"no password", NOON)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.open(1)
        assert drain(delivery) == 0
    assert mailbox.mails == []
    assert history(database, user) == []


def test_each_occasion_arrives_once_with_its_facts(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, *EVERYTHING)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.signal(1, SignalStatus.ARMED)
        ledger.signal(2, SignalStatus.REFUSED)
        ledger.open(1)
        ledger.close(1, "7.5")
        ledger.equity(NOON, "1007.5")
        assert drain(delivery) == 3
        assert drain(new_delivery(database, clock, [mail_channel(port)])) == 0
    assert [mail["Subject"] for mail in mailbox.mails] == [
        "[SIMULATED] Signal: BTCUSDT SHORT at 100",
        "[SIMULATED] Opened: BTCUSDT LONG at 100, size 1, risk 10.00 USDT",
        "[SIMULATED] Closed: BTCUSDT LONG at the target, +7.50 USDT (+0.75 R)",
    ]
    assert {mail["To"] for mail in mailbox.mails} == {READER}
    assert [message.status for message in history(database, user)] == ["sent"] * 3


def test_each_person_gets_what_he_chose(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    add_user(database, "opened@example.com", "trade_opened")
    add_user(database, "closed@example.com", "trade_closed")
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.open(1)
        ledger.close(1, "1")
        drain(delivery)
    told = {mail["To"]: mail["Subject"].split(":")[0] for mail in mailbox.mails}
    assert told == {
        "opened@example.com": "[SIMULATED] Opened",
        "closed@example.com": "[SIMULATED] Closed",
    }


def test_an_event_told_twice_by_the_log_reaches_a_person_once(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    """A correction of a closed trade is recorded as another event of the same trade."""
    add_user(database, READER, "trade_closed")
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.close(1, "1")
        log = EventLog(database, ENVIRONMENT)
        closed = next(row for row in log.after(0, 100) if row.type == "trade_closed")
        log.append("trade_closed", closed.market_time, closed.payload)
        assert drain(delivery) == 1


def test_a_dead_mail_server_loses_nothing_and_is_asked_with_one_message_at_a_time(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened")
    port = free_port()
    delivery = new_delivery(database, clock, [mail_channel(port)])
    delivery.collect()
    for number in range(1, 5):
        ledger.open(number)
    assert drain(delivery) == 1
    assert sorted(message.attempts for message in history(database, user)) == [0, 0, 0, 1]
    assert "did not answer" in str([message.error for message in history(database, user)])
    mailbox = Mailbox()
    with mail_server(mailbox, port=port):
        assert drain(delivery) == 0
        clock.advance(CHANNEL_BACK_OFF.wait_ms(1, 0.0))
        assert drain(delivery) == 3
        clock.advance(MESSAGE_BACK_OFF.wait_ms(1, 0.0))
        assert drain(delivery) == 1
    assert len(set(mailbox.keys())) == len(mailbox.mails) == 4


def test_a_message_that_is_never_taken_is_given_up_and_says_why(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened")
    mailbox = Mailbox()
    mailbox.refused[READER] = "450 4.2.0 Greylisted"
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.open(1)
        for _ in range(MAX_ATTEMPTS):
            assert drain(delivery) == 1
            clock.advance(MESSAGE_BACK_OFF.longest_ms)
        assert drain(delivery) == 0
    [message] = history(database, user)
    assert (message.status, message.attempts) == ("failed", MAX_ATTEMPTS)
    assert message.error == "Given up: 450 4.2.0 Greylisted"


def test_a_refusal_for_good_is_not_repeated(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened", channel="sms", address="+4915112345678")
    api = TwilioApi()
    api.answers.append((400, {"code": 21211, "message": "Invalid 'To' Phone Number"}))
    with api.serving() as url:
        delivery = new_delivery(database, clock, [SmsChannel(SETTINGS, url)])
        delivery.collect()
        ledger.open(1)
        assert drain(delivery) == 1
        clock.advance(24 * HOUR)
        assert drain(delivery) == 0
    [message] = history(database, user)
    assert (message.status, message.attempts) == ("failed", 1)
    assert "Invalid 'To' Phone Number" in str(message.error)
    assert len(api.requests) == 1


@pytest.mark.parametrize("how", ["the market has moved on", "the mail server was dead"])
def test_a_signal_older_than_an_hour_expires_and_a_trade_is_told_late(
    database: Database, clock: ManualClock, ledger: Ledger, how: str
) -> None:
    user = add_user(database, READER, *EVERYTHING)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        armed = SignalChanged(signal(1, SignalStatus.ARMED))
        journal = SqlJournal(database, ENVIRONMENT, clock=clock)
        journal.commit(StepRecord(market_time=NOON, changes=(armed,)))
        ledger.open(1)
        if how == "the market has moved on":
            ledger.equity(NOON + HOUR + 60_000, "1000")
        else:
            clock.advance(HOUR + 60_000)
        assert drain(delivery) == 2
    assert [mail["Subject"] for mail in mailbox.mails] == [
        "[SIMULATED] Opened: BTCUSDT LONG at 100, size 1, risk 10.00 USDT"
    ]
    expired = history(database, user)[-1]
    assert (expired.event, expired.status) == ("signal_armed", "expired")
    assert expired.error == "Not sent: it was 61 minutes old, and is news for 60."


def test_switching_off_takes_back_what_waits(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened")
    delivery = new_delivery(database, clock, [mail_channel(free_port())])
    delivery.collect()
    ledger.open(1)
    drain(delivery)
    NotificationPreferences(database).replace(user, [], clock.now())
    clock.advance(HOUR)
    assert drain(delivery) == 0
    [message] = history(database, user)
    assert (message.status, message.error) == ("expired", "Switched off before it was sent.")


def test_the_first_start_tells_nothing_of_the_past(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, *EVERYTHING)
    ledger.open(1)
    assert drain(new_delivery(database, clock, [mail_channel(free_port())])) == 0
    assert history(database, user) == []


def test_a_process_that_lost_the_lease_writes_nothing(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    user = add_user(database, READER, "trade_opened")
    old = Lease(database, NOTIFICATIONS_LEASE, "old", clock).try_acquire()
    delivery = new_delivery(database, clock, [mail_channel(free_port())], old)
    delivery.collect()
    ledger.open(1)
    clock.advance(10_000)
    assert Lease(database, NOTIFICATIONS_LEASE, "new", clock).try_acquire() is not None
    with pytest.raises(LeaseLost, match="notifications lease"):
        delivery.collect()
    assert history(database, user) == []


def test_a_monitor_that_cannot_start_is_told_once_until_it_runs(
    database: Database, clock: ManualClock
) -> None:
    """It stops again every few seconds, and the words of a network differ every time."""
    user = add_user(database, "reader@example.com", "monitor_stopped", "monitor_started")
    delivery = new_delivery(database, clock, [])
    delivery.collect()
    log = EventLog(database, ENVIRONMENT)
    states = ["running", "stopped", "stopped", "halted", "stopped", "halted", "running", "stopped"]
    for number, state in enumerate(states):
        log.append("monitor_state", NOON, {"state": state, "detail": f"connection {number}"})
    delivery.collect()
    told = [message.event for message in reversed(history(database, user))]
    stopped, started = "monitor_stopped", "monitor_started"
    assert told == [started, stopped, stopped, started, stopped]
