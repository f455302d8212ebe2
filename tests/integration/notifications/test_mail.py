"""E-mail against a real SMTP server: what arrives, what is refused, and how it is protected."""

import dataclasses
import ssl
from pathlib import Path

import pytest

from bench.ports import free_port
from services.notifications.channels import ChannelDown, DeliveryDelayed, DeliveryRefused
from services.notifications.mail import EmailChannel, MailSettings
from tests.integration.notifications.servers import Mailbox, certificate, mail_server
from tests.integration.notifications.support import MESSAGE, mail_channel

READER = "reader@example.com"
LOGIN = ("robot", "a secret of the tests")


def test_a_mail_carries_text_and_html_and_the_answer_is_the_servers() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert mail_channel(port).send(READER, MESSAGE) == "250 OK: message 1"
    [mail] = mailbox.mails
    assert mail["To"] == READER
    assert mail["From"] == "ICT Trading System <alerts@example.com>"
    assert mail["Subject"] == MESSAGE.subject
    assert mail["Date"].datetime is not None
    parts = {
        part.get_content_type(): part.get_content().replace("\r\n", "\n")
        for part in mail.iter_parts()
    }
    assert parts == {"text/plain": MESSAGE.text, "text/html": MESSAGE.html}


def test_every_attempt_carries_the_same_message_id() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        for _ in range(2):
            mail_channel(port).send(READER, MESSAGE)
        mail_channel(port).send(READER, dataclasses.replace(MESSAGE, key="another"))
    first, again, other = mailbox.keys()
    assert first == again != other


def test_a_line_break_in_the_subject_begins_no_header() -> None:
    mailbox = Mailbox()
    subject = "Closed\r\nBcc: thief@example.com\r\n\r\nother body"
    with mail_server(mailbox) as port:
        mail_channel(port).send(READER, dataclasses.replace(MESSAGE, subject=subject))
    [mail] = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Closed Bcc: thief@example.com other body"


@pytest.mark.parametrize(
    "address",
    [
        "reader@example.com\r\nBcc: thief@example.com",
        "reader@example.com\r\nRCPT TO:<thief@example.com>",
        "reader@example.com, thief@example.com",
        "reader",
        "",
        "räder@example.com",
    ],
)
def test_an_address_that_is_not_one_is_refused_before_the_server_hears_of_it(address: str) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(DeliveryRefused):
        mail_channel(port).send(address, MESSAGE)
    assert mailbox.mails == []


def test_credentials_and_mail_go_through_starttls(tmp_path: Path) -> None:
    file, key = certificate(tmp_path)
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(file, key)
    mailbox = Mailbox()
    with mail_server(mailbox, tls=served, login=LOGIN) as port:
        settings = MailSettings("127.0.0.1", port, *LOGIN, "alerts@example.com")
        trusting = ssl.create_default_context(cafile=str(file))
        EmailChannel(settings, trusting).send(READER, MESSAGE)
        with pytest.raises(ChannelDown, match="certificate"):
            EmailChannel(settings).send(READER, MESSAGE)
        wrong = dataclasses.replace(settings, password="wrong")
        with pytest.raises(ChannelDown, match="535"):
            EmailChannel(wrong, trusting).send(READER, MESSAGE)
    assert len(mailbox.mails) == 1


def test_a_server_elsewhere_gets_nothing_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same server, were it not on this machine."""
    monkeypatch.setattr("services.notifications.mail.LOOPBACK", frozenset[str]())
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(ChannelDown, match="STARTTLS"):
        mail_channel(port).send(READER, MESSAGE)
    assert mailbox.mails == []


def test_a_recipient_refused_for_good_is_refused() -> None:
    mailbox = Mailbox()
    mailbox.refused[READER] = "550 5.1.1 No such user here"
    with mail_server(mailbox) as port, pytest.raises(DeliveryRefused, match=r"550 5\.1\.1 No such"):
        mail_channel(port).send(READER, MESSAGE)


def test_a_recipient_refused_for_now_is_delayed_and_the_channel_stays_up() -> None:
    mailbox = Mailbox()
    mailbox.refused[READER] = "450 4.2.0 Greylisted"
    with mail_server(mailbox) as port, pytest.raises(DeliveryDelayed, match="Greylisted") as caught:
        mail_channel(port).send(READER, MESSAGE)
    assert not isinstance(caught.value, ChannelDown)


def test_a_server_that_is_not_there_is_a_channel_that_is_down() -> None:
    with pytest.raises(ChannelDown, match="refused"):
        mail_channel(free_port()).send(READER, MESSAGE)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (MailSettings(None, 587, None, None, None), "SMTP_SERVER, FROM_EMAIL"),
        (MailSettings("mail.example.com", 587, "robot", None, "a@example.com"), "SMTP_PASSWORD"),
    ],
)
def test_a_channel_without_its_settings_names_them(settings: MailSettings, named: str) -> None:
    channel = EmailChannel(settings)
    assert channel.missing == f"Not set up: set {named} in .env and restart."
    with pytest.raises(ChannelDown, match=named):
        channel.send(READER, MESSAGE)
