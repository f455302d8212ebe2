"""The one statement SQL dialects spell differently: insert, or change what is there."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    values: Mapping[str, Any],
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Insert `values`; where the primary key is taken, apply `changes` (default: all of `values`).

    Expressions in `changes` may speak of the stored row through `table.c`.
    """
    key: Sequence[str] = [column.name for column in table.primary_key]
    updates = changes if changes is not None else {k: v for k, v in values.items() if k not in key}
    # Both dialects offer the same method; each compiles only its own class.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=updates))
