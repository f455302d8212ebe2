"""The built dashboard: one page, its hashed assets, and a clear page when it was not built."""

import html
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter

BUILD_COMMAND = "cd frontend && npm ci && npm run build"
_ASSETS = "assets/"

_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The dashboard is not built</title></head>
<body><h1>The dashboard is not built yet</h1>
<p>The API is running, but there is no dashboard at <code>{directory}</code>.</p>
<p>Build it with this command, then reload:</p><pre>{command}</pre>
<p>During development, <code>./start_dev.sh</code> serves it at http://localhost:3000.</p>
</body></html>
"""


class PageConverter(BaseConverter):
    """Any path that belongs to the dashboard: not the API, its document or the socket."""

    regex = r"(?!(?:api|openapi|socket\.io)(?:/|$)).+"
    part_isolating = False


def register_frontend(app: Flask, directory: Path) -> None:
    """Serve the build in `directory` at /; paths without a file are pages of the application."""
    app.url_map.converters["page"] = PageConverter
    blueprint = Blueprint("frontend", __name__)

    def index() -> Response:
        return _index(directory)

    def page(path: str) -> Response:
        if (directory / "index.html").is_file():
            try:
                return _file(directory, path)
            except NotFound:
                if path.startswith(_ASSETS):
                    raise
        return _index(directory)

    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/<page:path>", "page", page)
    app.register_blueprint(blueprint)


def _index(directory: Path) -> Response:
    if not (directory / "index.html").is_file():
        body = _NOT_BUILT.format(directory="frontend/dist", command=html.escape(BUILD_COMMAND))
        return Response(
            body, status=503, mimetype="text/html", headers={"Cache-Control": "no-cache"}
        )
    return _file(directory, "index.html")


def _file(directory: Path, path: str) -> Response:
    """A file of the build. Asset names hold a hash of their content, so they never change."""
    response = send_from_directory(directory, path)
    immutable = path.startswith(_ASSETS)
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if immutable else "no-cache"
    )
    return response
