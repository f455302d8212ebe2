"""/api/notifications: choices, addresses and history of one's own, and the provider's answer."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.notifications.channels import Channel
from services.notifications.mail import EmailChannel, MailSettings
from services.notifications.occasions import Occasion
from services.notifications.sms import SmsChannel, TwilioSettings
from src.database import Database
from src.web import Web
from src.web.dependencies import NotificationGear
from src.web.notification_schemas import (
    NotificationPreferences,
    Notifications,
)
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.notifications.support import (
    BOX,
    add_target,
    drain,
    mail_channel,
    new_delivery,
)
from tests.integration.web.support import Ledger, ManualClock, new_web
from tests.integration.web.test_access import error_of

NOTIFICATIONS = "/api/notifications"
PREFERENCES = f"{NOTIFICATIONS}/preferences"
TARGETS = f"{NOTIFICATIONS}/targets"
OPENED = {"event": "trade_opened", "channel": "email"}
CLOSED_BY_SMS = {"event": "trade_closed", "channel": "sms"}
READER = "reader@example.com"
NOT_SET_UP: tuple[Channel, ...] = (
    EmailChannel(MailSettings(None, 587, None, None, None)),
    SmsChannel(TwilioSettings(None, None, None)),
)


def web_with(database: Database, clock: ManualClock, folder: Path, *channels: Channel) -> Web:
    gear = NotificationGear(channels, BOX, "the public key", "https://trading.example.com")
    return new_web(database, clock, folder, notifications=gear)


@pytest.fixture
def web(database: Database, clock: ManualClock, tmp_path: Path) -> Web:
    return web_with(database, clock, tmp_path, *NOT_SET_UP)


def user_id_of(client: FlaskClient, bearer: dict[str, str]) -> int:
    return int(client.get("/api/auth/me", headers=bearer).get_json()["user"]["id"])


def bearer_of(web: Web, email: str) -> dict[str, str]:
    token = web.authentication.register(email, "correct horse", "192.0.2.1").token
    return {"Authorization": f"Bearer {token}"}


def choose(client: FlaskClient, bearer: dict[str, str], **body: Any) -> Any:
    return client.put(PREFERENCES, json=body, headers=bearer)


def test_nothing_is_on_at_first_and_each_channel_says_what_it_needs(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    answer = client.get(PREFERENCES, headers=bearer).get_json()
    NotificationPreferences.model_validate(answer, by_alias=True)
    assert answer["enabled"] == answer["targets"] == []
    assert [event["name"] for event in answer["events"]] == [each.value for each in Occasion]
    mail, sms = answer["channels"]
    assert mail == {
        "name": "email",
        "configured": False,
        "missing": "Not set up: set SMTP_SERVER, FROM_EMAIL in .env and restart.",
    }
    assert "TWILIO_ACCOUNT_SID" in sms["missing"]
    assert answer["profile"]["timeZone"] == "UTC"


def test_a_choice_replaces_the_one_before(client: FlaskClient, bearer: dict[str, str]) -> None:
    first = choose(client, bearer, enabled=[OPENED, CLOSED_BY_SMS])
    assert first.status_code == 200
    assert first.get_json()["enabled"] == [CLOSED_BY_SMS, OPENED]
    second = choose(client, bearer, enabled=[OPENED])
    assert second.get_json() == client.get(PREFERENCES, headers=bearer).get_json()
    assert second.get_json()["enabled"] == [OPENED]


def test_terms_are_kept_until_others_are_given(client: FlaskClient, bearer: dict[str, str]) -> None:
    terms = {
        "timeZone": "Europe/Berlin",
        "quietFrom": 1_320,
        "quietTo": 420,
        "minimumSeverity": "warning",
        "digest": "hourly",
        "summaryHour": 21,
        "hideAmounts": True,
    }
    assert choose(client, bearer, enabled=[], profile=terms).get_json()["profile"] == terms
    assert choose(client, bearer, enabled=[OPENED]).get_json()["profile"] == terms


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"enabled": [], "profile": {"timeZone": "Mars/Olympus"}}, "profile.timeZone"),
        ({"enabled": [], "profile": {"timeZone": "../../etc/passwd"}}, "profile.timeZone"),
        ({"enabled": [], "profile": {"quietFrom": 60}}, "profile.quietTo"),
        ({"enabled": [], "profile": {"quietFrom": 1_440, "quietTo": 1}}, "profile.quietFrom"),
        ({"enabled": [{"event": "lunch", "channel": "email"}]}, "enabled.0.event"),
        ({"enabled": [{"event": "trade_opened", "channel": "pigeon"}]}, "enabled.0.channel"),
        ({"enabled": [], "user_id": 2}, "user_id"),
        ({}, "enabled"),
    ],
)
def test_a_wrong_choice_names_the_field(
    client: FlaskClient, bearer: dict[str, str], body: dict[str, Any], field: str
) -> None:
    response = choose(client, bearer, **body)
    assert response.status_code == 422
    assert field in error_of(response)["details"]["fields"]


def test_two_people_see_and_change_only_their_own(
    web: Web, client: FlaskClient, database: Database, clock: ManualClock, ledger: Ledger
) -> None:
    first, second = bearer_of(web, "first@example.com"), bearer_of(web, "second@example.com")
    target = add_target(database, user_id_of(client, first), "email", "first@example.com")
    choose(client, first, enabled=[OPENED])
    seen = client.get(PREFERENCES, headers=second).get_json()
    assert seen["enabled"] == seen["targets"] == []
    for path in ("verify", "test"):
        body = {"code": "123456"} if path == "verify" else None
        answer = client.post(f"{TARGETS}/{target}/{path}", json=body, headers=second)
        assert answer.status_code == 404
    assert client.delete(f"{TARGETS}/{target}", headers=second).status_code == 404
    choose(client, second, enabled=[])
    assert client.get(PREFERENCES, headers=first).get_json()["enabled"] == [OPENED]
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.open(1)
        drain(delivery)
    assert [mail["To"] for mail in mailbox.mails] == ["first@example.com"]
    answer = client.get(NOTIFICATIONS, headers=first).get_json()
    Notifications.model_validate(answer, by_alias=True)
    [message] = answer["notifications"]
    assert (message["event"], message["status"], message["attempts"]) == ("trade_opened", "sent", 1)
    assert client.get(NOTIFICATIONS, headers=second).get_json() == {"notifications": []}


class TestUnsubscribing:
    """The link at the end of a mail works for somebody who is not signed in."""

    @pytest.fixture
    def link(self, client: FlaskClient, web: Web, database: Database, clock: ManualClock) -> str:
        from services.notifications.unsubscribing import Unsubscribing
        from src.database import NotificationPreferences as Preferences
        from tests.integration.web.support import KEY

        unsubscribing = Unsubscribing(Preferences(database), KEY, "https://t.example.com", clock)
        link = unsubscribing.link(user_id_of(client, bearer_of(web, READER)), "email")
        assert link is not None
        assert link.startswith("https://t.example.com/unsubscribe?token=")
        return link.removeprefix("https://t.example.com")

    def test_a_link_asks_first_and_acts_on_the_button(
        self, link: str, web: Web, client: FlaskClient
    ) -> None:
        token = web.authentication.login(READER, "correct horse", "192.0.2.1").token
        bearer = {"Authorization": f"Bearer {token}"}
        choose(client, bearer, enabled=[OPENED, CLOSED_BY_SMS])
        page = client.get(link)
        assert page.status_code == 200
        assert "Stop email notifications" in page.text
        assert len(client.get(PREFERENCES, headers=bearer).get_json()["enabled"]) == 2
        done = client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "no email notifications" in done.text) == (200, True)
        assert client.get(PREFERENCES, headers=bearer).get_json()["enabled"] == [CLOSED_BY_SMS]

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_link_that_was_changed_does_nothing(
        self, link: str, client: FlaskClient, method: str
    ) -> None:
        for broken in (link[:-1], link.replace("token=", "token=x"), "/unsubscribe"):
            answer = getattr(client, method)(broken)
            assert answer.status_code == 400
            assert "not complete or not ours" in answer.text
