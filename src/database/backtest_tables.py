"""Tables of backtests that were asked for: the queue with what became of each, and the reports."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from src.database.columns import BigInt, JsonText, metadata

backtest_jobs = Table(
    "backtest_jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("request", JsonText, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", BigInt, nullable=False),
    Column("started_at", BigInt),
    Column("finished_at", BigInt),
    Column("attempts", Integer, nullable=False),
    Column("progress", JsonText),
    Column("verdict", Text),
    Column("headline", JsonText),
    Column("error", Text),
    Index(None, "status", "id"),
    sqlite_autoincrement=True,
)
"""The row is the truth about a job. Times are wall time, UTC ms; `attempts` counts the starts, and
only the process of the newest start may write while the job is running."""

backtest_reports = Table(
    "backtest_reports",
    metadata,
    Column(
        "job_id",
        Integer,
        ForeignKey("backtest_jobs.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("report", LargeBinary, nullable=False),
)
"""What a finished job found: JSON in UTF-8, compressed with zlib."""
