"""Tables of the notifications: who wants what, where to, and the outbox."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from src.database.columns import BigInt, metadata

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
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("address", Text, nullable=False),
)
"""Where a channel reaches a user. E-mail goes to the address of the account."""

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
    Column("event_id", BigInt, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", BigInt, nullable=False),
    Column("error", Text),
    Column("created_at", BigInt, nullable=False),
    Column("finished_at", BigInt),
    UniqueConstraint("dedupe_key"),
    Index(None, "environment", "status", "next_attempt_at"),
    Index(None, "user_id", "id"),
    sqlite_autoincrement=True,
)
"""The outbox, kept as history. `status` is pending, sent, failed or expired; times are UTC ms."""
