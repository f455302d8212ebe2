"""What no event tells: an engine that is silent, a day that is over, a sign-in from elsewhere."""

from services.auth import Identity
from services.notifications.announcing import Announcer
from services.notifications.sign_ins import SignInNotices
from services.notifications.watch import Watch
from src.database import ENGINE_LEASE, Database, Lease
from src.database.lease import SILENT_MS
from src.database.notification_profiles import NotificationProfile, NotificationProfiles
from tests.integration.notifications.support import add_user, drain, history, new_delivery
from tests.integration.notifications.test_digests import Inbox
from tests.integration.web.support import ENVIRONMENT, NOON, Ledger, ManualClock

READER = "reader@example.com"
DAY = 24 * 3_600_000
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def new_watch(database: Database, clock: ManualClock) -> Watch:
    return Watch(database, ENVIRONMENT, Announcer(database, ENVIRONMENT, clock), clock)


BEAT_MS = 500


def beating(lease: Lease, epoch: int, clock: ManualClock, watch: Watch, seconds: int) -> None:
    """An engine that is alive for so long, and a watch that looks once a second."""
    for second in range(2 * seconds):
        clock.advance(BEAT_MS)
        lease.renew(epoch)
        if second % 2:
            watch.look()


def looking(clock: ManualClock, watch: Watch, seconds: int) -> None:
    """A watch that looks once a second while nothing else lives."""
    for _ in range(seconds):
        clock.advance(1_000)
        watch.look()


def engine_lease(database: Database, clock: ManualClock, holder: str = "engine") -> Lease:
    return Lease(database, ENGINE_LEASE, holder, clock)


def subjects(database: Database, clock: ManualClock) -> list[str]:
    """What is told when everything that waits goes out, oldest first."""
    inbox = Inbox()
    drain(new_delivery(database, clock, [inbox]))
    return [message.text.splitlines()[0] for message in inbox.messages]


SILENT, BACK = "The trading engine gives no sign of life", "The trading engine is back"


