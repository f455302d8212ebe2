"""Deposits and withdrawals: stored once, and kept out of every figure that speaks of results.

A transfer moves the equity curve, but it earned nothing. Peak and drawdown behind it are therefore
measured as if the account had been scaled: after a deposit of as much again, the peak is twice as
high and the drawdown what it was. A transfer may be heard of after the curve has moved, because the
wallet is told by stream and the transaction log is read later; what was drawn meanwhile is then
measured again.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import Connection, RowMapping, and_, func, insert, select, update

from src.database.equity_store import SPANS
from src.database.tables import equity, equity_spans, paper_trades, trade_totals
from src.database.totals import totals_row
from src.database.transfer_tables import transfers
from src.domain.candle import DAY_MS
from src.domain.trade import Transfer

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class CurveTransfer:
    """A transfer as the equity curve met it: first seen at `enters_at` (UTC ms)."""

    amount: Decimal
    enters_at: int
    equity_before: Decimal

    @property
    def scale(self) -> float | None:
        """What the account was multiplied with; None when nothing was there, or nothing stayed."""
        after = self.equity_before + self.amount
        return float(after / self.equity_before) if self.equity_before > 0 and after > 0 else None


def add_transfer(connection: Connection, environment: str, transfer: Transfer) -> bool:
    """Store a transfer and measure again what it moved; False when it was known.

    What came before the first point of the curve is part of what the account began with, and is
    not stored.
    """
    known = select(transfers.c.transfer_id).where(
        transfers.c.environment == environment, transfers.c.transfer_id == transfer.transfer_id
    )
    if connection.execute(known).first() is not None:
        return False
    points = _points_around(connection, environment, transfer.time)
    if not points or points[0]["time"] > transfer.time:
        return False
    entry = _entry(connection, environment, transfer.amount, points)
    connection.execute(
        insert(transfers).values(
            environment=environment,
            transfer_id=transfer.transfer_id,
            kind=transfer.kind,
            amount=transfer.amount,
            time=transfer.time,
            enters_at=entry.enters_at,
            equity_before=entry.equity_before,
        )
    )
    if points[-1]["time"] < entry.enters_at:
        _lift_peak(connection, environment, entry)
    else:
        _measure_again(connection, environment, entry.enters_at)
    return True


def curve_transfers(
    connection: Connection, environment: str, since: int = 0
) -> list[CurveTransfer]:
    """The transfers that entered the curve from `since` (UTC ms) on, in that order."""
    query = (
        select(transfers.c.amount, transfers.c.enters_at, transfers.c.equity_before)
        .where(transfers.c.environment == environment, transfers.c.enters_at >= since)
        .order_by(transfers.c.enters_at, transfers.c.time, transfers.c.transfer_id)
    )
    return [CurveTransfer(*row) for row in connection.execute(query)]


def transfer_from(row: RowMapping) -> Transfer:
    """The transfer a row of `transfers` holds."""
    return Transfer(row["transfer_id"], row["kind"], row["amount"], row["time"])


def _points_around(connection: Connection, environment: str, time: int) -> list[RowMapping]:
    """The two newest points up to `time`, and every later one, oldest first."""
    mine = equity.c.environment == environment
    before = (
        select(equity).where(mine, equity.c.time <= time).order_by(equity.c.time.desc()).limit(2)
    )
    after = select(equity).where(mine, equity.c.time > time).order_by(equity.c.time)
    return [
        *reversed(connection.execute(before).mappings().all()),
        *connection.execute(after).mappings(),
    ]


def _entry(
    connection: Connection, environment: str, amount: Decimal, points: list[RowMapping]
) -> CurveTransfer:
    """Where the curve first holds the amount: the first point whose wallet it explains.

    A point is stamped with the close of its candle and sees the wallet a little later; a wallet
    may also be read late. So the clock does not decide, the wallet does.
    """
    for before, point in pairwise(points):
        moved = _unexplained(connection, environment, before, point)
        if abs(moved - amount) < abs(moved):
            others = _entered(connection, environment, before["time"], point["time"])
            return CurveTransfer(amount, point["time"], before["equity"] + others)
    last = points[-1]
    others = _entered(connection, environment, last["time"], last["time"] + 1)
    return CurveTransfer(amount, last["time"] + 1, last["equity"] + others)


def _unexplained(
    connection: Connection, environment: str, before: RowMapping, point: RowMapping
) -> Decimal:
    """How the wallet moved between two points beyond closed trades and known transfers."""
    columns = paper_trades.c
    results = connection.execute(
        select(columns.net_pnl).where(
            columns.environment == environment,
            columns.exit_ms > before["time"],
            columns.exit_ms <= point["time"],
        )
    ).scalars()
    known = sum(results, _entered(connection, environment, before["time"], point["time"]))
    moved: Decimal = point["wallet"] - before["wallet"] - known
    return moved


def _entered(connection: Connection, environment: str, after: int, until: int) -> Decimal:
    """Sum of the transfers that entered in (after, until]."""
    amounts = connection.execute(
        select(transfers.c.amount).where(
            transfers.c.environment == environment,
            transfers.c.enters_at > after,
            transfers.c.enters_at <= until,
        )
    ).scalars()
    return sum(amounts, _NOTHING)


def _lift_peak(connection: Connection, environment: str, entry: CurveTransfer) -> None:
    peak = totals_row(connection, environment)["peak_equity"]
    _set_totals(connection, environment, peak_equity=_scaled(peak, entry))


def _scaled(peak: float, entry: CurveTransfer) -> float:
    """The peak as if it had been made with the account's new size."""
    scale = entry.scale
    if scale is None:
        return max(float(entry.equity_before + entry.amount), 0.0)
    return peak * scale


