"""The built dashboard is served at /, and its absence is explained."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from src.web.frontend import BUILD_COMMAND

PAGE, SCRIPT, ICON = "<html>the dashboard</html>", "console.log('chart')", "<svg/>"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    directory = tmp_path / "dist"
    (directory / "assets").mkdir(parents=True)
    (directory / "index.html").write_text(PAGE)
    (directory / "assets" / "index-Dk3x9a.js").write_text(SCRIPT)
    (directory / "favicon.svg").write_text(ICON)
    return directory


def get(client: FlaskClient, path: str) -> TestResponse:
    """GET with the body read and the file behind it closed."""
    response = client.get(path, headers=HTML)
    response.get_data()
    response.close()
    return response


@pytest.mark.parametrize("path", ["/", "/login", "/trades/12", "/apiary", "/a.b"])
def test_the_page_answers_for_itself_and_for_every_route_of_the_application(
    client: FlaskClient, build: Path, path: str
) -> None:
    response = get(client, path)
    assert (response.status_code, response.text) == (200, PAGE)
    assert response.mimetype == "text/html"
    assert response.headers["Cache-Control"] == "no-cache"


def test_hashed_assets_are_kept_for_good(client: FlaskClient, build: Path) -> None:
    response = get(client, "/assets/index-Dk3x9a.js")
    assert response.text == SCRIPT
    assert response.mimetype in {"text/javascript", "application/javascript"}
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_other_files_are_asked_for_again(client: FlaskClient, build: Path) -> None:
    response = get(client, "/favicon.svg")
    assert response.text == ICON
    assert response.headers["Cache-Control"] == "no-cache"
    with client.get("/favicon.svg", headers={"If-None-Match": response.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_an_asset_of_an_older_build_is_missing_not_a_page(client: FlaskClient, build: Path) -> None:
    """A page in place of a script would fail in the browser with a riddle."""
    response = get(client, "/assets/index-older.js")
    assert response.status_code == 404
    assert response.get_json()["error"]["code"] == "not_found"
    assert response.headers["Cache-Control"] == "no-cache"


def test_without_a_build_the_page_names_the_command(client: FlaskClient) -> None:
    for path in ("/", "/login"):
        response = get(client, path)
        assert response.status_code == 503
        assert BUILD_COMMAND.replace("&", "&amp;") in response.text


@pytest.mark.parametrize(
    "path", ["/../trading.db", "/%2e%2e/trading.db", "/assets/../../trading.db", "//etc/passwd"]
)
def test_nothing_outside_the_build_can_be_read(client: FlaskClient, build: Path, path: str) -> None:
    response = get(client, path)
    assert b"SQLite" not in response.data
    assert b"root:" not in response.data


def test_the_api_is_never_answered_with_a_page(client: FlaskClient, build: Path) -> None:
    for path in ("/api", "/api/", "/api/unknown", "/openapi/unknown", "/socket.io"):
        response = get(client, path)
        assert response.status_code == 404, path
        assert response.get_json()["error"]["code"] == "not_found"
