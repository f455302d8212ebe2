"""What no event tells: an engine that is silent, a day that is over, a sign-in from elsewhere."""

from services.auth import Identity
from services.notifications.announcing import Announcer
from services.notifications.sign_ins import SignInNotices
from services.notifications.watch import SILENT_MS, Watch
from src.database import ENGINE_LEASE, Database, Lease
from src.database.notification_profiles import NotificationProfile
from tests.integration.notifications.support import add_user, drain, history, new_delivery
from tests.integration.notifications.test_digests import Inbox
from tests.integration.web.support import ENVIRONMENT, NOON, Ledger, ManualClock

READER = "reader@example.com"
DAY = 24 * 3_600_000
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def new_watch(database: Database, clock: ManualClock) -> Watch:
    return Watch(database, ENVIRONMENT, Announcer(database, ENVIRONMENT, clock), clock)


def test_a_silent_engine_is_told_once_for_every_silence(
    database: Database, clock: ManualClock
) -> None:
    user = add_user(database, READER, "monitor_silent")
    engine = Lease(database, ENGINE_LEASE, "engine", clock)
    epoch = engine.try_acquire()
    assert epoch is not None
    watch = new_watch(database, clock)
    for _ in range(3):
        clock.advance(SILENT_MS // 2)
        engine.renew(epoch)
        watch.look()
    assert history(database, user) == []
    for _ in range(10):
        clock.advance(SILENT_MS)
        watch.look()
    [message] = history(database, user)
    assert (message.event, message.severity) == ("monitor_silent", "critical")
    engine.renew(epoch)
    watch.look()
    clock.advance(SILENT_MS)
    watch.look()
    assert len(history(database, user)) == 2


def test_an_engine_that_never_started_is_silent_too(database: Database, clock: ManualClock) -> None:
    user = add_user(database, READER, "monitor_silent")
    watch = new_watch(database, clock)
    watch.look()
    clock.advance(SILENT_MS)
    watch.look()
    inbox = Inbox()
    drain(new_delivery(database, clock, [inbox]))
    assert "No heartbeat since the start." in inbox.messages[0].text
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
