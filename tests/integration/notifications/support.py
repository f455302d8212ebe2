"""People, their choices and a delivery, over a real database."""

from collections.abc import Callable, Sequence

from services.lease_worker import LeaseWorker
from services.notifications.announcing import Announcer
from services.notifications.channels import Channel, Message
from services.notifications.composing import Composer
from services.notifications.delivery import Delivery
from services.notifications.mail import EmailChannel, MailSettings
from services.notifications.secret_box import SecretBox
from services.notifications.watch import Watch
from services.notifications.worker import Desk, deliver
from src.database import Database, Lease, NotificationHistory, NotificationPreferences, Users
from src.database.clock import SYSTEM_CLOCK
from src.database.notification_profiles import NotificationProfile, NotificationProfiles
from src.database.notification_store import SentMessage, Wish
from src.database.notification_targets import NotificationTargets
from src.domain.ports import Clock
from tests.integration.web.support import ENVIRONMENT, NOON

BOX = SecretBox(bytes(range(32)))
EVERYTHING = ("signal_armed", "trade_opened", "trade_closed")
MESSAGE = Message(
    key="simulator:trade_closed:1:1:email",
    subject="Closed: BTCUSDT LONG",
    text="Net result: +1.00 USDT\n",
    html="<p>Net result: +1.00 USDT</p>\n",
    short="Closed BTCUSDT LONG: +1.00 USDT",
)


def mail_channel(port: int) -> EmailChannel:
    """The channel to a mail server on loopback."""
    return EmailChannel(
        MailSettings("127.0.0.1", port, None, None, "alerts@example.com"), timeout=10.0
    )


def add_user(
    database: Database,
    email: str,
    *events: str,
    channel: str = "email",
    address: str | None = None,
    profile: NotificationProfile | None = None,
) -> int:
    """An account that wants to be told of `events`, by mail unless said; returns its id."""
    user_id = Users(database).add(email, b"no password", NOON)
    add_target(database, user_id, channel, address or email)
    wishes = [Wish(event, channel) for event in events]
    NotificationPreferences(database).replace(user_id, wishes, NOON)
    if profile is not None:
        NotificationProfiles(database).replace(user_id, profile, NOON)
    return user_id


def add_target(database: Database, user_id: int, channel: str, address: str) -> int:
    """A verified address of a user; returns its id."""
    return NotificationTargets(database).add(
        user_id, channel, BOX.seal(user_id, address), "…", BOX.fingerprint(address), NOON, None
    )


def new_delivery(
    database: Database, clock: Clock, channels: Sequence[Channel], epoch: int | None = None
) -> Delivery:
    """A delivery without luck (back-off is at its longest), pictures and links."""
    composer = Composer(simulated=True, picture=lambda _: None, unsubscribe=lambda *_: None)
    return Delivery(
        *(database, ENVIRONMENT, channels, BOX, composer, clock, epoch), chance=lambda: 0.0
    )


def new_desk(
    database: Database, clock: Clock, channels: Sequence[Channel], epoch: int | None = None
) -> Desk:
    """All that the holder of the lease works on."""
    announcer = Announcer(database, ENVIRONMENT, clock, epoch)
    watch = Watch(database, ENVIRONMENT, announcer, clock)
    return Desk(new_delivery(database, clock, channels, epoch), watch)


def new_worker(
    database: Database,
    lease: Lease,
    channels: Sequence[Channel],
    has_engine: Callable[[], bool] = lambda: False,
) -> LeaseWorker:
    """A candidate for delivering, by the clock on the wall."""
    return LeaseWorker(
        "notifications",
        lambda: lease,
        lambda tenure: deliver(
            new_desk(database, SYSTEM_CLOCK, channels, tenure.epoch), tenure.over
        ),
        has_engine,
    )


def drain(delivery: Delivery) -> int:
    """Deliver whatever is due; how many messages were dealt with."""
    while delivery.collect():
        pass
    count = 0
    while delivery.send_next():
        count += 1
    return count


def history(database: Database, user_id: int) -> list[SentMessage]:
    """A user's messages, newest first."""
    return NotificationHistory(database, ENVIRONMENT).latest(user_id, 2_000)
