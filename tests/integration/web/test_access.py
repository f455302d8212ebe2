"""Who may come in: deny by default, forged tokens, throttling, and nothing that tells accounts."""

import re
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from services.auth import SESSION_MS
from services.tokens import AUDIENCE, ISSUER
from src.web import Web
from src.web.guard import is_public
from tests.integration.web.support import CREDENTIALS, KEY, NOON, ManualClock

OPEN_TO_EVERYONE = {"/api/auth/register", "/api/auth/login", "/api/health"}
ME = "/api/auth/me"


def error_of(response: TestResponse) -> dict[str, Any]:
    body = response.get_json()
    assert set(body) == {"error"}
    assert {"code", "message"} <= set(body["error"]) <= {"code", "message", "details"}
    error: dict[str, Any] = body["error"]
    return error


def api_rules(web: Web) -> list[Rule]:
    return [rule for rule in web.app.url_map.iter_rules() if rule.rule.startswith("/api/")]


def login(client: FlaskClient, password: str, email: str = CREDENTIALS["email"]) -> TestResponse:
    return client.post("/api/auth/login", json={"email": email, "password": password})


def test_exactly_these_routes_are_open_to_everyone(web: Web) -> None:
    """A new route that forgets to say so is closed; one that says so must be named here."""
    public = {
        rule.rule for rule in api_rules(web) if is_public(web.app.view_functions[rule.endpoint])
    }
    assert public == OPEN_TO_EVERYONE


def test_every_other_api_route_refuses_a_request_without_a_token(
    web: Web, client: FlaskClient
) -> None:
    closed = [rule for rule in api_rules(web) if rule.rule not in OPEN_TO_EVERYONE]
    assert len(closed) >= 8
    for rule in closed:
        for method in (rule.methods or set()) - {"OPTIONS"}:
            response = client.open(re.sub(r"<[^>]+>", "1", rule.rule), method=method)
            assert response.status_code == 401, rule.rule
            assert response.headers["WWW-Authenticate"] == "Bearer"
            if method != "HEAD":
                assert error_of(response)["code"] == "unauthenticated"


def test_a_token_opens_them(client: FlaskClient, bearer: dict[str, str]) -> None:
    answer = client.get(ME, headers=bearer)
    assert answer.get_json() == {"user": {"id": 1, "email": "trader@example.com"}}


def test_registering_and_signing_in_answer_with_a_token_and_the_user(client: FlaskClient) -> None:
    registered = client.post("/api/auth/register", json=CREDENTIALS)
    assert registered.status_code == 201
    assert set(registered.get_json()) == {"token", "user"}
    assert registered.get_json()["user"] == {"id": 1, "email": "trader@example.com"}
    signed_in = login(client, CREDENTIALS["password"])
    assert signed_in.status_code == 200
    assert signed_in.get_json()["user"] == registered.get_json()["user"]


def claims(web: Web, token: str) -> dict[str, Any]:
    decoded: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return decoded


FORGERIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "no algorithm": lambda known: jwt.encode(known, "", algorithm="none"),
    "another algorithm": lambda known: jwt.encode(known, KEY + KEY, algorithm="HS512"),
    "another key": lambda known: jwt.encode(known, KEY[::-1], algorithm="HS256"),
    "no expiry": lambda known: _sign({k: v for k, v in known.items() if k != "exp"}),
    "expired": lambda known: _sign({**known, "exp": NOON // 1000}),
    "another audience": lambda known: _sign({**known, "aud": AUDIENCE + "x"}),
    "another issuer": lambda known: _sign({**known, "iss": ISSUER + "x"}),
    "another type": lambda known: _sign({**known, "typ": "refresh"}),
    "another user": lambda known: _sign({**known, "sub": "2"}),
    "a session that never was": lambda known: _sign({**known, "jti": "made-up"}),
}


def _sign(payload: dict[str, Any]) -> str:
    return jwt.encode(payload, KEY, algorithm="HS256")


@pytest.mark.parametrize("defect", FORGERIES)
def test_a_forged_token_opens_nothing(
    web: Web, client: FlaskClient, token: str, defect: str
) -> None:
    known = claims(web, token)
    genuine = client.get(ME, headers={"Authorization": f"Bearer {_sign(known)}"})
    assert genuine.status_code == 200
    forged = FORGERIES[defect](known)
    response = client.get(ME, headers={"Authorization": f"Bearer {forged}"})
    assert response.status_code == 401
    assert error_of(response)["code"] == "unauthenticated"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "Bearer a b", "é"])
