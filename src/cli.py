"""Commands: `flask prepare | market | simulator | bybit | users | candles | backtest | ledger` and
`flask optimise | walk-forward | ablate | trials | analyze | certify`.

`.flaskenv` names this module. `simulator`, `analyze` and `certify` need no settings; the others
read them when they run, so `flask --help` works on a fresh clone.
"""

import json
import logging
from pathlib import Path
from typing import Any

import click
from flask import Flask

from services.auth import DEMO_EMAIL, change_password, demo_user_exists, ensure_demo_user
from services.market_choice import MARKETS, SETTING, settle_market, settled_market
from services.notifications.secret_box import SecretBox, kept_key
from src.cli_backtest import backtest
from src.cli_backtest_job import backtest_job
from src.cli_bybit import bybit
from src.cli_candles import candles
from src.cli_ledger import ledger
from src.cli_search import ablate, optimise, trials, walk_forward
from src.cli_settings import ROOT, read_settings
from src.cli_strategy import analyze, certify
from src.config import MarketDataSource, TradingMode
from src.database import StoredSettings, migrate, open_database
from src.database.notification_targets import NotificationTargets
from src.domain.errors import InvalidInput, SettingsError, TradingSystemError
from src.logs import FORMAT


def create_cli_app() -> Flask:
    """A Flask application that serves nothing and carries the commands."""
    application = Flask("ict_trading_system")
    lab = (candles, backtest, backtest_job, optimise, walk_forward, ablate, trials)
    for command in (prepare, market, simulator, bybit, users, *lab, ledger, analyze, certify):
        application.cli.add_command(command)
    return application


@click.command()
def prepare() -> None:
    """Get everything ready to serve: schema, demo user (development), market, compiled strategy."""
    from src.exchange.bybit import LIVE, bybit_answers
    from src.strategy.parameters import with_additions
    from src.strategy.symbol_strategy import compile_kernels

    settings = read_settings(serves=True)
    try:
        parameters = with_additions(settings.strategy_additions)
    except SettingsError as wrong:
        raise click.ClickException(f"STRATEGY_ADDITIONS: {wrong}") from None
    for notice in settings.notices:
        click.echo(notice)
    settings.data_directory.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    database = open_database(settings.database_url)
    box = SecretBox(kept_key(settings.data_directory / "secrets.key"))
    NotificationTargets(database).seal(lambda text: not box.is_sealed(text), box.seal)
    if not settings.production:
        ensure_demo_user(database)
    elif demo_user_exists(database):
        raise click.ClickException(
            f"The database holds the demo user {DEMO_EMAIL} with the password everybody knows: "
            f"give it another with `flask users password {DEMO_EMAIL}`."
        )
    market_name, why = settle_market(
        settings.market_data, StoredSettings(database), lambda: bybit_answers(LIVE, timeout=5)
    )
    click.echo(why)
    database.dispose()
    compile_kernels(click.echo, parameters)
    click.echo(f"Ready: {settings.trading_mode} trading on the {market_name} market.")


@click.group()
def market() -> None:
    """Where prices come from."""


@market.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for scripts.")
def market_show(as_json: bool) -> None:
    """Print the market in use and, when it is simulated, whether the simulator answers."""
    from src.exchange.bybit.simulator_control import simulator_answers

    settings = read_settings()
    store = StoredSettings(open_database(settings.database_url))
    try:
        name = settled_market(settings.market_data, store)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    answers = name == MarketDataSource.SIMULATOR and simulator_answers(settings.simulator_url)
    if as_json:
        facts = {
            "market": name,
            "account": settings.trading_mode is not TradingMode.PAPER,
            "simulator_url": settings.simulator_url,
            "simulator_answers": answers,
            "symbols": ",".join(settings.symbols),
            "data_directory": str(settings.data_directory.resolve()),
        }
        click.echo(json.dumps(facts))
        return
    click.echo(f"{name}{'' if name == 'bybit' else f' at {settings.simulator_url}'}")


@market.command("use")
@click.argument("name", type=click.Choice(MARKETS))
def market_use(name: str) -> None:
    """Change what MARKET_DATA=auto was settled as; takes effect at the next start."""
    settings = read_settings()
    StoredSettings(open_database(settings.database_url)).set(SETTING, name)
    click.echo(f"MARKET_DATA=auto now means {name}. Restart to use it.")


@click.command()
@click.option("--port", default=8899, show_default=True)
@click.option("--symbols", default="BTCUSDT,ETHUSDT,SOLUSDT", show_default=True)
@click.option("--candles", multiple=True, metavar="SYMBOL=CSV", help="Serve recorded candles.")
@click.option(
    "--speed", type=click.FloatRange(min=1), help="Market seconds per second while catching up."
)
@click.option("--seed", type=int, help="Another synthetic market.")
@click.option("--lockstep", is_flag=True, help="Time moves only by POST /simulator/step.")
@click.option("--start", type=int, help="Lock-step: where the clock stands at first, UTC ms.")
@click.option("--end", type=int, help="Lock-step: where the clock stops, UTC ms.")
@click.option("--api-key", help="Open a trading account with play money for this key.")
@click.option("--api-secret", help="The secret that belongs to --api-key.")
@click.option("--account", is_flag=True, help="Open the account of this installation's settings.")
@click.option(
    "--faults", type=click.Path(path_type=Path), metavar="FILE",
    help="What goes wrong and when (YAML or JSON; docs/simulator.md).",
)  # fmt: skip
@click.option("--demo/--no-demo", default=True, help="Rules of Demo Trading for the account.")
@click.option(
    "--keep-account/--forget-account", default=None,
    help="Whether the account outlives the process [default: kept, but not in lock-step].",
)  # fmt: skip
@click.option("--data-directory", type=click.Path(path_type=Path), default=ROOT / "data")
@click.option("--exit-with-parent", is_flag=True, help="End when the starting process is gone.")
def simulator(symbols: str, account: bool, **options: Any) -> None:
    """Serve a simulated Bybit on loopback until Ctrl-C."""
    from services.trading_account import account_key
    from src.simulator.command import simulator_command

    logging.basicConfig(level=logging.INFO, format=FORMAT)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    if account:
        settings = read_settings()
        key = account_key(settings.bybit_api_key, settings.bybit_api_secret, settings.secret_key)
        options |= {"api_key": key.key, "api_secret": key.secret}
        options["balance"] = settings.initial_balance
    try:
        simulator_command(symbols=symbols.split(","), **options)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None


@click.group()
def users() -> None:
    """Accounts."""


@users.command("password")
@click.argument("email")
@click.password_option()
def users_password(email: str, password: str) -> None:
    """Give the account of EMAIL a new password and sign it out everywhere."""
    try:
        change_password(open_database(read_settings().database_url), email, password)
    except InvalidInput as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{email} has a new password and is signed out everywhere.")
