"""The composition root: every concrete class is named here, and importing it does nothing.

`gunicorn api_server:app` serves it (gunicorn.conf.py starts the engine after the fork);
`python api_server.py` starts a one-worker gunicorn.
"""

import os
import socket
import sys
import uuid
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import load_dotenv
from flask import Flask

from services.lease_worker import LEASE_MS, LeaseWorker
from services.market_choice import settled_market
from services.notifications.announcing import Announcer
from services.notifications.apprise_channel import AppriseChannel
from services.notifications.channels import Channel
from services.notifications.composing import Composer
from services.notifications.delivery import Delivery
from services.notifications.mail import EmailChannel, MailSettings
from services.notifications.push import PushChannel, PushSettings
from services.notifications.secret_box import SecretBox, kept_key
from services.notifications.sms import SmsChannel, TwilioSettings
from services.notifications.unsubscribing import Unsubscribing
from services.notifications.watch import Watch
from services.notifications.worker import Desk, deliver
from src.backtest_queue import backtest_defaults, backtest_worker
from src.clock import SystemClock
from src.config import Settings, TradingMode, load_settings
from src.database import (
    ENGINE_LEASE,
    NOTIFICATIONS_LEASE,
    Commands,
    Database,
    Lease,
    NotificationPreferences,
    SqlJournal,
    StoredSettings,
    open_database,
)
from src.logs import configure_logging
from src.web.app import create_web
from src.web.dependencies import NotificationGear, WebDependencies, WebFacts

if TYPE_CHECKING:
    from src.exchange.bybit.simulator_control import Step
    from src.monitors.configuration import BrokerMaker, MonitorPorts
    from src.monitors.monitor import Monitor
    from src.monitors.pacing import Pacer
    from src.web.relay import Relay

ROOT = Path(__file__).resolve().parent
VERSION = "0.1.0"


def create_app(settings: Settings) -> Flask:
    """The web application of one worker, with its `Runtime` in `extensions["runtime"]`."""
    configure_logging(settings.log_directory)
    database = open_database(settings.database_url)
    market = settled_market(settings.market_data, StoredSettings(database))
    notifications = notification_gear(settings)
    web = create_web(
        WebDependencies(
            secret_key=settings.secret_key,
            facts=WebFacts(
                environment=settings.environment_word(market),
                mode=settings.trading_mode.value,
                market_data=market,
                simulated=market == "simulator",
                version=VERSION,
            ),
            database=database,
            clock=SystemClock(),
            initial_balance=settings.initial_balance,
            cors_origins=settings.cors_origins,
            frontend_directory=ROOT / "frontend" / "dist",
            notifications=notifications,
            backtest_defaults=backtest_defaults(settings, market),
        )
    )
    web.app.extensions["runtime"] = Runtime(settings, market, database, web.relay, notifications)
    return web.app


class Runtime:
    """The background work of one worker process: the event relay and three candidates.

    They are for the engine, for the delivery of notifications and for the queue of backtests.
    """

    def __init__(
        self,
        settings: Settings,
        market: str,
        database: Database,
        relay: "Relay",
        notifications: NotificationGear,
    ) -> None:
        from src.monitors.runtime import EngineRuntime

        self._relay = relay
        self._engine = EngineRuntime(
            lambda: Lease(database, ENGINE_LEASE, lease_holder(), SystemClock()),
            lambda epoch: build_monitor(settings, market, database, epoch),
        )
        self._notifications = LeaseWorker(
            NOTIFICATIONS_LEASE,
            lambda: Lease(database, NOTIFICATIONS_LEASE, lease_holder(), SystemClock(), LEASE_MS),
            lambda tenure: deliver(
                notification_desk(settings, market, database, notifications, tenure.epoch),
                tenure.over,
            ),
            lambda: self._engine.elected,
        )
        self._backtests = backtest_worker(
            settings, market, database, lease_holder, lambda: self._engine.elected
        )

    def start(self) -> None:
        """Start all, after the fork. A busy engine must let web threads in between."""
        sys.setswitchinterval(0.0005)
        self._relay.start()
        self._engine.start()
        self._notifications.start()
        self._backtests.start()

    def stop(self) -> None:
        """Hand everything over and stop the relay."""
        self._engine.stop()
        self._backtests.stop()
        self._notifications.stop()
        self._relay.stop()


def notification_gear(settings: Settings) -> NotificationGear:
    """Every channel, set up or not (those that are not say what to set), and the keys."""
    push = PushChannel(
        PushSettings(
            settings.data_directory / "vapid.pem",
            settings.public_url or f"mailto:{settings.from_email or 'nobody@example.com'}",
        )
    )
    box = SecretBox(kept_key(settings.data_directory / "secrets.key"))
    channels = (*mail_and_text(settings), push, AppriseChannel())
    return NotificationGear(channels, box, push.public_key, settings.public_url)