def test_a_malformed_authorization_header_is_no_token(client: FlaskClient, header: str) -> None:
    response = client.get(ME, headers={"Authorization": header})
    assert response.status_code == 401


def test_signing_out_makes_the_token_worthless(client: FlaskClient, bearer: dict[str, str]) -> None:
    assert client.post("/api/auth/logout", headers=bearer).status_code == 204
    assert client.get(ME, headers=bearer).status_code == 401
    assert client.post("/api/auth/logout", headers=bearer).status_code == 401


def test_a_token_ends_with_its_session(
    client: FlaskClient, bearer: dict[str, str], clock: ManualClock
) -> None:
    clock.advance(SESSION_MS)
    assert client.get(ME, headers=bearer).status_code == 401


def test_wrong_password_and_unknown_user_get_the_same_answer(
    client: FlaskClient, token: str
) -> None:
    wrong = login(client, "not this one")
    unknown = login(client, "not this one", "nobody@example.com")
    assert (wrong.status_code, wrong.data) == (401, unknown.data)
    assert unknown.status_code == 401
    assert {name for name, _ in wrong.headers} == {name for name, _ in unknown.headers}


def test_the_sixth_wrong_password_has_to_wait(
    client: FlaskClient, token: str, clock: ManualClock
) -> None:
    for _ in range(5):
        assert login(client, "not this one").status_code == 401
    refused = login(client, CREDENTIALS["password"])
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert error_of(refused)["code"] == "too_many_requests"
    assert error_of(refused)["details"] == {"retryAfter": 1}
    clock.advance(1_000)
    assert login(client, CREDENTIALS["password"]).status_code == 200


def test_registering_without_end_from_one_address_has_to_wait(client: FlaskClient) -> None:
    statuses = [
        client.post(
            "/api/auth/register",
            json={"email": f"trader{number}@example.com", "password": "correct horse"},
        ).status_code
        for number in range(21)
    ]
    assert statuses == [201] * 20 + [429]


def test_an_address_that_is_taken_is_a_conflict(client: FlaskClient, token: str) -> None:
    response = client.post("/api/auth/register", json={**CREDENTIALS, "password": "another one"})
    assert response.status_code == 409
    assert error_of(response)["code"] == "conflict"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "trader", "password": "correct horse"}, "email"),
        ({"email": "trader@example.com", "password": "short"}, "password"),
        ({"email": "trader@example.com", "password": "x" * 257}, "password"),
        ({"email": "trader@example.com"}, "password"),
        ({"password": "correct horse"}, "email"),
        ({"email": 7, "password": "correct horse"}, "email"),
        ({"email": "trader@example.com", "password": ["correct horse"]}, "password"),
        ({"email": "trader@example.com", "password": "\ud800 correct horse"}, "password"),
        ({**CREDENTIALS, "admin": True}, "admin"),
    ],
)
def test_what_is_wrong_with_a_registration_is_named(
    client: FlaskClient, body: dict[str, object], field: str
) -> None:
    response = client.post("/api/auth/register", json=body)
    assert response.status_code == 422
    assert list(error_of(response)["details"]["fields"]) == [field]
    assert field in error_of(response)["message"].lower()


def test_a_refused_password_is_not_repeated_in_the_answer(client: FlaskClient) -> None:
    response = client.post(
        "/api/auth/register", json={"email": "trader@example.com", "password": "hunter2"}
    )
    assert response.status_code == 422
    assert b"hunter2" not in response.data
