"""Tables of the notifications: who wants what, where to and when, and the outbox."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from src.database.columns import BigInt, JsonText, metadata

notification_preferences = Table(
    "notification_preferences",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("event", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
)
"""A row that is missing means: not wanted."""

notification_targets = Table(
    "notification_targets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("created_at", BigInt, nullable=False),
    Column("verified_at", BigInt),
    Column("code_hash", Text),
    Column("code_expires_at", BigInt),
    Column("code_tries", Integer, nullable=False),
    UniqueConstraint("user_id", "channel", "fingerprint"),
    sqlite_autoincrement=True,
)
"""Where a channel reaches a user: an address (sealed), what to show of it (`label`) and a digest
that finds it again. Nothing is sent to a target before `verified_at`."""

notification_profiles = Table(
    "notification_profiles",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("time_zone", Text, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("minimum_severity", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("summary_hour", Integer, nullable=False),
    Column("hide_amounts", Boolean, nullable=False),
    Column("summary_sent_for", Text),
)
"""When and how a user is told. Quiet hours are minutes of his day, `summary_sent_for` his date."""

known_devices = Table(
    "known_devices",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("first_seen_at", BigInt, nullable=False),
    Column("last_seen_at", BigInt, nullable=False),
)
"""Browsers a user has signed in with before."""

notification_cursors = Table(
    "notification_cursors",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("event_id", BigInt, nullable=False),
)
"""The newest event of each log that is in the outbox, if anybody wanted it."""

notifications = Table(
    "notifications",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("environment", Text, nullable=False),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("event_id", BigInt),
    Column("dedupe_key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", BigInt, nullable=False),
    Column("error", Text),
    Column("created_at", BigInt, nullable=False),
    Column("finished_at", BigInt),
    Column("target_id", Integer),
    Column("severity", Text, nullable=False, server_default="info"),
    Column("payload", JsonText),
    Column("digest_key", Text),
    UniqueConstraint("dedupe_key"),
    Index(None, "environment", "status", "next_attempt_at"),
    Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)
"""The outbox, kept as history. `status` is pending, sent, failed or expired; times are UTC ms.

What a message says is in its event or, for what the log does not hold, in `payload`. Messages
with one `digest_key` are told together.
"""
