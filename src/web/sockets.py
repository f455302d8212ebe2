"""Socket.IO: a token in the handshake, then the relay serves the client."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO

from services.auth import Authentication, Identity
from src.database import StorageUnavailable
from src.domain.errors import Unauthenticated
from src.web.connections import Connection, Connections
from src.web.relay import Relay
from src.web.socket_gate import CONNECTION_KEY

log = logging.getLogger("api")

MAX_MESSAGE_BYTES = 16_384
"""Clients send a token and little else."""

_MAX_EVENT_ID = 2**63 - 1


def create_socketio(app: Flask) -> SocketIO:
    """The Socket.IO server on `app`.

    The mode is pinned: left open, the library would pick any green-thread package that happens
    to be installed. Origins are judged by the gate in front, for every transport alike.
    """
    socketio = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        cors_allowed_origins=[],
        manage_session=False,
        async_handlers=False,
        max_http_buffer_size=MAX_MESSAGE_BYTES,
    )
    # The library checks the size of a message only once it has all of it in memory.
    engine: Any = socketio.server.eio
    engine._async = {
        **engine._async,
        "websocket": partial(engine._async["websocket"], max_message_size=MAX_MESSAGE_BYTES),
    }
    return socketio


def register_connect(
    socketio: SocketIO,
    authentication: Authentication,
    connections: Connections,
    relay: Relay,
    max_sockets_per_user: int,
) -> None:
    """Admit clients: a valid token, a place left for the user, a relay to serve them."""

    def connect(auth: object) -> None:
        fields: Mapping[str, object] = auth if isinstance(auth, Mapping) else {}
        identity = _identity(authentication, fields.get("token"))
        last_event_id = _last_event_id(fields.get("lastEventId"))
        if not relay.running:
            raise Refused("The server is still starting.", {"code": "unavailable"})
        if connections.of_user(identity.user_id) >= max_sockets_per_user:
            raise Refused(
                "Too many live connections of this account; close some.",
                {"code": "too_many_connections"},
            )
        connection = cast(Connection, request.environ[CONNECTION_KEY])
        connection.identity = identity
        connection.last_event_id = last_event_id
        connection.sid = cast(Any, request).sid
        relay.join(connection)

    socketio.on_event("connect", connect)


def _identity(authentication: Authentication, token: object) -> Identity:
    try:
        if not isinstance(token, str):
            raise Unauthenticated("Sign in first: live updates need a token.")
        return authentication.authenticate(token)
    except Unauthenticated as error:
        raise Refused(str(error), {"code": "unauthenticated"}) from error
    except StorageUnavailable as error:
        log.warning("a WebSocket could not sign in: %s", error)
        raise Refused("The server is busy; try again.", {"code": "unavailable"}) from error


def _last_event_id(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= _MAX_EVENT_ID:
        raise Refused("lastEventId must be a whole number.", {"code": "invalid_input"})
    return value
