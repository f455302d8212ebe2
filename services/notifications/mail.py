"""E-mail through an SMTP server: STARTTLS on 587, TLS from the start on 465.

Nothing is sent in the clear to another machine. On this machine a server without TLS will do.
"""

import contextlib
import hashlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from email_validator import EmailNotValidError, validate_email

from services.notifications.channels import (
    ChannelDown,
    DeliveryDelayed,
    DeliveryRefused,
    Message,
    missing_settings,
)
from src.domain.errors import InvalidInput

TLS_PORT = 465
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT_SECONDS = 10.0
PICTURE_ID = "chart@ict-trading-system"
"""How the HTML names the picture that comes with it."""

_POLICY = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server and its login. What is not set is None."""

    server: str | None
    port: int
    user: str | None
    password: str | None = field(repr=False)
    sender: str | None


class EmailChannel:
    """Sends one message a connection. `tls` defaults to the certificates the machine trusts."""

    name = "email"

    def __init__(
        self,
        settings: MailSettings,
        tls: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._settings = settings
        self._tls = tls
        self._timeout = timeout

    @property
    def missing(self) -> str | None:
        """What to set before mail works."""
        settings = self._settings
        needed = {"SMTP_SERVER": settings.server, "FROM_EMAIL": settings.sender}
        if settings.user:
            needed["SMTP_PASSWORD"] = settings.password
        return missing_settings(needed)

    def check(self, address: str) -> str:
        """The address in one spelling. Raises InvalidInput when it cannot be one."""
        try:
            checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as error:
            raise InvalidInput(
                f"This is not an e-mail address: {error}", field="address"
            ) from error
        return checked.normalized.lower()

    def label(self, address: str) -> str:
        """The domain and what the name begins with."""
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"

    def send(self, address: str, message: Message) -> str:
        """Hand the message over; the answer is the server's. Raises what Channel.send names."""
        if self.missing is not None:
            raise ChannelDown(self.missing)
        mail = self._compose(address, message)
        try:
            server = self._connect()
            try:
                return _hand_over(server, mail)
            finally:
                # The message is on its way or not; how the server says goodbye changes nothing.
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()
        except smtplib.SMTPRecipientsRefused as error:
            [(code, answer)] = error.recipients.values()
            raise _failure(code, answer) from error
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise ChannelDown(f"{error.smtp_code} {_text(error.smtp_error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelDown(f"The mail server did not answer as it should: {error}") from error

    def _compose(self, address: str, message: Message) -> EmailMessage:
        mail = EmailMessage(_POLICY)
        sender = self._settings.sender or ""
        if not address.isascii():
            raise DeliveryRefused("Addresses beyond ASCII are not supported.")
        try:
            mail["From"] = Address("ICT Trading System", addr_spec=sender)
            mail["To"] = Address(addr_spec=address)
        except (ValueError, IndexError) as error:
            raise DeliveryRefused(f"This is not an address mail can go to: {error}") from error
        # A line break in a header would begin another header.
        mail["Subject"] = " ".join(message.subject.split())
        digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2]}>"
        mail["Date"] = formatdate()
        mail["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe is not None:
            mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            if message.unsubscribe.startswith("https:"):
                mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        if message.picture is not None:
            _add_picture(mail, message.picture)
        return mail

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        host = settings.server or ""
        tls = self._tls or ssl.create_default_context()
        if settings.port == TLS_PORT:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, settings.port, timeout=self._timeout, context=tls
            )
        else:
            server = smtplib.SMTP(host, settings.port, timeout=self._timeout)
        try:
            server.ehlo()
            if settings.port != TLS_PORT and (server.has_extn("starttls") or host not in LOOPBACK):
                server.starttls(context=tls)
            if settings.user and settings.password:
                server.login(settings.user, settings.password)
        except BaseException:
            server.close()
            raise
        return server


def _add_picture(mail: EmailMessage, picture: bytes) -> None:
    """Into the HTML part, which shows it by its name `chart`."""
    [_, html] = mail.iter_parts()
    assert isinstance(html, EmailMessage)  # noqa: S101 - for the type checker; made a line above
    html.add_related(
        picture, "image", "png", cid=f"<{PICTURE_ID}>", filename="chart.png", disposition="inline"
    )


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> str:
    """`send_message`, but with the server's answer to the message, which that throws away."""
    sender, recipient = mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec
    code, answer = server.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = server.rcpt(recipient)
    if code not in {250, 251}:
        raise smtplib.SMTPRecipientsRefused({recipient: (code, answer)})
    code, answer = server.data(mail.as_bytes())
    if code != 250:
        raise smtplib.SMTPDataError(code, answer)
    return f"{code} {_text(answer)}"


def _failure(code: int, answer: bytes | str) -> DeliveryDelayed | DeliveryRefused:
    kind = DeliveryRefused if 500 <= code < 600 else DeliveryDelayed
    return kind(f"{code} {_text(answer)}")


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