def test_a_silent_engine_is_told_once_for_every_silence_and_so_is_its_return(
    database: Database, clock: ManualClock
) -> None:
    user = add_user(database, READER, "monitor_silent")
    engine = engine_lease(database, clock)
    epoch = engine.try_acquire()
    assert epoch is not None
    watch = new_watch(database, clock)
    beating(engine, epoch, clock, watch, 100)
    looking(clock, watch, SILENT_MS // 1_000 - 1)
    assert history(database, user) == []
    looking(clock, watch, 300)
    [message] = history(database, user)
    assert (message.event, message.severity) == ("monitor_silent", "critical")
    # The process that delivers dies too; its successor repeats nothing.
    watch = new_watch(database, clock)
    looking(clock, watch, 60)
    beating(engine, epoch, clock, watch, 100)
    looking(clock, watch, SILENT_MS // 1_000)
    assert subjects(database, clock) == [SILENT, BACK, SILENT]


def test_a_process_that_slept_itself_tells_only_that_the_engine_is_back(
    database: Database, clock: ManualClock
) -> None:
    """With one worker both sleep: whoever wakes first, nobody is alarmed when it is over."""
    add_user(database, READER, "monitor_silent")
    engine = engine_lease(database, clock)
    epoch = engine.try_acquire()
    assert epoch is not None
    watch = new_watch(database, clock)
    beating(engine, epoch, clock, watch, 5)
    clock.advance(45_000)
    watch.look()
    beating(engine, epoch, clock, watch, 5)
    new_watch(database, clock).look()
    assert subjects(database, clock) == [BACK]


def test_a_new_process_tells_of_the_silence_it_ended(
    database: Database, clock: ManualClock
) -> None:
    user = add_user(database, READER, "monitor_silent")
    engine, successor = engine_lease(database, clock), engine_lease(database, clock, "another")
    assert engine.try_acquire() == 1
    assert engine.renew(1)
    clock.advance(63_000)
    assert successor.try_acquire() == 2
    assert successor.renew(2)
    watch = new_watch(database, clock)
    watch.look()
    inbox = Inbox()
    drain(new_delivery(database, clock, [inbox]))
    assert "63 seconds" in inbox.messages[0].text
    # Somebody who asks to be told an hour later is not told of what is long over.
    clock.advance(2 * 3_600_000)
    add_user(database, "late@example.com", "monitor_silent")
    new_watch(database, clock).look()
    assert drain(new_delivery(database, clock, [inbox])) == 0
    assert len(history(database, user)) == 1


def test_an_engine_that_cannot_start_is_silent(database: Database, clock: ManualClock) -> None:
    """Every worker tries again and again: to have got the lease is no sign of life."""
    add_user(database, READER, "monitor_silent")
    engine, epoch = engine_lease(database, clock), 1
    assert engine.try_acquire() == epoch
    watch = new_watch(database, clock)
    beating(engine, epoch, clock, watch, 5)
    engine.release(epoch, failed=True)
    for _ in range(20):
        epoch += 1
        assert engine.try_acquire() == epoch
        engine.release(epoch, failed=True)
        looking(clock, watch, 5)
    assert engine.try_acquire() == epoch + 1
    beating(engine, epoch + 1, clock, watch, 5)
    assert subjects(database, clock) == [SILENT, BACK]


def test_an_engine_that_said_good_bye_was_not_silent(
    database: Database, clock: ManualClock
) -> None:
    user = add_user(database, READER, "monitor_silent")
    engine = engine_lease(database, clock)
    assert engine.try_acquire() == 1
    assert engine.renew(1)
    engine.release(1)
    clock.advance(DAY)
    assert engine.try_acquire() == 2
    assert engine.renew(2)
    new_watch(database, clock).look()
    assert history(database, user) == []


def test_an_engine_that_never_started_is_silent_too(database: Database, clock: ManualClock) -> None:
    user = add_user(database, READER, "monitor_silent")
    looking(clock, new_watch(database, clock), 2 * SILENT_MS // 1_000)
    inbox = Inbox()
    drain(new_delivery(database, clock, [inbox]))
    assert "No sign of life since the start." in inbox.messages[0].text
    assert len(history(database, user)) == 1


def test_a_day_is_summed_up_once_at_the_readers_hour(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    # The tests' noon is 14:13 UTC, 16:13 in Berlin.
    profile = NotificationProfile(time_zone="Europe/Berlin", summary_hour=17)
    user = add_user(database, READER, "daily_summary", profile=profile)
    watch, inbox = new_watch(database, clock), Inbox()
    watch.look()
    assert history(database, user) == []
    ledger.close(1, "7.5")
    ledger.close(2, "-10")
    ledger.open(3)
    ledger.equity(NOON, "997.5")
    for _ in range(4):
        clock.advance(3_600_000)
        watch.look()
    drain(new_delivery(database, clock, [inbox]))
    assert inbox.subjects == [
        "Your day 2026-09-21: 2 trades closed, 1 won, -2.50 USDT, equity 997.50 USDT"
    ]
    assert "In units of risk: -0.25 R" in inbox.messages[0].text
    assert "Open trades: 1" in inbox.messages[0].text
    clock.advance(DAY)
    watch.look()
    assert len(history(database, user)) == 2


def test_the_summary_waits_for_no_digest(
    database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    """A daily digest goes out at the hour at which the summary is made."""
    profile = NotificationProfile(summary_hour=15, digest="daily")
    add_user(database, READER, "daily_summary", "trade_opened", profile=profile)
    watch, inbox = new_watch(database, clock), Inbox()
    delivery = new_delivery(database, clock, [inbox])
    watch.look()
    delivery.collect()
    ledger.open(1)
    drain(delivery)
    assert inbox.messages == []
    clock.advance(3_600_000)
    watch.look()
    drain(delivery)
    [message] = inbox.messages
    assert "Your day" in message.text
    assert "Opened: BTCUSDT LONG" in message.text


def test_an_hour_that_is_moved_repeats_no_day(database: Database, clock: ManualClock) -> None:
    """At 14:13 the day until 13 o'clock is noted; until 20 o'clock it would be yesterday again."""
    user = add_user(database, READER, "daily_summary", profile=NotificationProfile(summary_hour=13))
    watch = new_watch(database, clock)
    watch.look()
    later = NotificationProfile(summary_hour=20)
    NotificationProfiles(database).replace(user, later, clock.now())
    looking(clock, watch, 5)
    assert history(database, user) == []
    clock.advance(DAY)
    looking(clock, watch, 5)
    assert history(database, user) == []
    clock.advance(6 * 3_600_000)
    looking(clock, watch, 5)
    assert len(history(database, user)) == 1


def test_a_sign_in_from_another_browser_is_told_and_an_update_of_one_is_not(
    database: Database, clock: ManualClock
) -> None:
    user = add_user(database, READER, "new_login")
    add_user(database, "other@example.com", "new_login")
    notices = SignInNotices(database, Announcer(database, ENVIRONMENT, clock), clock)
    identity = Identity(user, READER, "session-1", NOON)
    for version in (130, 131):
        notices.signed_in(identity, FIREFOX.format(version), "192.0.2.7")
    assert history(database, user) == []
    notices.signed_in(identity, CHROME, "203.0.113.9")
    notices.signed_in(identity, CHROME, "203.0.113.9")
    inbox = Inbox()
    drain(new_delivery(database, clock, [inbox]))
    [message] = inbox.messages
    assert "Browser: Chrome on Windows" in message.text
    assert "From: 203.0.113.9" in message.text
