"""Runs migrations on the connection `src.database.migrate` hands over."""

from alembic import context

from src.database import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.users.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
