"""Notifications as JSON."""

from services.notification_service import Choices, occasions
from src.database.notification_store import PENDING, SentMessage
from src.database.notification_targets import Target
from src.database.times import to_iso
from src.web.notification_schemas import NotificationTerms


def choices_view(choices: Choices) -> dict[str, object]:
    """What can be chosen and what is."""
    profile = choices.profile
    return {
        "events": [{"name": name, "severity": severity} for name, severity in occasions()],
        "channels": [
            {
                "name": channel.name,
                "configured": channel.missing is None,
                "missing": channel.missing,
            }
            for channel in choices.channels
        ],
        "targets": [target_view(target) for target in choices.targets],
        "enabled": [
            {"event": wish.event, "channel": wish.channel}
            for wish in sorted(choices.wishes, key=lambda wish: (wish.event, wish.channel))
        ],
        "profile": NotificationTerms.model_validate(profile, from_attributes=True).model_dump(
            by_alias=True
        ),
    }


def target_view(target: Target) -> dict[str, object]:
    """One address, without the address."""
    return {
        "id": target.id,
        "channel": target.channel,
        "label": target.label,
        "verified": target.verified_at is not None,
        "createdAt": to_iso(target.created_at),
    }


def message_view(message: SentMessage) -> dict[str, object]:
    """One message and what became of it."""
    finished, waits = message.finished_at, message.status == PENDING
    return {
        "id": message.id,
        "event": message.event,
        "severity": message.severity,
        "channel": message.channel,
        "target": message.target,
        "status": message.status,
        "digested": message.digested,
        "attempts": message.attempts,
        "error": message.error,
        "createdAt": to_iso(message.created_at),
        "finishedAt": None if finished is None else to_iso(finished),
        "nextAttemptAt": to_iso(message.next_attempt_at) if waits else None,
    }
