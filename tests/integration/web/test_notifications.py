"""/api/notifications: choices and history of one's own, and the provider's real answer."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.notifications.channels import Channel
from services.notifications.mail import EmailChannel, MailSettings
from services.notifications.sms import SmsChannel, TwilioSettings
from src.database import Database
from src.web import Web
from src.web.notification_schemas import NotificationPreferences, Notifications
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.notifications.support import drain, mail_channel, new_delivery
from tests.integration.web.support import Ledger, ManualClock, new_web
from tests.integration.web.test_access import error_of
from tests.product import free_port

PREFERENCES = "/api/notifications/preferences"
TEST = "/api/notifications/test"
OPENED = {"event": "trade_opened", "channel": "email"}
CLOSED_BY_SMS = {"event": "trade_closed", "channel": "sms"}
PHONE = "+4915112345678"
NOT_SET_UP: tuple[Channel, ...] = (
    EmailChannel(MailSettings(None, 587, None, None, None)),
    SmsChannel(TwilioSettings(None, None, None)),
)


@pytest.fixture
def web(database: Database, clock: ManualClock, tmp_path: Path) -> Web:
    return new_web(database, clock, tmp_path, channels=NOT_SET_UP)


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
    assert answer["enabled"] == []
    assert answer["events"] == ["signal_armed", "trade_opened", "trade_closed"]
    mail, sms = answer["channels"]
    assert mail == {
        "name": "email",
        "configured": False,
        "missing": "Not set up: set SMTP_SERVER, FROM_EMAIL in .env and restart.",
        "address": "trader@example.com",
    }
    assert "TWILIO_ACCOUNT_SID" in sms["missing"]
    assert sms["address"] is None


def test_a_choice_replaces_the_one_before(client: FlaskClient, bearer: dict[str, str]) -> None:
    first = choose(client, bearer, enabled=[OPENED, CLOSED_BY_SMS], phone=PHONE)
    assert first.status_code == 200
    assert first.get_json()["enabled"] == [CLOSED_BY_SMS, OPENED]
    assert first.get_json()["channels"][1]["address"] == PHONE
    second = choose(client, bearer, enabled=[OPENED])
    assert second.get_json() == client.get(PREFERENCES, headers=bearer).get_json()
    assert second.get_json()["enabled"] == [OPENED]
    assert second.get_json()["channels"][1]["address"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"enabled": [CLOSED_BY_SMS]}, "phone"),
        ({"enabled": [], "phone": "0151 12345678"}, "phone"),
        ({"enabled": [], "phone": "+4915112345678\n"}, "phone"),
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
    choose(client, first, enabled=[OPENED], phone=PHONE)
    assert client.get(PREFERENCES, headers=second).get_json()["enabled"] == []
    assert PHONE not in client.get(PREFERENCES, headers=second).text
    choose(client, second, enabled=[])
    assert client.get(PREFERENCES, headers=first).get_json()["enabled"] == [OPENED]
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        delivery = new_delivery(database, clock, [mail_channel(port)])
        delivery.collect()
        ledger.open(1)
        drain(delivery)
    assert [mail["To"] for mail in mailbox.mails] == ["first@example.com"]
    answer = client.get("/api/notifications", headers=first).get_json()
    Notifications.model_validate(answer, by_alias=True)
    [message] = answer["notifications"]
    assert (message["event"], message["status"], message["attempts"]) == ("trade_opened", "sent", 1)
    assert client.get("/api/notifications", headers=second).get_json() == {"notifications": []}


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_test_over_a_channel_that_is_not_set_up_says_what_to_set(
    client: FlaskClient, bearer: dict[str, str], channel: str
) -> None:
    response = client.post(TEST, json={"channel": channel}, headers=bearer)
    assert response.status_code == 409
    assert "in .env" in error_of(response)["message"]


def test_a_test_message_arrives_and_the_answer_is_the_servers(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        web = new_web(database, clock, tmp_path, channels=(mail_channel(port),))
        bearer, client = bearer_of(web, "reader@example.com"), web.app.test_client()
        answer = client.post(TEST, json={"channel": "email"}, headers=bearer)
        assert answer.get_json() == {"sent": True, "answer": "250 OK: message 1"}
        mailbox.refused["reader@example.com"] = "550 5.1.1 No such user here"
        answer = client.post(TEST, json={"channel": "email"}, headers=bearer)
        assert answer.get_json() == {"sent": False, "answer": "550 5.1.1 No such user here"}
    assert mailbox.mails[0]["To"] == "reader@example.com"
    assert mailbox.mails[0]["Subject"] == "[SIMULATED] Test: notifications reach you"


def test_tests_in_a_row_are_slowed_down(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    web = new_web(database, clock, tmp_path, channels=(mail_channel(free_port()),))
    bearer, client = bearer_of(web, "reader@example.com"), web.app.test_client()
    answers = [client.post(TEST, json={"channel": "email"}, headers=bearer) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_text_message_needs_a_number_first(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    sms = SmsChannel(TwilioSettings("AC1", "token", "+15005550006"))
    web = new_web(database, clock, tmp_path, channels=(sms,))
    bearer, client = bearer_of(web, "reader@example.com"), web.app.test_client()
    response = client.post(TEST, json={"channel": "sms"}, headers=bearer)
    assert response.status_code == 409
    assert error_of(response)["message"] == "Save a phone number first."