def notification_desk(
    settings: Settings, market: str, database: Database, gear: NotificationGear, epoch: int
) -> Desk:
    """What the process works on that delivers notifications; only that one learns to draw."""
    from services.notifications.pictures import Pictures

    environment, clock = settings.environment_word(market), SystemClock()
    links = Unsubscribing(
        NotificationPreferences(database), settings.secret_key, gear.public_url, clock
    )
    composer = Composer(
        simulated=market == "simulator",
        picture=Pictures(database, environment, settings.entry_timeframe),
        unsubscribe=links.link,
    )
    delivery = Delivery(database, environment, gear.channels, gear.box, composer, clock, epoch)
    announcer = Announcer(database, environment, clock, epoch)
    return Desk(delivery, Watch(database, environment, announcer, clock))


def mail_and_text(settings: Settings) -> tuple[Channel, ...]:
    """The channels that need settings."""
    return (
        EmailChannel(
            MailSettings(
                settings.smtp_server,
                settings.smtp_port,
                settings.smtp_user,
                settings.smtp_password,
                settings.from_email,
            )
        ),
        SmsChannel(
            TwilioSettings(
                settings.twilio_account_sid,
                settings.twilio_auth_token,
                settings.twilio_from_number,
            )
        ),
    )


def lease_holder() -> str:
    """Names this process for the lease: `host:pid:random`."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def build_monitor(
    settings: Settings, market: str, database: Database, epoch: int, pacer: "Pacer | None" = None
) -> "Monitor":
    """The monitor of `market` (`bybit` or `simulator`), writing under lease `epoch`.

    Only the elected process calls this, so only it loads the strategy and the exchange client.
    `pacer` replaces the market's own, for whoever steps a lock-step market from outside.
    """
    from src import trading_rules
    from src.monitors.configuration import MonitorConfig
    from src.monitors.monitor import Monitor
    from src.monitors.status import MarketFacts

    environment = settings.environment_word(market)
    journal = SqlJournal(database, environment, epoch)
    commands = Commands(database, environment, SystemClock(), epoch)
    make_broker = broker_maker(settings, market)
    ports, lock_step = market_ports(settings, market, make_broker, journal, commands, epoch)
    if pacer is not None:
        ports = replace(ports, pacer=pacer)
    return Monitor(
        MonitorConfig(
            symbols=settings.symbols,
            timeframe=settings.entry_timeframe,
            risk=trading_rules.risk_settings(settings),
            parameters=trading_rules.strategy_parameters(settings),
            facts=MarketFacts(
                environment, settings.trading_mode.value, market, market == "simulator"
            ),
            match_on_ticks=not lock_step,
            guards=trading_rules.guard_settings(settings),
            smt_peers=settings.smt_peers,
        ),
        ports,
    )


def broker_maker(settings: Settings, market: str) -> "BrokerMaker":
    """What builds the trading venue of the settings' mode: paper, or an account at Bybit."""
    from services.trading_account import account_key, bybit_venue, exchange_environment, paper_venue
    from src.trading_rules import trading_costs

    if settings.trading_mode is TradingMode.PAPER:
        leverage = Decimal(settings.max_leverage)
        return paper_venue(
            trading_costs(settings), settings.initial_balance, leverage, settings.stop_trigger
        )
    return bybit_venue(
        exchange_environment(settings.trading_mode, market, settings.simulator_url),
        account_key(settings.bybit_api_key, settings.bybit_api_secret, settings.secret_key),
        settings.stop_trigger,
        settings.confirmed_uid,
    )


def market_ports(
    settings: Settings,
    market: str,
    make_broker: "BrokerMaker",
    journal: SqlJournal,
    commands: Commands,
    epoch: int,
) -> "tuple[MonitorPorts, bool]":
    """The monitor's outside, and whether the market is a lock-step replay."""
    from services.trading_account import exchange_environment
    from src.exchange.bybit import BybitMarketData, StreamSettings
    from src.exchange.bybit.simulator_control import market_status, step
    from src.monitors.configuration import MonitorPorts
    from src.monitors.pacing import LockStepPace, MarketPace

    clock = SystemClock()
    exchange = exchange_environment(settings.trading_mode, market, settings.simulator_url)
    if market != "simulator":
        data = BybitMarketData(exchange, clock)
        return MonitorPorts(
            data, data.server_time, make_broker, journal, clock, MarketPace(), epoch, commands
        ), False
    url = settings.simulator_url
    lock_step = market_status(url).mode == "lockstep"
    data = BybitMarketData(exchange, clock, StreamSettings(watch_freshness=not lock_step))
    return MonitorPorts(
        market=data,
        market_now=lambda: market_status(url).market_time,
        make_broker=make_broker,
        journal=journal,
        clock=clock,
        pacer=LockStepPace(lambda: released(step(url))) if lock_step else MarketPace(),
        epoch=epoch,
        commands=commands,
    ), lock_step


def released(step: "Step") -> tuple[int, bool]:
    """A simulator's step as the pacer wants it: market time and whether it was the last."""
    return step.market_time, step.finished


def __getattr__(name: str) -> Flask:
    """Build `app` when a server asks for it: settings are read then, not at import."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    load_dotenv(ROOT / ".env")
    return create_app(load_settings(os.environ))


if __name__ == "__main__":
    gunicorn = [sys.executable, "-m", "gunicorn", "-w", "1", "api_server:app"]
    os.chdir(ROOT)
    os.execv(sys.executable, gunicorn)  # noqa: S606 - replaces this process, no shell involved
