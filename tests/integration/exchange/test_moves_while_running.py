"""Stops moved through the API and on the exchange while the monitor runs, and while it does not.

The monitor runs on its own thread and trades through pybit at the simulated exchange; the API, the
journal and the mail server are real.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from services.notifications.composing import Composer
from services.notifications.delivery import Delivery
from src.clock import SystemClock
from src.database import Commands, Database, EventLog, SqlJournal, migrate, open_database
from src.domain.candle import Timeframe
from src.exchange.bybit import BybitBroker, BybitMarketData, StreamSettings, simulator_environment
from src.exchange.bybit.simulator_control import market_status
from src.monitors.configuration import MonitorConfig, MonitorPorts
from src.monitors.monitor import Monitor
from src.monitors.pacing import MarketPace
from src.monitors.status import MarketFacts
from src.strategy.parameters import StrategyParameters
from tests.contract.venues import SYMBOL
from tests.integration.exchange.bybit_venue import KEY, QUICK, BybitVenue, bybit_venue
from tests.integration.exchange.test_moved_protection import by_hand
from tests.integration.monitors.test_command_desk import ENVIRONMENT, Desk
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.notifications.support import BOX, add_user, drain, mail_channel
from tests.integration.web.support import CREDENTIALS, FACTS, new_web
from tests.product import wait_until
from tests.unit.engine.builders import SETTINGS

READER = "reader@example.com"


@contextmanager
def monitor_running(venue: BybitVenue, database: Database) -> Iterator[None]:
    """A monitor that trades this account, and a candle that shows it where the market is."""
    exchange, clock = simulator_environment(venue.url), SystemClock()
    facts = MarketFacts(ENVIRONMENT, "demo", "simulator", simulated=True)
    config = MonitorConfig((SYMBOL,), Timeframe.M5, SETTINGS, StrategyParameters(), facts)
    ports = MonitorPorts(
        market=BybitMarketData(exchange, clock, StreamSettings(watch_freshness=False)),
        market_now=lambda: market_status(venue.url).market_time,
        make_broker=lambda _, book: BybitBroker(
            exchange, KEY, clock, book.booked_executions, settings=QUICK
        ),
        journal=SqlJournal(database, ENVIRONMENT),
        clock=clock,
        pacer=MarketPace(),
        epoch=1,
        commands=Commands(database, ENVIRONMENT),
    )
    over = Event()
    thread = Thread(target=Monitor(config, ports).run, args=(over,), daemon=True)
    thread.start()
    try:
        wait_until(lambda: told(database, "monitor_state"), 300, "the monitor to run")
        venue.move(49_990.0)
        yield
    finally:
        over.set()
        thread.join(60)


def told(database: Database, kind: str) -> list[dict[str, Any]]:
    """What was told of a kind so far."""
    events = EventLog(database, ENVIRONMENT).after(0, 1_000)
    return [event.payload for event in events if event.type == kind]


class Dashboard:
    """The API as a person who is signed in uses it."""

    def __init__(self, database: Database, folder: Path) -> None:
        facts = replace(FACTS, environment=ENVIRONMENT)
        web = new_web(database, SystemClock(), folder, facts=facts)
        token = web.authentication.register(**CREDENTIALS, address="192.0.2.1").token
        self._client = web.app.test_client()
        self._bearer = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return self._client.get(path, headers=self._bearer).get_json()

    def ask(self, **wish: object) -> tuple[str, str]:
        """What the engine answers to a command."""
        answer = self._client.post("/api/monitor/commands", json=wish, headers=self._bearer)
        assert answer.status_code == 202, answer.get_json()
        path = f"/api/monitor/commands/{answer.get_json()['command']['id']}"
        wait_until(lambda: self.get(path)["command"]["outcome"], 60, "the engine's answer")
        command = self.get(path)["command"]
        return command["outcome"], command["sentence"]

    def levels(self) -> tuple[float, float]:
        """Stop and target of the open trade."""
        (trade,) = self.get("/api/dashboard/active-trades")["trades"]
        return trade["stopLoss"], trade["takeProfit"]


def new_delivery(database: Database, port: int) -> Delivery:
    """A delivery to the mail server that has looked once: what happens from now on is news."""
    composer = Composer(simulated=True, picture=lambda _: None, unsubscribe=lambda *_: None)
    delivery = Delivery(
        *(database, ENVIRONMENT, [mail_channel(port)], BOX, composer, SystemClock(), None)
    )
    delivery.collect()
    return delivery


def test_stops_moved_by_the_trader_and_on_the_exchange_are_one_story(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    database, mailbox = open_database(url), Mailbox()
    with bybit_venue() as venue, mail_server(mailbox) as port:
        signal_id = Desk(venue, database).enter()
        add_user(database, READER, "stop_moved")
        delivery, dashboard = new_delivery(database, port), Dashboard(database, tmp_path)
        move_stop = partial(dashboard.ask, type="move_stop", signalId=signal_id)
        with monitor_running(venue, database):
            outcome, sentence = move_stop(price=49_700)
            assert (outcome, "one trade may risk" in sentence) == ("refused", True)
            assert move_stop(price=49_900)[0] == "done"
            assert dashboard.levels() == (49_900, 50_600)
            by_hand(venue, stopLoss="49850")
            wait_until(lambda: dashboard.levels() == (49_850, 50_600), 60, "the stop moved by hand")
        by_hand(venue, takeProfit="50700")
        with monitor_running(venue, database):
            wait_until(lambda: dashboard.levels() == (49_850, 50_700), 60, "what moved meanwhile")
            with venue.account() as side:
                assert Decimal(side.position()["stopLoss"]) == 49_850
        assert drain(delivery) == 3
    by = [event["move"]["by"] for event in told(database, "stop_moved")]
    database.dispose()
    assert by == [CREDENTIALS["email"], "exchange", "exchange"]
    assert [str(mail["Subject"]) for mail in mailbox.mails] == [
        "[SIMULATED] Stop moved: BTCUSDT LONG to 49900",
        "[SIMULATED] Stop moved: BTCUSDT LONG to 49850",
        "[SIMULATED] Target moved: BTCUSDT LONG to 50700",
    ]
