"""Add the notifications: preferences, targets, cursors and the outbox."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")
TABLES = (
    "notification_preferences",
    "notification_targets",
    "notification_cursors",
    "notifications",
)


def upgrade() -> None:
    _create_preferences()
    _create_outbox()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=f"fk_{table}_user_id_users", ondelete="CASCADE"
    )


def _create_preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _owner("notification_preferences"),
        sa.PrimaryKeyConstraint("user_id", "event", "channel", name="pk_notification_preferences"),
    )
    op.create_table(
        "notification_targets",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        _owner("notification_targets"),
        sa.PrimaryKeyConstraint("user_id", "channel", name="pk_notification_targets"),
    )


def _create_outbox() -> None:
    op.create_table(
        "notification_cursors",
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("event_id", BIG_INT, nullable=False),
        sa.PrimaryKeyConstraint("environment", name="pk_notification_cursors"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", BIG_INT, autoincrement=True, nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("event_id", BIG_INT, nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", BIG_INT, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", BIG_INT, nullable=False),
        sa.Column("finished_at", BIG_INT, nullable=True),
        _owner("notifications"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("dedupe_key", name="uq_notifications_dedupe_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_notifications_environment_status_next_attempt_at",
        "notifications",
        ["environment", "status", "next_attempt_at"],
    )
    op.create_index("ix_notifications_user_id_id", "notifications", ["user_id", "id"])
