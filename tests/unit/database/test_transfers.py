"""Deposits and withdrawals move the equity curve and no figure that speaks of results."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from src.analytics.equity import drawdowns
from src.database import Database, EquityReader, EventLog, SqlJournal
from src.database.equity_store import add_equity_point
from src.database.tables import trade_totals
from src.database.transfers import CurveTransfer, add_transfer, curve_transfers
from src.domain.candle import DAY_MS
from src.domain.events import EquityPoint, MoneyMoved, StepRecord, TradeClosed
from src.domain.trade import Transfer
from tests.unit.database.facts import START, FixedClock, closed, exit_fill, open_trade
from tests.unit.database.journals import opening

STEP = 300_000


def point(database: Database, number: int, wallet: str, equity: str | None = None) -> None:
    """The account `number` candles after START."""
    with database.writing() as connection:
        value = EquityPoint(START + number * STEP, Decimal(wallet), Decimal(equity or wallet))
        add_equity_point(connection, "paper", value)


def moved(database: Database, amount: str, number: float, name: str = "t1") -> bool:
    """Money that moved `number` candles after START."""
    transfer = Transfer(name, "TRANSFER_IN", Decimal(amount), START + int(number * STEP))
    with database.writing() as connection:
        return add_transfer(connection, "paper", transfer)


def shown_drawdowns(database: Database) -> list[float]:
    points = EquityReader(database, "paper").points(300)
    return [round(float(one["drawdown"]), 9) for one in points]


def peak(database: Database) -> float:
    with database.reading() as connection:
        return float(connection.execute(select(trade_totals.c.peak_equity)).scalar_one())


def entered(database: Database) -> list[CurveTransfer]:
    with database.reading() as connection:
        return curve_transfers(connection, "paper")


def test_a_deposit_neither_heals_a_drawdown_nor_sets_a_new_peak(database: Database) -> None:
    point(database, 0, "1000")
    point(database, 1, "900")
    assert moved(database, "900", 1.5)
    point(database, 2, "1800")
    point(database, 3, "2000")
    assert shown_drawdowns(database) == [0.0, -10.0, -10.0, 0.0]
    assert EquityReader(database, "paper").max_drawdown() == pytest.approx(0.1)
    assert peak(database) == pytest.approx(2000.0)


def test_a_withdrawal_is_no_loss(database: Database) -> None:
    point(database, 0, "1000")
    assert moved(database, "-750", 0.5)
    point(database, 1, "250")
    point(database, 2, "200")
    assert shown_drawdowns(database) == [0.0, 0.0, -20.0]


def test_a_transfer_heard_of_late_is_measured_from_where_the_wallet_held_it(
    database: Database,
) -> None:
    for number, wallet in enumerate(["1000", "900", "1800", "1700"]):
        point(database, number, wallet)
    assert EquityReader(database, "paper").max_drawdown() > 0.05
    assert moved(database, "900", 1.5)
    assert [one.enters_at for one in entered(database)] == [START + 2 * STEP]
    as_if = drawdowns([1000.0, 900.0, 900.0, 850.0])
    assert shown_drawdowns(database) == pytest.approx([100 * value for value in as_if])
    assert EquityReader(database, "paper").max_drawdown() == pytest.approx(0.15)
    assert peak(database) == pytest.approx(2000.0)


def test_a_candle_that_closed_before_the_transfer_may_hold_it_already(database: Database) -> None:
    """A point is stamped with the candle's close and sees the wallet a second later."""
    point(database, 0, "1000")
    point(database, 1, "1500")
    assert moved(database, "500", 1.003)
    assert entered(database) == [CurveTransfer(Decimal(500), START + STEP, Decimal(1000))]
    assert shown_drawdowns(database) == [0.0, 0.0]
    point(database, 2, "1350")
    assert shown_drawdowns(database)[-1] == -10.0


def test_the_result_of_a_trade_is_not_taken_for_the_transfer(database: Database) -> None:
    journal = SqlJournal(database, "paper", None, FixedClock())
    fill = exit_fill(1, "98.70", START + STEP // 2)
    trade = closed(open_trade(1), fill)
    journal.commit(StepRecord(START, changes=opening(1)))
    journal.commit(StepRecord(START + STEP, changes=(TradeClosed(trade, fill),)))
    point(database, 0, "1000")
    point(database, 1, str(1000 + trade.realized_pnl))
    assert moved(database, str(trade.realized_pnl), 0.7)
    assert [one.enters_at for one in entered(database)] == [START + STEP + 1]


def test_two_transfers_between_two_points_are_both_taken_out(database: Database) -> None:
    point(database, 0, "1000")
    point(database, 1, "1600")
    assert moved(database, "500", 0.3, "a")
    assert moved(database, "100", 0.6, "b")
    assert [one.equity_before for one in entered(database)] == [Decimal(1000), Decimal(1500)]
    assert shown_drawdowns(database) == [0.0, 0.0]
    [day] = EquityReader(database, "paper").daily()
    assert day.transferred == 600.0
    assert day.scale == pytest.approx(1.6)


def test_money_from_before_the_first_point_is_what_the_account_began_with(
    database: Database,
) -> None:
    assert not moved(database, "1000", 0)
    point(database, 1, "1000")
    assert not moved(database, "1000", 0)
    assert entered(database) == []


def test_the_same_transfer_is_stored_once_and_told_once(database: Database) -> None:
    journal = SqlJournal(database, "paper", None, FixedClock())
    point(database, 0, "1000")
    change = MoneyMoved(Transfer("t1", "TRANSFER_IN", Decimal("12.5"), START + 1))
    for _ in range(2):
        journal.commit(StepRecord(START, changes=(change,)))
    [event] = EventLog(database, "paper").after(0, 10)
    assert event.type == "transfer"
    assert event.payload["transfer"]["amount"] == 12.5
    assert journal.load_book().valued_at == START


def test_everything_taken_out_and_new_money_later_is_no_loss(database: Database) -> None:
    point(database, 0, "1000")
    assert moved(database, "-1000", 0.5, "out")
    point(database, 1, "0")
    assert moved(database, "400", 1.5, "in")
    point(database, 2, "400")
    point(database, 3, "300")
    assert shown_drawdowns(database) == [0.0, 0.0, 0.0, -25.0]
    [day] = EquityReader(database, "paper").daily()
    assert (day.scale, day.transferred) == (None, -600.0)


def test_a_day_knows_what_came_since_the_day_before_ended(database: Database) -> None:
    day = DAY_MS // STEP
    point(database, 0, "1000")
    assert moved(database, "1000", 0.5)
    assert [one.transferred for one in EquityReader(database, "paper").daily()] == [0.0]
    point(database, day, "2200")
    days = EquityReader(database, "paper").daily()
    assert [(one.transferred, one.scale) for one in days] == [(0.0, 1.0), (1000.0, 2.0)]
