"""Twilio's own client against an API on loopback that answers as Twilio documents."""

from collections.abc import Iterator

import pytest

from bench.ports import free_port
from services.notifications.channels import ChannelDown, DeliveryRefused
from services.notifications.sms import SmsChannel, TwilioSettings
from tests.integration.notifications.servers import TwilioApi
from tests.integration.notifications.support import MESSAGE

PHONE = "+4915112345678"
SETTINGS = TwilioSettings("AC123", "a token of the tests", "+15005550006")


@pytest.fixture
def api() -> TwilioApi:
    return TwilioApi()


@pytest.fixture
def channel(api: TwilioApi) -> Iterator[SmsChannel]:
    with api.serving() as url:
        yield SmsChannel(SETTINGS, url)


def test_a_message_is_queued_at_twilio(api: TwilioApi, channel: SmsChannel) -> None:
    assert channel.send(PHONE, MESSAGE) == "queued SM1"
    assert api.requests == [{"To": PHONE, "From": "+15005550006", "Body": MESSAGE.short}]


def test_an_invalid_number_is_refused_in_twilios_words(api: TwilioApi, channel: SmsChannel) -> None:
    api.answers.append((400, {"code": 21211, "message": "The 'To' number is not valid."}))
    with pytest.raises(DeliveryRefused, match=r"400 .*The 'To' number is not valid.*\(21211\)"):
        channel.send(PHONE, MESSAGE)


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        (429, 20429, "Too Many Requests"),
        (500, 20500, "Internal Server Error"),
        (503, 20503, "Service Unavailable"),
        (401, 20003, "Authenticate"),
    ],
)
def test_a_busy_broken_or_locked_account_is_a_channel_that_is_down(
    api: TwilioApi, channel: SmsChannel, status: int, code: int, text: str
) -> None:
    api.answers.append((status, {"code": code, "message": text}))
    with pytest.raises(ChannelDown, match=f"{status} .*{text}"):
        channel.send(PHONE, MESSAGE)


def test_no_answer_is_a_channel_that_is_down() -> None:
    with pytest.raises(ChannelDown, match="did not answer"):
        SmsChannel(SETTINGS, f"http://127.0.0.1:{free_port()}").send(PHONE, MESSAGE)


def test_a_channel_without_its_settings_names_them() -> None:
    channel = SmsChannel(TwilioSettings("AC123", None, None))
    assert channel.missing is not None
    assert "TWILIO_AUTH_TOKEN, TWILIO_FROM_NUMBER" in channel.missing
    with pytest.raises(ChannelDown, match="TWILIO_AUTH_TOKEN"):
        channel.send(PHONE, MESSAGE)
