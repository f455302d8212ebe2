"""/api/notifications/targets: an address is proven, tried and taken away, by its owner alone."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bench.ports import free_port
from services.notifications.push import PushChannel, PushSettings
from services.notifications.recipients import CODE_MINUTES, CODE_TRIES
from services.notifications.sms import SmsChannel, TwilioSettings
from src.database import Database
from src.web import Web
from src.web.notification_schemas import AddedNotificationTarget
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.notifications.support import add_target, mail_channel
from tests.integration.web.support import ManualClock
from tests.integration.web.test_access import error_of
from tests.integration.web.test_notifications import (
    NOT_SET_UP,
    NOTIFICATIONS,
    PREFERENCES,
    READER,
    TARGETS,
    bearer_of,
    user_id_of,
    web_with,
)


@pytest.fixture
def web(database: Database, clock: ManualClock, tmp_path: Path) -> Web:
    return web_with(database, clock, tmp_path, *NOT_SET_UP)


@pytest.mark.parametrize(("channel", "address"), [("email", READER), ("sms", "+4915112345678")])
def test_an_address_for_a_channel_that_is_not_set_up_is_told_what_to_set(
    client: FlaskClient, bearer: dict[str, str], channel: str, address: str
) -> None:
    response = client.post(TARGETS, json={"channel": channel, "address": address}, headers=bearer)
    assert response.status_code == 409
    assert "in .env" in error_of(response)["message"]


def code_in(mailbox: Mailbox) -> str:
    found = re.search(r"\d{6}", str(mailbox.mails[-1]["Subject"]))
    assert found is not None
    return found.group()


def test_an_address_is_proven_by_the_code_that_arrives_there(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        web = web_with(database, clock, tmp_path, mail_channel(port))
        bearer, client = bearer_of(web, READER), web.app.test_client()
        added = client.post(TARGETS, json={"channel": "email", "address": READER}, headers=bearer)
        assert added.status_code == 201
        AddedNotificationTarget.model_validate(added.get_json(), by_alias=True)
        target = added.get_json()["target"]
        assert added.get_json()["code"] == {"sent": True, "answer": "250 OK: message 1"}
        assert (target["label"], target["verified"]) == ("r…@example.com", False)
        place = f"{TARGETS}/{target['id']}"
        early = client.post(f"{place}/test", headers=bearer)
        assert early.status_code == 409
        code = code_in(mailbox)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        refused = client.post(f"{place}/verify", json={"code": wrong}, headers=bearer)
        assert refused.status_code == 422
        proven = client.post(f"{place}/verify", json={"code": code}, headers=bearer)
        assert proven.get_json()["verified"] is True
        tested = client.post(f"{place}/test", headers=bearer)
        assert tested.get_json() == {"sent": True, "answer": "250 OK: message 2"}
        mailbox.refused[READER] = "550 5.1.1 No such user here"
        tested = client.post(f"{place}/test", headers=bearer)
        assert tested.get_json() == {"sent": False, "answer": "550 5.1.1 No such user here"}
        assert client.delete(place, headers=bearer).status_code == 204
        assert client.get(PREFERENCES, headers=bearer).get_json()["targets"] == []
    assert mailbox.mails[1]["Subject"] == "[SIMULATED] Test: notifications reach you"


@pytest.mark.parametrize("how", ["guessed", "too late"])
def test_a_code_does_not_last(
    database: Database, clock: ManualClock, tmp_path: Path, how: str
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        web = web_with(database, clock, tmp_path, mail_channel(port))
        bearer, client = bearer_of(web, READER), web.app.test_client()
        body = {"channel": "email", "address": READER}
        target = client.post(TARGETS, json=body, headers=bearer).get_json()["target"]["id"]
        code = code_in(mailbox)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        if how == "guessed":
            for _ in range(CODE_TRIES):
                client.post(f"{TARGETS}/{target}/verify", json={"code": wrong}, headers=bearer)
        else:
            clock.advance(CODE_MINUTES * 60_000)
        late = client.post(f"{TARGETS}/{target}/verify", json={"code": code}, headers=bearer)
        assert late.status_code == 422
        assert "no longer good" in error_of(late)["message"]
        client.post(TARGETS, json=body, headers=bearer)
        again = {"code": code_in(mailbox)}
        answer = client.post(f"{TARGETS}/{target}/verify", json=again, headers=bearer)
        assert answer.get_json()["verified"] is True


def test_codes_and_tests_in_a_row_are_slowed_down(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    web = web_with(database, clock, tmp_path, mail_channel(free_port()))
    bearer, client = bearer_of(web, READER), web.app.test_client()
    target = add_target(database, user_id_of(client, bearer), "email", READER)
    tests = [client.post(f"{TARGETS}/{target}/test", headers=bearer) for _ in range(6)]
    assert [answer.status_code for answer in tests] == [200] * 5 + [429]
    assert int(tests[-1].headers["Retry-After"]) >= 1
    body = {"channel": "email", "address": READER}
    codes = [client.post(TARGETS, json=body, headers=bearer) for _ in range(6)]
    assert [answer.status_code for answer in codes] == [201] * 5 + [429]


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("email", "reader"),
        ("email", "reader@example.com\r\nBcc: thief@example.com"),
        ("sms", "0151 12345678"),
        ("sms", "+49151"),
        ("push", "{}"),
    ],
)
def test_what_cannot_be_an_address_is_refused_naming_the_field(
    database: Database, clock: ManualClock, tmp_path: Path, channel: str, address: str
) -> None:
    push = PushChannel(PushSettings(tmp_path / "vapid.pem", "mailto:a@example.com"))
    sms = SmsChannel(TwilioSettings("AC1", "token", "+15005550006"))
    web = web_with(database, clock, tmp_path, mail_channel(free_port()), sms, push)
    bearer, client = bearer_of(web, READER), web.app.test_client()
    response = client.post(TARGETS, json={"channel": channel, "address": address}, headers=bearer)
    assert response.status_code == 422
    assert "address" in error_of(response)["details"]["fields"]


def test_a_browser_needs_no_code(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    push = PushChannel(PushSettings(tmp_path / "vapid.pem", "mailto:a@example.com"))
    web = web_with(database, clock, tmp_path, push)
    bearer, client = bearer_of(web, READER), web.app.test_client()
    key = client.get(f"{NOTIFICATIONS}/push-key", headers=bearer).get_json()
    assert key == {"publicKey": "the public key"}
    subscription = (
        '{"endpoint": "https://push.example.com/x", "keys": {"p256dh": "p", "auth": "a"}}'
    )
    body = {"channel": "push", "address": subscription}
    first = client.post(TARGETS, json=body, headers=bearer).get_json()
    again = client.post(TARGETS, json=body, headers=bearer).get_json()
    assert first == again
    assert first["code"] is None
    assert (first["target"]["label"], first["target"]["verified"]) == ("push.example.com", True)


def test_no_address_is_readable_in_the_database(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    sms = SmsChannel(TwilioSettings("AC1", "token", "+15005550006"), "http://127.0.0.1:1")
    web = web_with(database, clock, tmp_path, sms)
    bearer, client = bearer_of(web, READER), web.app.test_client()
    body = {"channel": "sms", "address": "+4915112345678"}
    answer = client.post(TARGETS, json=body, headers=bearer)
    assert answer.status_code == 201
    assert "4915112345678" not in answer.text
    database.dispose()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("trading.db*"))
    assert b"+49" in stored
    assert b"15112345678" not in stored
