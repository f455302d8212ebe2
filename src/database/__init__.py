"""The durable record: schema, ledger, event log and what processes share."""

from src.database.accounts import FailureCount, LoginFailures, Sessions, Users
from src.database.backtest_jobs import BACKTESTS_LEASE, BacktestJobs
from src.database.commands import Commands
from src.database.engines import Database, open_database
from src.database.equity_reader import EquityDay, EquityReader
from src.database.errors import StorageUnavailable, UnstorableValue
from src.database.event_log import EventLog, EventRow
from src.database.journal import SqlJournal
from src.database.lease import ENGINE_LEASE, Lease
from src.database.live_state import LiveState
from src.database.migrate import current_revision, downgrade, migrate
from src.database.notification_store import NotificationHistory, NotificationPreferences
from src.database.outbox import NOTIFICATIONS_LEASE, Outbox
from src.database.readers import SignalReader, TradeReader
from src.database.stored_settings import StoredSettings
from src.database.trial_ledger import TrialLedger

__all__ = [
    "BACKTESTS_LEASE",
    "ENGINE_LEASE",
    "NOTIFICATIONS_LEASE",
    "BacktestJobs",
    "Commands",
    "Database",
    "EquityDay",
    "EquityReader",
    "EventLog",
    "EventRow",
    "FailureCount",
    "Lease",
    "LiveState",
    "LoginFailures",
    "NotificationHistory",
    "NotificationPreferences",
    "Outbox",
    "Sessions",
    "SignalReader",
    "SqlJournal",
    "StorageUnavailable",
    "StoredSettings",
    "TradeReader",
    "TrialLedger",
    "UnstorableValue",
    "Users",
    "current_revision",
    "downgrade",
    "migrate",
    "open_database",
]
