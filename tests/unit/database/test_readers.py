"""What the dashboard reads: pages, totals, distribution."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.database import (
    Database,
    EquityReader,
    SignalReader,
    SqlJournal,
    TradeReader,
)
from src.domain.candle import DAY_MS
from src.domain.events import (
    Change,
    EquityPoint,
    SignalChanged,
    StepRecord,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import Direction
from src.domain.signal import SignalStatus
from tests.unit.database.facts import (
    START,
    FixedClock,
    closed,
    entry_fill,
    exit_fill,
    funded,
    funding,
    open_trade,
    signal,
)

GROUPS = ("models", "killZones")
"""Told of by test_setup_totals."""

DAY_START = START - START % DAY_MS


def commit(database: Database, *changes: Change, environment: str = "paper") -> None:
    """Store changes as one step."""
    SqlJournal(database, environment, None, FixedClock()).commit(
        StepRecord(market_time=START, changes=changes)
    )


def round_trip(number: int, price: str, time: int) -> tuple[Change, ...]:
    """A trade opened and closed; even numbers buy at 100.10."""
    fill = exit_fill(number, price, time)
    trade = open_trade(number)
    return (
        SignalChanged(signal(number, SignalStatus.FILLED)),
        TradeOpened(trade, entry_fill(number)),
        TradeClosed(closed(trade, fill), fill),
    )


def record_equity(database: Database, *points: tuple[int, str]) -> None:
    """Store points of equity; the wallet is the same."""
    journal = SqlJournal(database, "paper", None, FixedClock())
    for time, value in points:
        point = EquityPoint(time, Decimal(value), Decimal(value))
        journal.commit(StepRecord(market_time=time, equity=point))


def test_closed_trades_come_newest_first_in_pages(database: Database) -> None:
    for number in range(0, 10, 2):
        commit(database, *round_trip(number, "101.00", START + number))
    commit(database, TradeOpened(open_trade(20), entry_fill(20)))
    reader = TradeReader(database, "paper")
    first, total = reader.page(1, 2)
    last, _ = reader.page(3, 2)
    beyond, _ = reader.page(4, 2)
    assert total == 5
    assert [trade["signalId"] for trade in first] == ["s8", "s6"]
    assert [trade["signalId"] for trade in last] == ["s0"]
    assert beyond == []


def test_trades_closed_at_the_same_instant_have_a_fixed_order(database: Database) -> None:
    for number in (2, 4, 6):
        commit(database, *round_trip(number, "101.00", START))
    reader = TradeReader(database, "paper")
    pages = [reader.page(page, 1)[0][0]["signalId"] for page in (1, 2, 3)]
    assert pages == ["s6", "s4", "s2"]


def test_a_closed_trade_on_the_wire(database: Database) -> None:
    commit(database, *round_trip(2, "101.70", START + 60_000))
    [trade], _ = TradeReader(database, "paper").page(1, 50)
    net = Decimal("0.048") - Decimal("0.000600600000000000001") - Decimal("0.0016784")
    assert trade == {
        "id": 1,
        "signalId": "s2",
        "symbol": "BTCUSDT",
        "direction": "long",
        "status": "closed",
        "entryPrice": 100.1,
        "currentPrice": 101.7,
        "exitPrice": 101.7,
        "positionSize": 0.03,
        "stopLoss": 99.3,
        "takeProfit": 101.7,
        "unrealizedPnL": 0.0,
        "realizedPnL": float(net),
        "riskAmount": 0.025,
        "resultR": float(net / Decimal("0.025")),
        "entryTime": "2026-03-06T07:00:00.000Z",
        "exitTime": "2026-03-06T07:01:00.000Z",
        "exitReason": "target",
        "fees": pytest.approx(0.002279),
        "funding": 0.0,
        "slippage": 0.0003,
        "ambiguous": False,
        "model": "2022",
        "confluenceScore": 72.5,
        "reasons": ["Swept the low of Asia.", "Displaced through a swing high."],
        "environment": "paper",
    }


def test_a_trade_whose_signal_is_not_stored_is_still_shown(database: Database) -> None:
    commit(database, TradeOpened(open_trade(2), entry_fill(2)))
    [trade] = TradeReader(database, "paper").active()
    assert (trade["model"], trade["confluenceScore"], trade["reasons"]) == (None, None, [])
    assert trade["resultR"] is None


def test_open_trades_of_other_environments_are_frozen(database: Database) -> None:
    commit(database, TradeOpened(open_trade(2), entry_fill(2)))
    commit(database, TradeOpened(open_trade(4), entry_fill(4)), environment="demo")
    reader = TradeReader(database, "paper")
    assert [trade["signalId"] for trade in reader.active()] == ["s2"]
    assert [trade["environment"] for trade in reader.frozen()] == ["demo"]
    assert reader.active_count() == 1


def test_open_risk_is_what_the_stops_would_cost_now(database: Database) -> None:
    reader = TradeReader(database, "paper")
    assert reader.open_risk() == 0.0
    long, secured = open_trade(2), replace(open_trade(4), stop_loss=Decimal("100.90"))
    short = replace(open_trade(6), direction=Direction.SHORT, stop_loss=Decimal("103.00"))
    for number, trade in ((2, long), (4, secured), (6, short)):
        commit(database, TradeOpened(trade, entry_fill(number)))
    commit(database, TradeOpened(open_trade(8), entry_fill(8)), environment="demo")
    at_risk = (long.entry_price - long.stop_loss) + (short.stop_loss - short.entry_price)
    assert reader.open_risk() == pytest.approx(float(at_risk * long.quantity))


def test_totals_add_up_what_the_trades_say(database: Database) -> None:
    for number, price in ((2, "101.70"), (4, "99.30"), (6, "101.00")):
        commit(database, *round_trip(number, price, START))
    reader = TradeReader(database, "paper")
    trades, _ = reader.page(1, 50)
    totals = reader.totals()
    nets = [trade["realizedPnL"] for trade in trades]
    assert (totals.trades, totals.wins, totals.losses) == (3, 2, 1)
    assert totals.gross_profit == pytest.approx(sum(net for net in nets if net > 0))
    assert totals.gross_loss == pytest.approx(-sum(net for net in nets if net < 0))
    assert totals.result_in_r == pytest.approx(sum(trade["resultR"] for trade in trades))


def test_funding_that_arrives_after_the_exit_moves_the_totals_with_the_trade(
    database: Database,
) -> None:
    """A win of a hair becomes a loss; it must not be counted as both."""
    fill, payment = exit_fill(2, "100.20", START), funding(2, "-0.01")
    opened = open_trade(2)
    commit(database, TradeOpened(opened, entry_fill(2)), TradeClosed(closed(opened, fill), fill))
    assert TradeReader(database, "paper").totals().wins == 1
    late = closed(funded(opened, payment), fill)
    commit(database, TradeFunded(late, payment))
    totals = TradeReader(database, "paper").totals()
    assert (totals.trades, totals.wins, totals.losses) == (1, 0, 1)
    assert totals.gross_profit == 0.0
    assert totals.net == pytest.approx(float(late.realized_pnl))


def test_signals_are_distributed_over_direction_status_and_model(database: Database) -> None:
    commit(
        database,
        SignalChanged(signal(1)),
        SignalChanged(signal(2)),
        SignalChanged(signal(4, SignalStatus.REFUSED)),
        SignalChanged(signal(2, SignalStatus.CANCELLED)),
        *round_trip(6, "101.70", START),
        *round_trip(8, "99.30", START),
    )
    distribution = SignalReader(database, "paper").distribution()
    assert {name: distribution[name] for name in distribution if name not in GROUPS} == {
        "total": 5,
        "buy": 4,
        "sell": 1,
        "byStatus": {"refused": 1, "armed": 1, "filled": 2, "cancelled": 1},
        "byModel": {"2022": 5},
        "outcomes": {"win": 1, "loss": 1},
    }


def test_signals_come_newest_first_of_one_status_or_all(database: Database) -> None:
    commit(database, *(SignalChanged(signal(number)) for number in range(4)))
    commit(database, SignalChanged(signal(2, SignalStatus.FILLED)))
    reader = SignalReader(database, "paper")
    items, total = reader.page(1, 3)
    armed, armed_total = reader.page(2, 2, "armed")
    assert ([item["signalId"] for item in items], total) == (["s3", "s2", "s1"], 4)
    assert ([item["signalId"] for item in armed], armed_total) == (["s0"], 3)
    assert items[0]["time"] == "2026-03-06T07:00:00.000Z"
    assert items[0]["components"] == {"fvg": 40.0, "sweep": 32.5}


def test_the_newest_point_and_the_days_of_the_equity_curve(database: Database) -> None:
    reader = EquityReader(database, "paper")
    assert reader.latest() is None
    assert reader.daily() == []
    record_equity(
        database, (DAY_START, "1000"), (DAY_START + 5, "990.10"), (DAY_START + DAY_MS, "995")
    )
    assert reader.latest() == EquityPoint(DAY_START + DAY_MS, Decimal("995"), Decimal("995"))
    assert [(day.opening, day.closing) for day in reader.daily()] == [
        (1000.0, 990.1),
        (995.0, 995.0),
    ]
    assert reader.max_drawdown() == pytest.approx(0.0099)
