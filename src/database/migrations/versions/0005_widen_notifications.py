"""Widen the notifications: several verified targets a user, profiles, digests, known devices."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_INT = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")


def upgrade() -> None:
    _replace_targets()
    _create_profiles()
    _widen_outbox()


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE event_id IS NULL")
    with op.batch_alter_table("notifications") as batch:
        for column in ("target_id", "severity", "payload", "digest_key"):
            batch.drop_column(column)
        batch.alter_column("event_id", existing_type=BIG_INT, nullable=False)
    for table in ("known_devices", "notification_profiles", "notification_targets"):
        op.drop_table(table)
    op.create_table(
        "notification_targets",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        _owner("notification_targets"),
        sa.PrimaryKeyConstraint("user_id", "channel", name="pk_notification_targets"),
    )


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=f"fk_{table}_user_id_users", ondelete="CASCADE"
    )


def _replace_targets() -> None:
    """Numbers keep working as they are; mail goes on to the accounts that asked for it.

    Addresses stay readable here: `flask prepare` seals them, a migration has no key.
    """
    op.rename_table("notification_targets", "old_targets")
    op.create_table(
        "notification_targets",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", BIG_INT, nullable=False),
        sa.Column("verified_at", BIG_INT, nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("code_expires_at", BIG_INT, nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        _owner("notification_targets"),
        sa.PrimaryKeyConstraint("id", name="pk_notification_targets"),
        sa.UniqueConstraint(
            *("user_id", "channel", "fingerprint"),
            name="uq_notification_targets_user_id_channel_fingerprint",
        ),
        sqlite_autoincrement=True,
    )
    columns = "(user_id, channel, address, label, fingerprint, created_at, verified_at, code_tries)"
    op.execute(
        f"INSERT INTO notification_targets {columns} "  # noqa: S608 - constants of this file
        "SELECT user_id, channel, address, address, address, 0, 0, 0 FROM old_targets"
    )
    op.execute(
        f"INSERT INTO notification_targets {columns} "  # noqa: S608 - constants of this file
        "SELECT id, 'email', email, email, email, 0, 0, 0 FROM users WHERE id IN "
        "(SELECT user_id FROM notification_preferences WHERE channel = 'email')"
    )
    op.drop_table("old_targets")


def _create_profiles() -> None:
    op.create_table(
        "notification_profiles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("minimum_severity", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("summary_hour", sa.Integer(), nullable=False),
        sa.Column("hide_amounts", sa.Boolean(), nullable=False),
        sa.Column("summary_sent_for", sa.Text(), nullable=True),
        _owner("notification_profiles"),
        sa.PrimaryKeyConstraint("user_id", name="pk_notification_profiles"),
    )
    op.create_table(
        "known_devices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("first_seen_at", BIG_INT, nullable=False),
        sa.Column("last_seen_at", BIG_INT, nullable=False),
        _owner("known_devices"),
        sa.PrimaryKeyConstraint("user_id", "fingerprint", name="pk_known_devices"),
    )


def _widen_outbox() -> None:
    with op.batch_alter_table("notifications") as batch:
        batch.add_column(sa.Column("target_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("severity", sa.Text(), nullable=False, server_default="info"))
        batch.add_column(sa.Column("payload", sa.Text(), nullable=True))
        batch.add_column(sa.Column("digest_key", sa.Text(), nullable=True))
        batch.alter_column("event_id", existing_type=BIG_INT, nullable=True)
    op.execute(
        "UPDATE notifications SET target_id = (SELECT id FROM notification_targets t WHERE "
        "t.user_id = notifications.user_id AND t.channel = notifications.channel)"
    )
