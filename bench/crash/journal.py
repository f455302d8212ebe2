"""The database as seen from outside the trading process: what was committed, and when."""

import json
import sqlite3
from pathlib import Path
from typing import Any

_MONITOR = "SELECT payload FROM live_state WHERE name = 'monitor'"


class JournalWatch:
    """Reads of a SQLite file that another process writes. `close` after use."""

    def __init__(self, file: Path) -> None:
        self._wal = file.with_name(f"{file.name}-wal")
        self._connection = sqlite3.connect(file, timeout=10, isolation_level=None)
        self._connection.row_factory = sqlite3.Row

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query finds, by the names of its columns."""
        return [dict(row) for row in self._connection.execute(query)]

    def number(self, query: str) -> int:
        """A query's only number; 0 for none."""
        row = self._connection.execute(query).fetchone()
        return 0 if row is None or row[0] is None else int(row[0])

    @property
    def commits(self) -> int:
        """A number that changes with every commit of another process."""
        return self.number("PRAGMA data_version")

    @property
    def written(self) -> tuple[int, int]:
        """Size and time of the write-ahead log: it changes while a commit is being written."""
        try:
            stat = self._wal.stat()
        except FileNotFoundError:
            return (0, 0)
        return (stat.st_size, stat.st_mtime_ns)

    @property
    def reached(self) -> int:
        """Close (UTC ms) of the newest candle that was traded on."""
        return self.number("SELECT max(time) FROM equity")

    @property
    def unsettled(self) -> int:
        """Orders that were journaled and whose answer was not."""
        return self.number("SELECT count(*) FROM orders WHERE status = 'pending'")

    def running(self, after_epoch: int) -> int | None:
        """The epoch of a monitor that follows the market, elected later than `after_epoch`."""
        for row in self._connection.execute(_MONITOR):
            state = json.loads(row["payload"])
            if state["state"] == "running" and state["epoch"] > after_epoch:
                return int(state["epoch"])
        return None

    @property
    def epoch(self) -> int:
        """The newest epoch of the trading lease."""
        return self.number("SELECT epoch FROM lease WHERE name = 'engine'")
