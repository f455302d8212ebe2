"""Moving a stop or a target: on every venue, inside the rules, told under the asker's name."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from src.database import EventLog, migrate, open_database
from src.domain.command import CommandType
from src.domain.order import FillReason
from tests.integration.exchange.bybit_venue import bybit_venue
from tests.integration.monitors.test_command_desk import (
    ENVIRONMENT,
    TRADER,
    Desk,
    DyingCommands,
    Killed,
    desk,
)
from tests.integration.simulator.faults import inject
from tests.product import wait_until

__all__ = ["desk"]


def levels(desk: Desk) -> tuple[float, float]:
    """Stop and target of the open trade, which are those the venue watches and the journal has."""
    (trade,) = desk.engine.open_trades
    (position,) = desk.venue.broker.positions()
    (stored,) = desk.journal.load_book().open_trades
    assert (position.stop_loss, position.take_profit) == (trade.stop_loss, trade.take_profit)
    assert stored == trade
    return float(trade.stop_loss), float(trade.take_profit)


def moves(desk: Desk) -> list[dict[str, Any]]:
    events = EventLog(desk.database, ENVIRONMENT).after(0, 1_000)
    return [event.payload["move"] for event in events if event.type == "stop_moved"]


def move(desk: Desk, signal_id: str, price: str, type_: str = "move_stop") -> tuple[str, str]:
    return desk.outcome(desk.ask(CommandType(type_), signalId=signal_id, price=price))


def test_a_stop_moved_nearer_is_what_the_venue_watches_and_fires(desk: Desk) -> None:
    signal_id = desk.enter()
    risk = desk.engine.open_trades[0].risk_amount
    done = move(desk, signal_id, "49900")
    assert done == ("done", "The stop of BTCUSDT long was moved from 49800 to 49900.")
    assert levels(desk) == (49_900, 50_600)
    assert desk.engine.open_trades[0].risk_amount == risk
    stop = {"from": 49_800.0, "to": 49_900.0}
    assert moves(desk) == [{"stop": stop, "target": None, "by": TRADER}]
    again = move(desk, signal_id, "49900")
    assert again == ("done", "The stop of BTCUSDT long stands at 49900 already.")
    desk.start()
    assert levels(desk) == (49_900, 50_600)
    desk.candle_at(49_890.0)
    assert desk.exits() == [FillReason.STOP]


def test_break_even_keeps_what_entering_and_leaving_cost(desk: Desk) -> None:
    signal_id = desk.enter()
    asked = desk.ask(CommandType.MOVE_STOP, signalId=signal_id)
    outcome, sentence = desk.outcome(asked)
    assert outcome == "refused"
    assert sentence.endswith("has to lie below the present price 49990.")
    desk.candle_at(50_400.0)
    (trade,) = desk.engine.open_trades
    assert desk.outcome(desk.ask(CommandType.MOVE_STOP, signalId=signal_id))[0] == "done"
    stop = Decimal(str(levels(desk)[0]))
    gross = (stop - trade.entry_price) * trade.quantity
    costs = trade.fees + stop * trade.quantity * Decimal("0.00055")
    assert Decimal(0) <= gross - costs <= Decimal("0.1") * trade.quantity


def test_a_target_goes_to_the_tick_that_receives_less(desk: Desk) -> None:
    signal_id = desk.enter()
    assert move(desk, signal_id, "50700.07", "move_target")[0] == "done"
    assert levels(desk) == (49_800, 50_700.0)
    assert move(desk, signal_id, "49980", "move_target") == (
        "refused",
        "A target at 49980 would be traded at once: the target of a long has to lie above the "
        "present price 49990.",
    )
    assert [told["by"] for told in moves(desk)] == [TRADER]


def test_widening_is_allowed_as_far_as_one_trade_may_risk(desk: Desk) -> None:
    signal_id = desk.enter()
    outcome, sentence = move(desk, signal_id, "49700")
    assert outcome == "refused"
    assert "one trade may risk 9.99" in sentence
    assert sentence.endswith("The stop stays at 49800.")
    assert move(desk, signal_id, "49900.01")[0] == "done"
    assert levels(desk)[0] == 49_900
    assert move(desk, signal_id, "49800")[0] == "done"
    assert levels(desk)[0] == 49_800


def test_a_stop_that_protects_nothing_is_refused(desk: Desk) -> None:
    signal_id = desk.enter()
    outcome, sentence = move(desk, signal_id, "50010")
    assert outcome == "refused"
    assert sentence.startswith("A stop at 50010 would not protect")
    assert levels(desk) == (49_800, 50_600)
    assert moves(desk) == []
    assert move(desk, "another", "49900") == ("refused", "The trade is not open.")


@pytest.mark.parametrize("moment", ["after the move", "before the answer"])
def test_a_process_killed_in_the_middle_moves_once_and_under_the_askers_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    signal_id = desk.enter()
    asked = desk.ask(CommandType.MOVE_STOP, signalId=signal_id, price="49900")
    if moment == "before the answer":
        desk.start(DyingCommands(desk.database, ENVIRONMENT, desk.clock))
        desk.candle_at(49_990.0)
    else:
        really = desk.venue.broker.set_protection

        def dies(symbol: str, stop_loss: Decimal, take_profit: Decimal) -> None:
            really(symbol, stop_loss, take_profit)
            raise Killed

        monkeypatch.setattr(desk.venue.broker, "set_protection", dies)
    with pytest.raises(Killed):
        wait_until(desk.look, 60, "the process to be killed")
    monkeypatch.undo()
    desk.start()
    desk.candle_at(49_990.0)
    assert desk.outcome(asked)[0] == "done"
    assert levels(desk) == (49_900, 50_600)
    assert [told["by"] for told in moves(desk)] == [TRADER]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    """A trading worker on a Bybit account, and the address of its exchange."""
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    database = open_database(url)
    with bybit_venue() as venue:
        yield Desk(venue, database), venue.url
    database.dispose()


def test_a_move_without_an_answer_is_settled_by_looking(account: tuple[Desk, str]) -> None:
    desk, exchange = account
    signal_id = desk.enter()
    inject(exchange, "dropped", path="/v5/position/trading-stop", times=3)
    assert move(desk, signal_id, "49900")[0] == "done"
    assert levels(desk) == (49_900, 50_600)
    assert [told["by"] for told in moves(desk)] == [TRADER]


def test_what_the_exchange_refuses_is_told_in_its_words(account: tuple[Desk, str]) -> None:
    desk, exchange = account
    signal_id = desk.enter()
    inject(exchange, "refused", path="/v5/position/trading-stop", message="not now")
    outcome, sentence = move(desk, signal_id, "49900")
    assert outcome == "refused"
    assert "not now" in sentence
    assert levels(desk) == (49_800, 50_600)
    assert moves(desk) == []
