"""People, their choices and a delivery, over a real database."""

from collections.abc import Sequence

from services.notifications.channels import Channel, Message
from services.notifications.delivery import Delivery
from services.notifications.mail import EmailChannel, MailSettings
from src.database import Database, NotificationHistory, NotificationPreferences, Users
from src.database.notification_store import SentMessage, Wish
from src.domain.ports import Clock
from tests.integration.web.support import ENVIRONMENT, NOON

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
    database: Database, email: str, *events: str, channel: str = "email", phone: str | None = None
) -> int:
    """An account that wants to be told of `events`; returns its id."""
    user_id = Users(database).add(email, b"no password", NOON)
    addresses = {} if phone is None else {"sms": phone}
    wishes = [Wish(event, channel) for event in events]
    NotificationPreferences(database).replace(user_id, wishes, addresses, NOON)
    return user_id


def new_delivery(
    database: Database, clock: Clock, channels: Sequence[Channel], epoch: int | None = None
) -> Delivery:
    """A delivery without luck: back-off is at its longest."""
    return Delivery(
        database, ENVIRONMENT, channels, clock, epoch, simulated=True, chance=lambda: 0.0
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
