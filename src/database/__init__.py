"""The durable record: schema, ledger, event log and what processes share."""

from src.database.engines import Database, open_database
from src.database.errors import StorageError
from src.database.event_log import EventLog, EventRow
from src.database.journal import SqlJournal
from src.database.lease import ENGINE_LEASE, Lease
from src.database.live_state import LiveState
from src.database.migrate import current_revision, downgrade, migrate

__all__ = [
    "ENGINE_LEASE",
    "Database",
    "EventLog",
    "EventRow",
    "Lease",
    "LiveState",
    "SqlJournal",
    "StorageError",
    "current_revision",
    "downgrade",
    "migrate",
    "open_database",
]
