"""How a position ended whose executions Bybit no longer shows: its closed P&L is kept longer."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from src.domain.candle import DAY_MS
from src.domain.order import Direction, Fill, FillReason
from src.domain.trade import Trade
from src.exchange.bybit.orders import FORCED, SIDE, Row, number
from src.exchange.bybit.signed_client import SignedClient

_WINDOW_MS = 7 * DAY_MS
_ROWS_PER_PAGE = 100
_SAME_PRICE = Decimal("0.000001")
"""How far an average entry price may be rounded, as a share of it."""


def closed_rows(client: SignedClient, symbol: str, since: int, now: int) -> Iterator[Row]:
    """Reductions of a symbol's positions from `since` on (UTC ms), oldest first, as they are
    wanted. Raises errors of the ExchangeError tree."""
    for start in range(since, now, _WINDOW_MS):
        pages = client.pages(
            "get_closed_pnl", category="linear", symbol=symbol, limit=_ROWS_PER_PAGE,
            startTime=start, endTime=min(start + _WINDOW_MS, now) - 1,
        )  # fmt: skip
        rows = [row for page in pages for row in page]
        yield from sorted(rows, key=lambda row: int(row["updatedTime"]))


def exit_of(trade: Trade, rows: Iterable[Row]) -> Fill | None:
    """The trade's exit by the reductions since its entry, oldest first; None unless it is clear.

    Clear means: the first of them leave a position of the trade's direction, entered at its price,
    and add up to its quantity. Whatever came later is another position's.
    """
    taken: list[Row] = []
    left = trade.quantity
    for row in rows:
        entered = number(row["avgEntryPrice"])
        same_price = abs(entered - trade.entry_price) <= trade.entry_price * _SAME_PRICE
        if row["side"] != SIDE[Direction(-trade.direction)] or not same_price:
            return None
        taken.append(row)
        left -= number(row["closedSize"])
        if left <= 0:
            break
    return _fill(trade, taken) if taken and not left else None


def _fill(trade: Trade, rows: list[Row]) -> Fill:
    value = sum((number(row["cumExitValue"]) for row in rows), Decimal(0))
    price = value / trade.quantity
    reason, meant = _reason(trade, price, forced=any(row["execType"] in FORCED for row in rows))
    worse = (meant - price) * int(trade.direction) * trade.quantity
    return Fill(
        execution_id=f"closed-{rows[-1]['orderId']}",
        order_link_id=trade.order_link_id,
        symbol=trade.symbol,
        direction=trade.direction,
        reason=reason,
        quantity=trade.quantity,
        price=price,
        fee=sum((_fee(row) for row in rows), Decimal(0)),
        slippage=max(worse, Decimal(0)),
        is_maker=False,
        time=int(rows[-1]["updatedTime"]),
    )


def _fee(row: Row) -> Decimal:
    """What leaving cost: told, or what of gross P&L is missing in the net one."""
    if row.get("closeFee") not in (None, ""):
        return number(row["closeFee"])
    sign = 1 if row["side"] == SIDE[Direction.SHORT] else -1
    gross = (number(row["cumExitValue"]) - number(row["cumEntryValue"])) * sign
    both = gross - number(row["closedPnl"])
    return (
        both
        * number(row["cumExitValue"])
        / (number(row["cumExitValue"]) + number(row["cumEntryValue"]))
    )


def _reason(trade: Trade, price: Decimal, *, forced: bool) -> tuple[FillReason, Decimal]:
    """Why it ended, judged by the price, and the price that was meant."""
    sign = int(trade.direction)
    if forced:
        return FillReason.LIQUIDATION, price
    if (price - trade.stop_loss) * sign <= 0:
        return FillReason.STOP, trade.stop_loss
    if (price - trade.take_profit) * sign >= 0:
        return FillReason.TARGET, trade.take_profit
    return FillReason.MANUAL, price
