"""/api/notifications: what a user wants to be told, where, and what became of it."""

from dataclasses import asdict

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from services.notification_service import NotificationService
from services.notifications.recipients import Attempt
from src.database.notification_profiles import NotificationProfile
from src.database.notification_store import Wish
from src.web.documentation import BEARER, failures
from src.web.guard import client_address, current_identity
from src.web.notification_schemas import (
    AddedNotificationTarget,
    NewNotificationTarget,
    NotificationAttempt,
    NotificationChoice,
    NotificationCode,
    NotificationPreferences,
    Notifications,
    NotificationTarget,
    NotificationTargetPath,
    PushKey,
)
from src.web.notification_views import choices_view, message_view, target_view


def notification_blueprint(service: NotificationService, push_key: str) -> APIBlueprint:
    """The routes of notifications; each needs a token and shows its owner's rows only."""
    blueprint = APIBlueprint(
        "notifications",
        __name__,
        url_prefix="/api/notifications",
        abp_tags=[Tag(name="notifications")],
        abp_security=BEARER,
        abp_responses=failures(401),
    )

    @blueprint.get("", responses={200: Notifications})
    def notifications() -> dict[str, object]:
        """Get your newest messages and what became of them"""
        sent = service.history(current_identity())
        return {"notifications": [message_view(message) for message in sent]}

    @blueprint.get("/preferences", responses={200: NotificationPreferences})
    def preferences() -> dict[str, object]:
        """Get what you are told, where and when, and which channels work"""
        return choices_view(service.choices(current_identity()))

    @blueprint.put(
        "/preferences", responses={200: NotificationPreferences, **failures(400, 413, 415)}
    )
    def choose(body: NotificationChoice) -> dict[str, object]:
        """Choose what you are told; what is not listed is off"""
        wishes = [Wish(wish.event, wish.channel) for wish in body.enabled]
        terms = body.profile
        profile = None if terms is None else NotificationProfile(**terms.model_dump(by_alias=False))
        return choices_view(service.choose(current_identity(), wishes, profile))

    @blueprint.get("/push-key", responses={200: PushKey})
    def push() -> dict[str, object]:
        """Get the key that browsers subscribe with"""
        return {"publicKey": push_key}

    _register_targets(blueprint, service)
    return blueprint


def _register_targets(blueprint: APIBlueprint, service: NotificationService) -> None:
    recipients = service.recipients

    @blueprint.post(
        "/targets", responses={201: AddedNotificationTarget, **failures(400, 409, 413, 415, 429)}
    )
    def add(body: NewNotificationTarget) -> tuple[dict[str, object], int]:
        """Add an address; a code is sent there, except to a browser"""
        target, code = recipients.add(
            current_identity(), body.channel, body.address, client_address()
        )
        return {"target": target_view(target), "code": None if code is None else _said(code)}, 201

    @blueprint.post(
        "/targets/<int:target_id>/verify",
        responses={200: NotificationTarget, **failures(400, 404, 409, 413, 415)},
    )
    def verify(path: NotificationTargetPath, body: NotificationCode) -> dict[str, object]:
        """Enter the code that arrived at an address"""
        return target_view(recipients.verify(current_identity(), path.target_id, body.code))

    @blueprint.post(
        "/targets/<int:target_id>/test",
        responses={200: NotificationAttempt, **failures(404, 409, 429)},
    )
    def test(path: NotificationTargetPath) -> dict[str, object]:
        """Send a test message to an address and get the provider's answer"""
        return _said(recipients.test(current_identity(), path.target_id, client_address()))

    @blueprint.delete("/targets/<int:target_id>", responses={204: None, **failures(404)})
    def remove(path: NotificationTargetPath) -> Response:
        """Remove an address"""
        recipients.remove(current_identity(), path.target_id)
        return Response(status=204)


def _said(attempt: Attempt) -> dict[str, object]:
    return asdict(attempt)
