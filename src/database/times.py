"""UTC milliseconds to the ISO 8601 text people and browsers read."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_iso(milliseconds: int) -> str:
    """`2026-03-06T07:00:00.000Z` for UTC milliseconds."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1_000:03d}Z"
