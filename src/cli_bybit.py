"""Commands about the Bybit account of the settings."""

import logging

import click

from services.market_choice import settled_market
from services.trading_account import account_key, exchange_environment
from src.cli_settings import read_settings
from src.clock import SystemClock
from src.config import Settings, TradingMode
from src.database import StoredSettings, open_database
from src.domain.errors import SettingsError


@click.group()
def bybit() -> None:
    """The Bybit account that TRADING_MODE means."""


@bybit.command("check")
def check() -> None:
    """Look at host, key and account as a start would, and say what to change.

    Places no order and changes nothing. Exits with 1 when trading would not start.
    """
    from src.exchange.bybit.preflight import preflight

    logging.getLogger("src.exchange").setLevel(logging.ERROR)
    settings = read_settings()
    if settings.trading_mode is TradingMode.PAPER:
        raise click.ClickException(
            "TRADING_MODE=paper needs no account: write demo, testnet or live to check one."
        )
    environment = exchange_environment(
        settings.trading_mode, _market(settings), settings.simulator_url
    )
    key = account_key(settings.bybit_api_key, settings.bybit_api_secret, settings.secret_key)
    clock = SystemClock()
    checks = preflight(environment, key, clock, settings.symbols, settings.confirmed_uid)
    for found in checks:
        word = "ok" if not found.remedy else "warn" if found.is_warning else "FAIL"
        click.echo(f"{word:4}  {found.name:13}  {found.finding}")
        if found.remedy:
            click.echo(f"{'':19}  -> {found.remedy}")
    if not all(found.passed for found in checks):
        raise click.exceptions.Exit(1)


def _market(settings: Settings) -> str:
    """Where this installation trades; without a database yet, at Bybit."""
    try:
        store = StoredSettings(open_database(settings.database_url))
        return settled_market(settings.market_data, store)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
