"""Every failing answer has one shape: `{"error": {"code", "message", "details"?}}`.

Handlers live on the app; routes raise. What the client must not see (stacks, inputs) is logged
under an id the client is given.
"""

import logging
import secrets
from collections.abc import Mapping

from flask import Flask, Response, jsonify
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from services.errors import TooManyAttempts
from src.database import StorageUnavailable
from src.domain.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    TradingSystemError,
    Unauthenticated,
    Unavailable,
)

log = logging.getLogger("api")

_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}
_MESSAGES = {
    400: "The request could not be understood.",
    404: "There is nothing at this address.",
    405: "This address does not answer to this method.",
    413: "The request is too large.",
    415: "Send the request as application/json.",
}


def error_body(
    status: int, message: str, details: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The body of a failing answer. `details`, when present, is for programs."""
    error: dict[str, object] = {"code": _CODES.get(status, "error"), "message": message}
    if details:
        error["details"] = dict(details)
    return {"error": error}


def error_response(
    status: int, message: str, details: Mapping[str, object] | None = None
) -> Response:
    """A failing answer."""
    response = jsonify(error_body(status, message, details))
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def invalid_fields(error: ValidationError) -> Response:
    """422 naming every field that is wrong; never what was sent, which may be a password."""
    fields: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in problem["loc"]) or "body"
        fields.setdefault(name, problem["msg"])
    message = "; ".join(f"{name}: {text}" for name, text in fields.items())
    return error_response(422, message, {"fields": fields})


def register_error_handlers(app: Flask) -> None:
    """Put one handler per kind of error on the app."""
    app.register_error_handler(InvalidInput, _invalid_input)
    app.register_error_handler(Unauthenticated, lambda error: error_response(401, str(error)))
    app.register_error_handler(NotFound, lambda error: error_response(404, str(error)))
    app.register_error_handler(Conflict, lambda error: error_response(409, str(error)))
    app.register_error_handler(TooManyAttempts, _too_many_attempts)
    app.register_error_handler(Unavailable, lambda error: error_response(503, str(error)))
    app.register_error_handler(StorageUnavailable, _database_unavailable)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected_error)


def _invalid_input(error: InvalidInput) -> Response:
    details = {"fields": {error.field: str(error)}} if error.field else None
    return error_response(422, str(error), details)


def _too_many_attempts(error: TooManyAttempts) -> Response:
    response = error_response(429, str(error), {"retryAfter": error.retry_after})
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _database_unavailable(error: StorageUnavailable) -> Response:
    error_id = _log_with_id("the database did not answer", error)
    response = error_response(
        503, "The database is busy; try again in a moment.", {"errorId": error_id}
    )
    response.headers["Retry-After"] = "1"
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    ours = error.description if error.description != type(error).description else None
    response = error_response(status, ours or _MESSAGES.get(status, error.name))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _unexpected_error(error: Exception) -> Response:
    error_id = _log_with_id("a request failed", error)
    kind = "a rule of the system" if isinstance(error, TradingSystemError) else "an internal error"
    return error_response(
        500, f"The request failed on {kind}; the log tells more.", {"errorId": error_id}
    )


def _log_with_id(what: str, error: Exception) -> str:
    error_id = secrets.token_hex(6)
    log.error("%s [%s]", what, error_id, exc_info=error)
    return error_id
