"""Every failing answer has one shape, and tells the client only what helps."""

import logging
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from src.database import Database
from src.web import Web
from src.web.app import MAX_BODY_BYTES
from tests.integration.web.support import CREDENTIALS
from tests.integration.web.test_access import error_of

LOGIN = "/api/auth/login"
JSON = "application/json"


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"method": "GET", "path": "/api/nothing-here"}, 404, "not_found"),
        ({"method": "POST", "path": "/api/nothing-here", "json": {}}, 404, "not_found"),
        ({"method": "GET", "path": "/api"}, 404, "not_found"),
        ({"method": "GET", "path": LOGIN}, 405, "method_not_allowed"),
        ({"method": "DELETE", "path": "/api/dashboard/stats"}, 405, "method_not_allowed"),
        ({"data": b"{", "content_type": JSON}, 400, "bad_request"),
        ({"data": b"", "content_type": JSON}, 400, "bad_request"),
        ({"data": b'{"email": NaN}', "content_type": JSON}, 400, "bad_request"),
        ({"data": b"[" * 60_000, "content_type": JSON}, 400, "bad_request"),
        ({"data": b"\xff", "content_type": JSON}, 400, "bad_request"),
        ({}, 400, "bad_request"),
        ({"data": {"email": "a"}}, 415, "unsupported_media_type"),
        ({"data": b"{}", "content_type": "text/plain"}, 415, "unsupported_media_type"),
        ({"data": b" " * (MAX_BODY_BYTES + 1), "content_type": JSON}, 413, "too_large"),
        ({"json": []}, 422, "invalid_input"),
        ({"json": "{}"}, 422, "invalid_input"),
        ({"json": {"\ud800": 1}}, 422, "invalid_input"),
    ],
)
def test_a_bad_request_is_answered_in_the_one_shape(
    client: FlaskClient, request_: dict[str, Any], status: int, code: str
) -> None:
    response = client.open(**{"method": "POST", "path": LOGIN, **request_})
    assert response.status_code == status
    assert response.mimetype == JSON
    assert error_of(response)["code"] == code


def test_a_refused_method_says_which_are_allowed(client: FlaskClient) -> None:
    assert set(client.get(LOGIN).headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=two", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
        ("page=", "page"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=all", "limit"),
        ("limit=NaN", "limit"),
        ("sort=price", "sort"),
    ],
)
def test_a_bad_page_is_named(
    client: FlaskClient, bearer: dict[str, str], query: str, field: str
) -> None:
    response = client.get(f"/api/dashboard/trades?{query}", headers=bearer)
    assert response.status_code == 422
    assert list(error_of(response)["details"]["fields"]) == [field]


@pytest.mark.parametrize("query", ["points=1", "points=2001", "days=0", "days=-3", "days=x"])
def test_a_bad_equity_window_is_named(
    client: FlaskClient, bearer: dict[str, str], query: str
) -> None:
    response = client.get(f"/api/dashboard/equity?{query}", headers=bearer)
    assert response.status_code == 422
    assert list(error_of(response)["details"]["fields"]) == [query.split("=")[0]]


def test_the_token_is_asked_for_before_the_input_is_judged(client: FlaskClient) -> None:
    assert client.get("/api/dashboard/trades?page=0").status_code == 401


def test_an_unexpected_failure_is_logged_under_the_id_the_client_gets(
    web: Web, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("the secret of the failure")

    web.app.add_url_rule("/broken", "broken", broken)
    with caplog.at_level(logging.ERROR, logger="api"):
        response = client.get("/broken")
    assert response.status_code == 500
    error = error_of(response)
    assert error["code"] == "internal_error"
    assert b"secret" not in response.data
    assert error["details"]["errorId"] in caplog.text
    assert "the secret of the failure" in caplog.text


def test_a_database_that_does_not_answer_is_unavailable_and_worth_another_try(
    client: FlaskClient, bearer: dict[str, str], database: Database
) -> None:
    with database.writing() as connection:
        connection.execute(text("DROP TABLE paper_trades"))
    response = client.get("/api/dashboard/active-trades", headers=bearer)
    assert response.status_code == 503
    assert error_of(response)["code"] == "unavailable"
    assert response.headers["Retry-After"] == "1"
    assert b"paper_trades" not in response.data


def test_passwords_and_tokens_never_reach_the_log(
    client: FlaskClient, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post(LOGIN, json={**CREDENTIALS, "password": "a canary in the mine"})
        client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}x"})
        client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert "canary" not in caplog.text
    assert token not in caplog.text


def test_a_preflight_needs_no_token_and_allows_listed_origins_only(client: FlaskClient) -> None:
    headers = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    known = client.options(
        "/api/auth/me", headers={**headers, "Origin": "https://desk.example.com"}
    )
    foreign = client.options("/api/auth/me", headers={**headers, "Origin": "https://evil.example"})
    assert known.status_code == foreign.status_code == 200
    assert known.headers["Access-Control-Allow-Origin"] == "https://desk.example.com"
    assert known.headers["Access-Control-Allow-Headers"].lower() == "authorization"
    assert "Access-Control-Allow-Credentials" not in known.headers
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_the_origin_list_is_exact(client: FlaskClient) -> None:
    for origin in (
        "https://desk.example.com.evil.example",
        "https://desk-example.com",
        "http://desk.example.com",
        "null",
    ):
        response = client.get("/api/health", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in response.headers, origin
