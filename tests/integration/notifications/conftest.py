"""A database of its own for every test."""

from tests.integration.web.conftest import clock, database, empty_database, ledger

__all__ = ["clock", "database", "empty_database", "ledger"]
