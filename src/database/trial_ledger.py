"""The ledger of every trial ever run. Nothing in it is ever changed or removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, func, insert, or_, select

from src.database.engines import Database
from src.database.trial_tables import UNKNOWN_SOURCE, sealed_segments, trials
from src.domain.errors import Conflict

ALTERED = "altered"
"""The purpose of a trial that only shows what a change does to another."""


@dataclass(frozen=True, slots=True)
class Market:
    """What was traded: symbols in the order asked for, and the timeframe's name.

    `source` is whose candles were read: `bybit`, `simulator`, or UNKNOWN_SOURCE where nobody said.
    What is unknown may be any: it counts for every source, and every source counts for it.
    """

    symbols: tuple[str, ...]
    timeframe: str
    source: str

    @property
    def key(self) -> str:
        """The symbols as one text, whatever their order."""
        return ",".join(sorted(self.symbols))


@dataclass(frozen=True, slots=True)
class TrialEntry:
    """One trial as it is written down. Times are UTC ms; `daily_sharpe` is not annualised.

    `identity` names what was asked and `data_fingerprint` the candles it was asked of;
    `daily_returns` begin on UTC day number `first_day`.
    """

    purpose: str
    study: str
    market: Market
    identity: str
    data_fingerprint: str
    parameters: Mapping[str, object]
    trade_count: int
    daily_sharpe: float | None
    figures: Mapping[str, Mapping[str, Any]]
    first_day: int
    daily_returns: Sequence[float]


@dataclass(frozen=True, slots=True)
class Tried:
    """Everything different that could have been chosen on a market.

    `count` trials, of which `sharpes` are the daily Sharpe ratios that are defined.
    """

    count: int
    sharpes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of history, from `begins_at` to `ends_at` (UTC ms)."""

    market: Market
    begins_at: int
    ends_at: int


