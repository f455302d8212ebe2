"""Everything else: Telegram, Discord, Slack, Firebase, OneSignal and more, by one URL each."""

import logging
from typing import Any

from services.notifications.channels import DeliveryDelayed, Message
from src.domain.errors import InvalidInput

_OF_THIS_MACHINE = frozenset(
    {"dbus", "qt", "kde", "glib", "gnome", "macosx", "windows", "syslog", "growl", "file", "mailto"}
)
"""Schemes that reach the server's own desktop or log, or mail past the mail channel."""


class AppriseChannel:
    """Sends through Apprise, which is loaded with the first message."""

    name = "apprise"
    missing = None

    def check(self, address: str) -> str:
        """The URL without blanks. Raises InvalidInput for one Apprise does not know."""
        from apprise import Apprise

        url = address.strip()
        scheme = url.partition("://")[0].lower()
        if scheme in _OF_THIS_MACHINE:
            raise InvalidInput(f"{scheme}:// does not reach a person.", field="address")
        if Apprise.instantiate(url) is None:
            raise InvalidInput(
                "This is not a notification URL Apprise knows, such as tgram://token/chat "
                "or discord://id/token.",
                field="address",
            )
        return url

    def label(self, address: str) -> str:
        """The service; what follows holds its secret."""
        return f"{address.partition('://')[0].lower()}://…"

    def send(self, address: str, message: Message) -> str:
        """Hand the short text over. Raises DeliveryDelayed with Apprise's own words.

        Apprise tells whether it worked and logs why not; it cannot tell a refusal from a fault.
        """
        from apprise import Apprise, LogCapture, NotifyType

        service = Apprise.instantiate(address)
        if service is None:
            raise DeliveryDelayed("Apprise does not know this URL any more.")
        # Apprise does not say what types its log takes.
        capture: Any = LogCapture
        with capture(level=logging.WARNING, fmt="%(message)s") as words:
            sent = Apprise(servers=[service]).notify(
                title=message.subject,
                body=message.short,
                notify_type=NotifyType.FAILURE if message.urgent else NotifyType.INFO,
            )
            said = " ".join(words.getvalue().split()).replace(address, self.label(address))
        if not sent:
            raise DeliveryDelayed(said[:300] or "The service did not take the message.")
        return f"{self.label(address)} took the message"
