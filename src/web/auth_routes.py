"""/api/auth: registering, signing in, who am I, signing out."""

from collections.abc import Callable

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from services.auth import Authentication, Grant, Identity
from src.web.documentation import BEARER, failures
from src.web.guard import client_address, current_identity, public
from src.web.schemas import Credentials, CurrentUser, SignedIn, User

SignedInHook = Callable[[Identity, str, str], None]
"""Takes whose sign-in it was, the browser's name for itself and the address it came from."""


def auth_blueprint(authentication: Authentication, signed_in: SignedInHook) -> APIBlueprint:
    """The routes of accounts and sessions."""
    blueprint = APIBlueprint("auth", __name__, url_prefix="/api/auth", abp_tags=[Tag(name="auth")])

    @blueprint.post(
        "/register", responses={201: SignedIn, **failures(400, 409, 413, 415, 422, 429)}
    )
    @public
    def register(body: Credentials) -> tuple[dict[str, object], int]:
        """Register a new user and sign in"""
        grant = authentication.register(body.email, body.password, client_address())
        signed_in(grant.identity, request.user_agent.string, client_address())
        return _signed_in(grant), 201

    @blueprint.post("/login", responses={200: SignedIn, **failures(400, 401, 413, 415, 422, 429)})
    @public
    def login(body: Credentials) -> dict[str, object]:
        """Sign in and get an access token"""
        grant = authentication.login(body.email, body.password, client_address())
        signed_in(grant.identity, request.user_agent.string, client_address())
        return _signed_in(grant)

    @blueprint.get("/me", security=BEARER, responses={200: CurrentUser, **failures(401)})
    def me() -> dict[str, object]:
        """Get the current user"""
        return CurrentUser(user=_user(current_identity())).model_dump()

    @blueprint.post("/logout", security=BEARER, responses={204: None, **failures(401)})
    def logout() -> Response:
        """Sign out: the token is worth nothing from now on"""
        authentication.logout(current_identity())
        return Response(status=204)

    return blueprint


def _signed_in(grant: Grant) -> dict[str, object]:
    return SignedIn(token=grant.token, user=_user(grant.identity)).model_dump()


def _user(identity: Identity) -> User:
    return User(id=identity.user_id, email=identity.email)