class TrialLedger:
    """Append and read; there is no way to change or delete."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entries: Sequence[TrialEntry], now: int) -> list[int]:
        """Write trials down at `now` (wall time, UTC ms); returns their ids."""
        with self._database.writing() as connection:
            return [_insert(connection, entry, now) for entry in entries]

    def tried(self, market: Market) -> Tried:
        """What could have been chosen on a market so far; the same question counts once.

        Runs under altered conditions are in the ledger, but nobody would choose one.
        """
        newest = (
            select(func.max(trials.c.id))
            .where(
                trials.c.symbols == market.key,
                trials.c.timeframe == market.timeframe,
                *_may_be_of(trials.c.source, market),
                trials.c.purpose != ALTERED,
            )
            .group_by(trials.c.identity)
        )
        query = select(trials.c.daily_sharpe).where(trials.c.id.in_(newest)).order_by(trials.c.id)
        with self._database.reading() as connection:
            ratios = list(connection.scalars(query))
        return Tried(len(ratios), tuple(ratio for ratio in ratios if ratio is not None))

    def study(self, name: str) -> list[TrialEntry]:
        """The trials of one study in the order in which they were run."""
        return self._entries(select(trials).where(trials.c.study == name).order_by(trials.c.id))

    def latest(self, limit: int) -> list[TrialEntry]:
        """The newest trials, newest first."""
        return self._entries(select(trials).order_by(trials.c.id.desc()).limit(limit))

    def asked(self, market: Market, but_by: str = "") -> list[Mapping[str, Any]]:
        """The parameters of every trial that read a symbol of a market, oldest first.

        Those of the study `but_by` are left out.
        """
        listed = "," + trials.c.symbols + ","
        query = (
            select(trials.c.parameters)
            .where(
                or_(*(listed.contains(f",{symbol},") for symbol in market.symbols)),
                trials.c.timeframe == market.timeframe,
                *_may_be_of(trials.c.source, market),
                trials.c.study != but_by,
            )
            .order_by(trials.c.id)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def opened(self, segment: Segment, but_by: str = "") -> list[Segment]:
        """Segments already looked at that may share candles with this one: a symbol, some time,
        and a source that may be the same.

        What the study `but_by` looked at is left out.
        """
        with self._database.reading() as connection:
            found = _overlapping(connection, segment)
        return [one.segment for one in found if one.study != but_by]

    def open_segment(self, segment: Segment, entry: TrialEntry, now: int) -> None:
        """Write down that a segment was looked at, and what was seen.

        Raises Conflict when part of it was looked at before, unless by the same study with the
        same question: whoever was interrupted and starts again sees what he saw.
        """
        with self._database.writing() as connection:
            before = _overlapping(connection, segment)
            if any((one.study, one.identity) != (entry.study, entry.identity) for one in before):
                raise Conflict("Part of this segment has been opened before.")
            if before:
                return
            trial_id = _insert(connection, entry, now)
            for symbol in segment.market.symbols:
                connection.execute(
                    insert(sealed_segments).values(
                        symbol=symbol,
                        timeframe=segment.market.timeframe,
                        source=segment.market.source,
                        begins_at=segment.begins_at,
                        ends_at=segment.ends_at,
                        opened_at=now,
                        trial_id=trial_id,
                    )
                )

    def _entries(self, query: Select[Any]) -> list[TrialEntry]:
        with self._database.reading() as connection:
            return [
                TrialEntry(
                    purpose=row["purpose"],
                    study=row["study"],
                    market=Market(
                        tuple(row["symbols"].split(",")), row["timeframe"], row["source"]
                    ),
                    identity=row["identity"],
                    data_fingerprint=row["data_fingerprint"],
                    parameters=row["parameters"],
                    trade_count=row["trade_count"],
                    daily_sharpe=row["daily_sharpe"],
                    figures=row["figures"],
                    first_day=row["first_day"],
                    daily_returns=row["daily_returns"],
                )
                for row in connection.execute(query).mappings()
            ]


def _insert(connection: Connection, entry: TrialEntry, now: int) -> int:
    done = connection.execute(
        insert(trials)
        .values(
            created_at=now,
            purpose=entry.purpose,
            study=entry.study,
            symbols=entry.market.key,
            timeframe=entry.market.timeframe,
            source=entry.market.source,
            identity=entry.identity,
            data_fingerprint=entry.data_fingerprint,
            parameters=dict(entry.parameters),
            trade_count=entry.trade_count,
            daily_sharpe=entry.daily_sharpe,
            figures=dict(entry.figures),
            first_day=entry.first_day,
            daily_returns=list(entry.daily_returns),
        )
        .returning(trials.c.id)
    )
    return int(done.scalar_one())


class _Look(NamedTuple):
    """A segment that was looked at, by which study and with which question."""

    segment: Segment
    study: str
    identity: str


def _overlapping(connection: Connection, segment: Segment) -> list[_Look]:
    columns = sealed_segments.c
    query = (
        select(
            *(columns.symbol, columns.source, columns.begins_at, columns.ends_at),
            *(trials.c.study, trials.c.identity),
        )
        .join(trials, trials.c.id == columns.trial_id)
        .where(
            columns.symbol.in_(segment.market.symbols),
            columns.timeframe == segment.market.timeframe,
            *_may_be_of(columns.source, segment.market),
            columns.begins_at < segment.ends_at,
            columns.ends_at > segment.begins_at,
        )
        .order_by(columns.id)
    )
    return [
        _Look(Segment(Market((symbol,), segment.market.timeframe, source), *times), study, identity)
        for symbol, source, *times, study, identity in connection.execute(query)
    ]


def _may_be_of(source: Column[str], market: Market) -> list[ColumnElement[bool]]:
    """That the candles of a row may be those of a market."""
    if market.source == UNKNOWN_SOURCE:
        return []
    return [source.in_((market.source, UNKNOWN_SOURCE))]
