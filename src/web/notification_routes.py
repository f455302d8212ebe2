"""/api/notifications: what a user wants to be told, and what became of it."""

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from services.notification_service import Choices, NotificationService, occasion_names
from src.database.notification_store import PENDING, SentMessage, Wish
from src.database.times import to_iso
from src.web.documentation import BEARER, failures
from src.web.guard import client_address, current_identity
from src.web.notification_schemas import (
    NotificationChoice,
    NotificationPreferences,
    Notifications,
    NotificationTest,
    NotificationTestResult,
)


def notification_blueprint(service: NotificationService) -> APIBlueprint:
    """The routes of notifications; each needs a token and shows its owner's rows only."""
    blueprint = APIBlueprint(
        "notifications",
        __name__,
        url_prefix="/api",
        abp_tags=[Tag(name="notifications")],
        abp_security=BEARER,
        abp_responses=failures(401),
    )

    @blueprint.get("/notifications", responses={200: Notifications})
    def notifications() -> dict[str, object]:
        """Get your newest messages and what became of them"""
        sent = service.history(current_identity())
        return {"notifications": [_message_view(message) for message in sent]}

    @blueprint.get("/notifications/preferences", responses={200: NotificationPreferences})
    def preferences() -> dict[str, object]:
        """Get what you are told, and which channels work"""
        return _choices_view(service.choices(current_identity()))

    @blueprint.put(
        "/notifications/preferences",
        responses={200: NotificationPreferences, **failures(400, 413, 415)},
    )
    def choose(body: NotificationChoice) -> dict[str, object]:
        """Choose what you are told; what is not listed is off"""
        wishes = [Wish(wish.event, wish.channel) for wish in body.enabled]
        return _choices_view(service.choose(current_identity(), wishes, body.phone))

    @blueprint.post(
        "/notifications/test",
        responses={200: NotificationTestResult, **failures(400, 409, 413, 415, 429)},
    )
    def test(body: NotificationTest) -> dict[str, object]:
        """Send yourself a test message and get the provider's answer"""
        result = service.send_test(current_identity(), body.channel, client_address())
        return {"sent": result.sent, "answer": result.answer}

    return blueprint


def _choices_view(choices: Choices) -> dict[str, object]:
    return {
        "events": occasion_names(),
        "channels": [
            {
                "name": channel.name,
                "configured": channel.missing is None,
                "missing": channel.missing,
                "address": channel.address,
            }
            for channel in choices.channels
        ],
        "enabled": [
            {"event": wish.event, "channel": wish.channel}
            for wish in sorted(choices.wishes, key=lambda wish: (wish.event, wish.channel))
        ],
    }


def _message_view(message: SentMessage) -> dict[str, object]:
    finished, waits = message.finished_at, message.status == PENDING
    return {
        "id": message.id,
        "event": message.event,
        "channel": message.channel,
        "status": message.status,
        "attempts": message.attempts,
        "error": message.error,
        "createdAt": to_iso(message.created_at),
        "finishedAt": None if finished is None else to_iso(finished),
        "nextAttemptAt": to_iso(message.next_attempt_at) if waits else None,
    }
