"""What stands in front of the WebSocket: transport, origin and capacity, before any thread is held.

Every open WebSocket keeps one of the server's threads for as long as it lives. Without a cap,
enough dashboards would leave no thread for REST.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from src.domain.ports import Clock
from src.web.connections import Connection, ConnectionLimitReached, Connections
from src.web.errors import error_body
from src.web.headers import apply_security_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("api")

SOCKET_PATH = "/socket.io/"
CONNECTION_KEY = "ict.connection"
RETRY_AFTER_SECONDS = 10


class SocketGate:
    """WSGI middleware: refuses what may not become a WebSocket, counts what does."""

    def __init__(
        self,
        application: "WSGIApplication",
        connections: Connections,
        origins: Sequence[str],
        clock: Clock,
    ) -> None:
        self._application = application
        self._connections = connections
        self._origins = frozenset(origins)
        self._clock = clock

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if not request.path.startswith(SOCKET_PATH):
            return self._application(environ, start_response)
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal(environ, start_response)
        connection = Connection(
            raw=environ.get("gunicorn.socket") or environ.get("werkzeug.socket"),
            opened_at=self._clock.now(),
        )
        environ[CONNECTION_KEY] = connection
        try:
            with self._connections.admit(connection):
                return self._serve(environ, start_response, connection)
        except ConnectionLimitReached:
            log.warning("a WebSocket was refused: this process already holds its maximum")
            refusal = _refuse(
                request, 503, "Too many live connections; this server holds its maximum."
            )
            refusal.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return refusal(environ, start_response)

    def _serve(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", connection: Connection
    ) -> Iterable[bytes]:
        """Returns when the WebSocket is over. No further request may be read from its bytes."""
        try:
            return self._application(environ, start_response)
        finally:
            connection.cut()

    def _refusal(self, request: Request) -> Response | None:
        if not self._allowed(request.headers.get("Origin"), request.host):
            return _refuse(request, 403, "Live updates are not offered to pages of this origin.")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return _refuse(
                request, 400, "Live updates use the WebSocket transport only, not polling."
            )
        return None

    def _allowed(self, origin: str | None, host: str) -> bool:
        """Programs send no origin. A page may connect to the host it came from, or by the list."""
        if origin is None or "*" in self._origins or origin in self._origins:
            return True
        return urlsplit(origin).netloc.lower() == host.lower()


def _refuse(request: Request, status: int, message: str) -> Response:
    response = Response(
        json.dumps(error_body(status, message)), status=status, mimetype="application/json"
    )
    apply_security_headers(response.headers, request.host, request.is_secure, request.path)
    return response