def _measure_again(connection: Connection, environment: str, since: int) -> None:
    """Peak and drawdown of every point from `since` (UTC ms) on, and all that rests on them."""
    mine = equity.c.environment == environment
    before = (
        connection.execute(
            select(equity)
            .where(mine, equity.c.time < since)
            .order_by(equity.c.time.desc())
            .limit(1)
        )
        .mappings()
        .one()
    )
    peak = float(before["equity"]) / (1.0 + before["drawdown"]) if before["equity"] > 0 else 0.0
    pending = curve_transfers(connection, environment, before["time"] + 1)
    later = select(equity).where(mine, equity.c.time >= since).order_by(equity.c.time)
    for point in connection.execute(later).mappings().all():
        while pending and pending[0].enters_at <= point["time"]:
            peak = _scaled(peak, pending.pop(0))
        value = float(point["equity"])
        peak = max(peak, value)
        drawdown = value / peak - 1.0 if peak > 0 else 0.0
        connection.execute(
            update(equity).where(mine, equity.c.time == point["time"]).values(drawdown=drawdown)
        )
    for entry in pending:
        peak = _scaled(peak, entry)
    _deepen_spans(connection, environment, since)
    deepest = connection.execute(
        select(func.min(equity_spans.c.deepest)).where(
            equity_spans.c.environment == environment, equity_spans.c.length_ms == DAY_MS
        )
    ).scalar_one()
    _set_totals(connection, environment, peak_equity=peak, max_drawdown=max(-deepest, 0.0))


def _deepen_spans(connection: Connection, environment: str, since: int) -> None:
    """The deepest point of every hour and day that ends after `since`."""
    spans = equity_spans.c
    for length in SPANS:
        touched = select(spans.start).where(
            spans.environment == environment,
            spans.length_ms == length,
            spans.start > since - length,
        )
        for start in connection.execute(touched).scalars().all():
            deepest = connection.execute(
                select(equity.c.time, equity.c.drawdown)
                .where(
                    equity.c.environment == environment,
                    equity.c.time >= start,
                    equity.c.time < start + length,
                )
                .order_by(equity.c.drawdown, equity.c.time)
                .limit(1)
            ).one()
            connection.execute(
                update(equity_spans)
                .where(
                    and_(
                        spans.environment == environment,
                        spans.length_ms == length,
                        spans.start == start,
                    )
                )
                .values(deepest=deepest.drawdown, deepest_time=deepest.time)
            )


def _set_totals(connection: Connection, environment: str, **values: float) -> None:
    connection.execute(
        update(trade_totals).where(trade_totals.c.environment == environment).values(**values)
    )
