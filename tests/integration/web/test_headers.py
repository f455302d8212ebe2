"""Security headers stand on every answer, failing ones included."""

import pytest
from flask.testing import FlaskClient

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws://localhost wss://localhost; worker-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EXPECTED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/health", 200),
        ("/api/auth/me", 401),
        ("/api/nothing", 404),
        ("/api/auth/login", 405),
        ("/", 503),
        ("/openapi/openapi.json", 200),
        ("/socket.io/?EIO=4&transport=polling", 400),
    ],
)
def test_every_answer_carries_them(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED
    assert "Strict-Transport-Security" not in response.headers


def test_answers_of_the_api_are_never_stored(client: FlaskClient) -> None:
    for path in ("/api/health", "/api/auth/me", "/api/nothing"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_server_error_carries_them_too(client: FlaskClient) -> None:
    def broken() -> str:
        raise RuntimeError("boom")

    client.application.add_url_rule("/broken", "broken", broken)
    response = client.get("/broken")
    assert response.status_code == 500
    assert {name: response.headers.get(name) for name in EXPECTED} == EXPECTED


def test_over_tls_the_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    response = client.get("/api/health", base_url="https://localhost")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_strange_host_header_cannot_write_into_the_policy(client: FlaskClient) -> None:
    response = client.get("/api/health", headers={"Host": "a; script-src *"})
    assert "*" not in response.headers["Content-Security-Policy"]
