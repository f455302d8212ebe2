"""Runs migrations on the connection `src.database.migrate` hands over."""

from alembic import context

from src.database.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
