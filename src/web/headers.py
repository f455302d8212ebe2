"""Security headers on every answer, whoever made it."""

import re

from flask import Flask, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'{sockets}; worker-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Charts set style attributes; nothing else inline runs or paints."""

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def security_headers(host: str, secure: bool, path: str) -> dict[str, str]:
    """The headers for an answer from `host` (may hold a port) to a request for `path`.

    Not every browser takes 'self' to cover WebSockets, so the host is named for them.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    headers = {
        "Content-Security-Policy": _POLICY.format(sockets=sockets),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if path.startswith(("/api/", "/socket.io")):
        headers["Cache-Control"] = "no-store"
    return headers


def apply_security_headers(headers: Headers, host: str, secure: bool, path: str) -> None:
    """Set them on an answer's headers; what nobody marked for keeping is asked for again."""
    headers.update(security_headers(host, secure, path))
    headers.setdefault("Cache-Control", "no-cache")


def register_security_headers(app: Flask) -> None:
    """Set them on every answer Flask gives, errors included."""

    def add(response: Response) -> Response:
        apply_security_headers(response.headers, request.host, request.is_secure, request.path)
        return response

    app.after_request(add)
