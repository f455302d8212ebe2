"""Web Push: signed by us, readable by the browser alone, and gone browsers are forgotten."""

import dataclasses
import json
import time
from pathlib import Path

import pytest

from bench.ports import free_port
from services.notifications.channels import (
    ChannelDown,
    DeliveryDelayed,
    DeliveryRefused,
    TargetGone,
)
from services.notifications.push import PushChannel, PushSettings
from src.database import Database
from src.database.notification_targets import NotificationTargets
from src.domain.errors import InvalidInput
from tests.integration.notifications.push_service import PushService
from tests.integration.notifications.support import MESSAGE, add_user, drain, history, new_delivery
from tests.integration.web.support import Ledger, ManualClock

CONTACT = "mailto:alerts@example.com"


@pytest.fixture
def channel(tmp_path: Path) -> PushChannel:
    return PushChannel(PushSettings(tmp_path / "vapid.pem", CONTACT, loopback=True))


def test_a_browser_reads_what_we_signed_and_nobody_else_can(channel: PushChannel) -> None:
    service = PushService(channel.public_key)
    with service.serving() as url:
        message = dataclasses.replace(MESSAGE, urgent=True)
        assert channel.send(service.subscription(url), message) == "201 Created"
        [received] = service.received
        assert received.content["title"] == MESSAGE.subject
        assert received.content["body"] == MESSAGE.short
        assert received.content["urgent"] is True
        assert received.claims["sub"] == CONTACT
        assert received.claims["aud"] == url
        assert time.time() < received.claims["exp"] <= time.time() + 24 * 3_600
    assert received.headers["urgency"] == "high"
    assert int(received.headers["ttl"]) > 0
    assert received.headers["topic"] == received.content["tag"]


def test_every_attempt_carries_the_same_topic_so_that_a_browser_shows_one(
    channel: PushChannel,
) -> None:
    service = PushService(channel.public_key)
    with service.serving() as url:
        for key in ("one", "one", "another"):
            channel.send(service.subscription(url), dataclasses.replace(MESSAGE, key=key))
    first, again, other = (received.headers["topic"] for received in service.received)
    assert first == again != other


def test_the_key_is_kept_between_starts(channel: PushChannel, tmp_path: Path) -> None:
    again = PushChannel(PushSettings(tmp_path / "vapid.pem", CONTACT))
    assert again.public_key == channel.public_key
    assert len(channel.public_key) == 87


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, TargetGone),
        (410, TargetGone),
        (413, DeliveryRefused),
        (403, ChannelDown),
        (429, ChannelDown),
        (503, DeliveryDelayed),
    ],
)
def test_each_answer_of_a_push_service_has_its_meaning(
    channel: PushChannel, status: int, error: type[Exception]
) -> None:
    service = PushService(channel.public_key)
    service.answers.append(status)
    with service.serving() as url, pytest.raises(error, match=str(status)) as raised:
        channel.send(service.subscription(url), MESSAGE)
    assert type(raised.value) is error


def test_a_push_service_that_is_not_there_is_asked_again_later(channel: PushChannel) -> None:
    service = PushService(channel.public_key)
    with pytest.raises(ChannelDown, match="did not answer"):
        channel.send(service.subscription(f"http://127.0.0.1:{free_port()}"), MESSAGE)


def test_a_browser_that_is_gone_is_forgotten(
    channel: PushChannel, database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    service = PushService(channel.public_key)
    service.answers.append(410)
    with service.serving() as url:
        user = add_user(
            *(database, "reader@example.com", "trade_opened"),
            channel="push",
            address=service.subscription(url),
        )
        delivery = new_delivery(database, clock, [channel])
        delivery.collect()
        ledger.open(1)
        drain(delivery)
    [message] = history(database, user)
    assert message.status == "failed"
    assert "no longer listens" in str(message.error)
    assert NotificationTargets(database).of_user(user) == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.8/x",
        "https://localhost/x",
        "https://router.local/x",
        "file:///etc/passwd",
    ],
)
def test_a_subscription_cannot_name_a_neighbour(tmp_path: Path, endpoint: str) -> None:
    channel = PushChannel(PushSettings(tmp_path / "vapid.pem", CONTACT))
    subscription = {"endpoint": endpoint, "keys": {"p256dh": "x", "auth": "y"}}
    with pytest.raises(InvalidInput, match="https"):
        channel.check(json.dumps(subscription))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"endpoint": "https://a.example"}'])
def test_what_no_browser_made_is_refused(channel: PushChannel, text: str) -> None:
    with pytest.raises(InvalidInput, match="not a push subscription"):
        channel.check(text)
