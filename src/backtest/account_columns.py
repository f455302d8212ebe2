"""The closed trades of an account as columns of floats, without making them objects.

Every number is the float nearest to the decimal that the trade has.
"""

from collections.abc import Mapping

import numpy as np

from src.analytics.closed_trades import ClosedTrades, Numbers
from src.analytics.excursions import Excursion, Trips
from src.analytics.excursions import excursions as excursions_of
from src.backtest import account_rows as rows
from src.backtest.account_record import FIRST_ATTEMPT, AccountRecord
from src.engine.contract_numbers import quantity_decimals
from src.engine.identifiers import order_link_id
from src.strategy.candle_arrays import CandleArrays
from src.strategy.compiled import Integers


def closed_trades(record: AccountRecord) -> ClosedTrades:
    """Columns ordered by exit, then by entry time, then by order id."""
    order = _order(record)
    closed, money = record.closed[order], 10**record.counting.money_decimals
    return ClosedTrades(
        direction=closed[:, rows.SIDE].astype(np.int64),
        entry_time=closed[:, rows.ENTRY_TIME].astype(np.int64),
        exit_time=closed[:, rows.EXIT_TIME].astype(np.int64),
        net=_quotients(record.closed_nets[order], money),
        gross=_quotients(closed[:, rows.GROSS], money),
        fees=_quotients(record.in_cents(closed[:, rows.FEES]), money),
        funding=_quotients(record.in_cents(closed[:, rows.FUNDING]), money),
        result_in_r=np.array(record.results_in_r)[order],
        traded=_traded(record, closed),
    )


def excursions(record: AccountRecord, candles: Mapping[str, CandleArrays]) -> list[Excursion]:
    """How far prices went against and for each trade, of those that can be told; by exits."""
    closed = record.closed
    found: list[Excursion | None] = [None] * len(closed)
    for symbol, series in enumerate(candles.values()):
        (own,) = np.nonzero(closed[:, rows.SYMBOL] == symbol)
        trips = _trips(closed[own], record.counting.rows[symbol][rows.SCALE])
        for place, reach in zip(own.tolist(), excursions_of(trips, series), strict=True):
            found[place] = reach
    return [one for one in found if one is not None]


def _trips(closed: Integers, scale: int) -> Trips:
    return Trips(
        direction=closed[:, rows.SIDE].astype(np.int64),
        entry_time=closed[:, rows.ENTRY_TIME].astype(np.int64),
        exit_time=closed[:, rows.EXIT_TIME].astype(np.int64),
        entry_price=_quotients(closed[:, rows.ENTRY_PRICE], scale),
        exit_price=_quotients(closed[:, rows.EXIT_PRICE], scale),
        stop=_quotients(closed[:, rows.STOP], scale),
    )


def _order(record: AccountRecord) -> Integers:
    """The places of the closed trades by exit and entry; ids are made only where those agree."""
    closed = record.closed
    times = closed[:, [rows.ENTRY_TIME, rows.EXIT_TIME]].astype(np.int64)
    order = np.lexsort((times[:, 0], times[:, 1]))
    if np.all(np.diff(times[order], axis=0) == 0, axis=1).any():
        names = [order_link_id(one, FIRST_ATTEMPT) for one in record.identities(record.closings)]
        order = np.lexsort((np.array(names), times[:, 0], times[:, 1]))
    return order


def _traded(record: AccountRecord, closed: Integers) -> Numbers:
    """The value bought plus the value sold."""
    found = np.zeros(len(closed))
    for symbol, instrument in enumerate(record.counting.instruments):
        (own,) = np.nonzero(closed[:, rows.SYMBOL] == symbol)
        prices = (closed[own, rows.ENTRY_PRICE] + closed[own, rows.EXIT_PRICE]).tolist()
        quantities = closed[own, rows.QUANTITY].tolist()
        values = [price * size for price, size in zip(prices, quantities, strict=True)]
        scale = record.counting.rows[symbol][rows.SCALE]
        found[own] = _nearest(values, scale * 10 ** quantity_decimals(instrument))
    return found


def _quotients(counts: Integers, unit: int) -> Numbers:
    return _nearest(counts.tolist(), unit)


def _nearest(counts: list[int], unit: int) -> Numbers:
    """Python divides whole numbers of any size to the nearest float; numpy would round twice."""
    return np.array([count / unit for count in counts], np.float64)
