"""What this room raises for the database's own failures."""

from src.domain.errors import TradingSystemError


class StorageUnavailable(TradingSystemError):
    """The database is locked, full or unreachable. Nothing was written; trying again may help."""


class UnstorableValue(TradingSystemError):
    """A value that no row can hold (NaN, infinity). Nothing was written; trying again is no use."""
