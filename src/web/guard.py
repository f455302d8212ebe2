"""Deny by default: every /api route needs a valid token unless it says it is public."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from services.auth import Authentication, Identity
from src.domain.errors import InvalidInput, Unauthenticated

API_PREFIX = "/api/"
_PUBLIC = "__open_to_everyone__"

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a route as open to everyone; without this mark it needs a token."""
    setattr(view, _PUBLIC, True)
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a route is open to everyone."""
    return bool(getattr(view, _PUBLIC, False))


def current_identity() -> Identity:
    """Who makes this request. Only for routes that need a token."""
    return cast(Identity, g.identity)


def client_address() -> str:
    """The address the request came from, as login throttling counts it."""
    return request.remote_addr or "unknown"


def guard_api(app: Flask, authentication: Authentication) -> None:
    """Check the token, then the body, before any /api route runs."""

    def require_identity() -> None:
        if _needs_identity():
            g.identity = authentication.authenticate(bearer_token())

    app.before_request(require_identity)
    app.before_request(_require_json_object)


def bearer_token() -> str:
    """The token of the Authorization header. Raises Unauthenticated."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Sign in first: this address needs a bearer token.")
    return token.strip()


def _needs_identity() -> bool:
    if not request.path.startswith(API_PREFIX) or request.method == "OPTIONS":
        return False
    if request.endpoint is None:  # no such route: 404 or 405, nothing to protect
        return False
    return not is_public(current_app.view_functions[request.endpoint])


def _require_json_object() -> None:
    """A body must be a JSON object, so that field checks have fields to name."""
    if request.endpoint is None or request.method not in {"POST", "PUT", "PATCH"}:
        return
    if not request.path.startswith(API_PREFIX):
        return
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        if "body" in _annotations():
            raise BadRequest("The request needs a JSON body.")
        return
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        body = request.get_json()
    except BadRequest as error:
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise InvalidInput("The body must be a JSON object.", field="body")


def _annotations() -> dict[str, Any]:
    view = current_app.view_functions[cast(str, request.endpoint)]
    return getattr(view, "__annotations__", {})
