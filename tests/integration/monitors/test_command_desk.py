"""Pause, withdraw, close and kill: on every venue, through crashes, each exactly once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from src.database import Commands, Database, SqlJournal, migrate, open_database
from src.database.account_reader import read_account
from src.database.rows import trade_from
from src.database.tables import paper_trades
from src.domain.candle import Candle, Timeframe
from src.domain.command import CommandType, Outcome
from src.domain.errors import Rejected
from src.domain.order import Direction, FillReason
from src.domain.signal import SetupUpdate
from src.domain.trade import TradeStatus
from src.engine import Engine
from src.engine.account_book import check_ledger
from src.monitors.command_desk import TRY_AGAIN_MS, CommandDesk
from src.monitors.trading_step import TradingStep
from src.strategy.symbol_strategy import SymbolStrategy
from tests.contract.venues import STEP, SYMBOL, VENUES, PaperVenue, VenueUnderContract, paper_broker
from tests.integration.monitors.running import ManualClock
from tests.product import wait_until
from tests.unit.engine.builders import INSTRUMENTS, SETTINGS, setup

TRADER = "trader@example.com"
ENVIRONMENT = "demo"


class Scripted:
    """A strategy that says what it was told to say, once."""

    def __init__(self) -> None:
        self.says: list[SetupUpdate] = []

    def update(self, candles: Sequence[Candle], *_: object) -> list[SetupUpdate]:
        said, self.says = self.says, []
        return said


class Killed(Exception):
    """The process ends here."""


class DyingCommands(Commands):
    """A command log whose process dies as it is about to record an outcome."""

    def complete(self, command_id: int, outcome: Outcome, sentence: str) -> None:
        raise Killed


class Desk:
    """One life of the trading worker after another, on one venue and one database."""

    def __init__(self, venue: VenueUnderContract, database: Database) -> None:
        self.venue = venue
        self.database = database
        self.clock = ManualClock(1_000_000)
        self.price = 50_100.0
        self.commands = Commands(database, ENVIRONMENT, self.clock)
        self.start()

    def start(self, log: Commands | None = None) -> None:
        """Be born from what is stored."""
        self.journal = SqlJournal(self.database, ENVIRONMENT)
        book = self.journal.load_book()
        if isinstance(self.venue, PaperVenue):
            self.venue.broker = paper_broker(book.venue_state or self.venue.broker.snapshot())
        else:
            self.venue.restart()
        self.engine = Engine(SETTINGS, INSTRUMENTS, ENVIRONMENT, book)
        self.strategy = Scripted()
        strategies = {SYMBOL: cast(SymbolStrategy, self.strategy)}
        self.step = TradingStep(self.engine, self.venue.broker, self.journal, strategies)
        self.step.reconcile(self.venue.now())
        self.desk = CommandDesk(self.step, log or self.commands, self.clock)

    def candle_at(self, price: float, *updates: SetupUpdate) -> None:
        """The market trades at a price and its candle closes."""
        opened, self.price = self.venue.now(), price
        self.venue.trade_at(price)
        self.strategy.says = list(updates)
        candle = Candle(SYMBOL, Timeframe.M5, opened, price, price, price, price, 1.0)
        self.step.on_candles([candle], self.venue.now())

    def armed(self) -> SetupUpdate:
        """A long at 50,000, stop 49,800, target 50,600, known when the next candle closes."""
        now = self.venue.now() + STEP
        return setup(armed_at=now, known_at=now)

    def rest(self) -> None:
        """Have an entry rest."""
        self.candle_at(50_100.0, self.armed())
        assert len(self.engine.resting_orders) == 1

    def enter(self) -> str:
        """Have an open trade; its signal id."""
        self.rest()
        self.candle_at(49_990.0)
        wait_until(self._absorbed, 60, "the entry to fill")
        return self.engine.open_trades[0].signal_id

    def _absorbed(self) -> bool:
        self.venue.broker.refresh()
        self.step.absorb(self.venue.now())
        return bool(self.engine.open_trades)

    def ask(self, type_: CommandType, **payload: str) -> int:
        return int(self.commands.request(type_.value, payload, TRADER)["id"])

    def look(self) -> None:
        """The desk looks, then the market trades on where it is."""
        self.clock.advance(1_000)
        self.desk.handle(self.venue.now())
        self.venue.trade_at(self.price)

    def outcome(self, command_id: int) -> tuple[str, str]:
        """How the command ended, once it has."""

        def ended() -> bool:
            self.look()
            return self._view(command_id)["outcome"] is not None

        wait_until(ended, 60, "the command to end")
        view = self._view(command_id)
        return view["outcome"], view["sentence"]

    def steps(self, command_id: int) -> list[dict[str, object]]:
        """What was told of each step so far."""
        view = self.commands.find(command_id)
        assert view is not None
        return list(view["steps"])

    def _view(self, command_id: int) -> dict[str, str]:
        view = self.commands.find(command_id)
        assert view is not None
        return view

    def refusals(self) -> tuple[str, ...]:
        """What a new setup is told."""
        (change,) = self.engine.on_setup(
            setup(armed_at=self.venue.now()), self.venue.broker.balance(), self.venue.now()
        )
        return change.signal.refusals  # type: ignore[union-attr]  # one change is a refusal

    def exits(self) -> list[FillReason | None]:
        """Why each closed trade was left."""
        with self.database.reading() as connection:
            rows = connection.execute(paper_trades.select()).mappings().all()
        trades = [trade_from(row) for row in rows]
        return [trade.exit_reason for trade in trades if trade.status is TradeStatus.CLOSED]


@pytest.fixture(params=list(VENUES.values()), ids=list(VENUES))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    database = open_database(url)
    open_venue: Callable[[], AbstractContextManager[VenueUnderContract]] = request.param
    with open_venue() as venue:
        yield Desk(venue, database)
    database.dispose()


def test_a_trade_is_closed_by_hand_once_and_says_so(desk: Desk) -> None:
    signal_id = desk.enter()
    asked = desk.ask(CommandType.CLOSE_TRADE, signalId=signal_id)
    assert desk.outcome(asked) == ("done", "The trade was closed at market.")
    assert desk.exits() == [FillReason.MANUAL]
    assert desk.venue.broker.positions() == ()
    again = desk.ask(CommandType.CLOSE_TRADE, signalId=signal_id)
    assert desk.outcome(again) == ("done", "The trade is not open.")


def test_withdrawing_entries_leaves_open_trades_and_later_entries_alone(desk: Desk) -> None:
    desk.rest()
    asked = desk.ask(CommandType.CANCEL_ENTRIES)
    assert desk.outcome(asked) == ("done", "Resting entries withdrawn: 1.")
    assert (desk.engine.resting_orders, desk.venue.broker.resting()) == ((), ())
    signal_id = desk.enter()
    asked = desk.ask(CommandType.CANCEL_ENTRIES)
    assert desk.outcome(asked) == ("done", "Resting entries withdrawn: 0.")
    assert [trade.signal_id for trade in desk.engine.open_trades] == [signal_id]
    assert desk.venue.broker.positions()[0].stop_loss == Decimal("49800.0")


def test_closing_all_does_not_stop_new_entries(desk: Desk) -> None:
    desk.enter()
    asked = desk.ask(CommandType.CLOSE_ALL)
    assert desk.outcome(asked) == ("done", "Closed at market: BTCUSDT.")
    assert desk.exits() == [FillReason.MANUAL]
    desk.rest()
    stored = read_account(desk.database, ENVIRONMENT)
    assert stored.opening == 1000
    wallet = desk.venue.broker.balance().wallet
    report = check_ledger(stored.trades, stored.fills, stored.payments, stored.opening, wallet)
    assert report.differences == ()


def test_the_kill_switch_closes_what_is_held_and_stands_until_it_is_released(desk: Desk) -> None:
    desk.enter()
    outcome, sentence = desk.outcome(desk.ask(CommandType.KILL))
    assert outcome == "done"
    assert "Closed at market: BTCUSDT." in sentence
    assert desk.venue.broker.positions() == ()
    desk.start()
    assert desk.refusals() == ("New entries are paused: the kill switch is pressed.",)
    resumed = desk.ask(CommandType.RESUME_ENTRIES)
    assert desk.outcome(resumed)[0] == "refused"
    assert desk.engine.blocks.paused is not None
    desk.outcome(desk.ask(CommandType.RESUME))
    desk.rest()


def test_the_kill_switch_withdraws_what_rests(desk: Desk) -> None:
    desk.rest()
    outcome, sentence = desk.outcome(desk.ask(CommandType.KILL))
    assert (outcome, desk.venue.broker.resting()) == ("done", ())
    assert sentence.startswith("Resting entries withdrawn: 1. Closed at market: nothing was open.")


def test_a_pause_outlives_the_process_and_leaves_the_open_trade(desk: Desk) -> None:
    desk.enter()
    desk.outcome(desk.ask(CommandType.PAUSE_ENTRIES))
    desk.start()
    assert len(desk.engine.open_trades) == 1
    assert desk.refusals()[0] == "New entries are paused: a person paused them."
    desk.outcome(desk.ask(CommandType.RESUME_ENTRIES))
    assert desk.engine.blocks.paused is None


@pytest.mark.parametrize("moment", ["before the close", "after the close", "before the answer"])
@pytest.mark.parametrize("wish", [CommandType.CLOSE_TRADE, CommandType.KILL])
def test_a_process_killed_in_the_middle_closes_exactly_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str, wish: CommandType
) -> None:
    signal_id = desk.enter()
    payload = {"signalId": signal_id} if wish is CommandType.CLOSE_TRADE else {}
    asked = desk.ask(wish, **payload)
    if moment == "before the answer":
        desk.start(DyingCommands(desk.database, ENVIRONMENT, desk.clock))
    else:
        close = desk.venue.broker.close_position

        def dies(symbol: str, direction: Direction, quantity: Decimal, link_id: str) -> None:
            if moment == "after the close":
                close(symbol, direction, quantity, link_id)
            raise Killed

        monkeypatch.setattr(desk.venue.broker, "close_position", dies)
    with pytest.raises(Killed):
        wait_until(desk.look, 60, "the process to be killed")
    monkeypatch.undo()
    desk.start()
    assert desk.outcome(asked)[0] == "done"
    assert desk.exits() == [FillReason.MANUAL]
    assert desk.venue.broker.positions() == ()


def test_a_close_the_exchange_keeps_refusing_fails_in_its_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal_id = desk.enter()

    def refuse(*_: object) -> None:
        raise Rejected("the market is closed for maintenance")

    monkeypatch.setattr(desk.venue.broker, "close_position", refuse)
    asked = desk.ask(CommandType.CLOSE_TRADE, signalId=signal_id)
    failed = ("failed", "The exchange refuses: the market is closed for maintenance")
    assert desk.outcome(asked) == failed


def test_the_kill_switch_tells_every_step_until_the_exchange_has_confirmed_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal is told in the exchange's words, and trying goes on."""
    desk.enter()
    close, refusals = desk.venue.broker.close_position, ["the market is closed for maintenance"]

    def refuse_once(symbol: str, direction: Direction, quantity: Decimal, link_id: str) -> None:
        if refusals:
            raise Rejected(refusals.pop())
        close(symbol, direction, quantity, link_id)

    monkeypatch.setattr(desk.venue.broker, "close_position", refuse_once)
    asked = desk.ask(CommandType.KILL)
    desk.look()
    (step,) = desk.steps(asked)
    assert (step["kind"], step["symbol"], step["direction"]) == ("position", SYMBOL, "long")
    assert (step["state"], step["note"]) == ("refused", "the market is closed for maintenance")
    desk.clock.advance(TRY_AGAIN_MS)
    assert desk.outcome(asked)[0] == "done"
    assert [(step["state"], step["note"]) for step in desk.steps(asked)] == [("done", None)]


def test_a_restart_goes_on_with_the_steps_that_were_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.rest()
    desk.start(DyingCommands(desk.database, ENVIRONMENT, desk.clock))
    asked = desk.ask(CommandType.KILL)
    with pytest.raises(Killed):
        wait_until(desk.look, 60, "the process to be killed")
    desk.start()
    assert desk.outcome(asked)[0] == "done"
    assert [(step["kind"], step["state"]) for step in desk.steps(asked)] == [("entry", "done")]


def test_a_command_nobody_knows_is_refused(desk: Desk) -> None:
    asked = int(desk.commands.request("sell_everything", {}, TRADER)["id"])
    assert desk.outcome(asked) == ("refused", "There is no command sell_everything.")
