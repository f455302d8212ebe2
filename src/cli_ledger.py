"""`flask ledger check`: whether the trades and the wallet tell the same story."""

from decimal import Decimal

import click

from services.market_choice import settled_market
from src.cli_settings import read_settings
from src.clock import SystemClock
from src.config import MarketDataSource, Settings, TradingMode
from src.database import StoredSettings, open_database
from src.database.account_reader import read_account
from src.domain.errors import TradingSystemError
from src.engine.account_book import LedgerLine, LedgerReport, check_ledger

_COLUMNS = ("gross", "fees", "funding", "slippage", "net")


@click.group()
def ledger() -> None:
    """The money: every trade, and the wallet they add up to."""


@ledger.command("check")
@click.option("--quiet", is_flag=True, help="Print only the sum and what differs.")
def check(quiet: bool) -> None:
    """Add every trade up from its executions; exits with 1 unless all ties to the wallet."""
    settings = read_settings()
    try:
        report = _report(settings)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    for line in () if quiet else report.lines:
        click.echo(_printed(line))
    click.echo(_printed(report.total))
    click.echo(
        f"Opening wallet {report.opening:f} + net {report.total.net:f} = {report.expected:f}; "
        f"the wallet holds {report.wallet:f}."
    )
    if report.differences:
        raise click.ClickException("The ledger does not tie:\n" + "\n".join(report.differences))
    click.echo(f"{len(report.lines)} trades tie to the wallet to the cent.")


def _report(settings: Settings) -> LedgerReport:
    database = open_database(settings.database_url)
    market = settled_market(settings.market_data, StoredSettings(database))
    stored = read_account(database, settings.environment_word(market))
    database.dispose()
    if settings.trading_mode is TradingMode.PAPER:
        wallet = _paper_wallet(settings, stored.venue_state)
    else:
        wallet = _bybit_wallet(settings, market)
    opening = wallet if stored.opening is None else stored.opening
    return check_ledger(stored.trades, stored.fills, stored.payments, opening, wallet)


def _paper_wallet(settings: Settings, state: str | None) -> Decimal:
    from src.exchange.paper import stored_wallet

    return settings.initial_balance if state is None else stored_wallet(state)


def _bybit_wallet(settings: Settings, market: str) -> Decimal:
    """The wallet as Bybit says it, over HTTP. Raises errors of the ExchangeError tree."""
    from src.exchange.bybit import (
        DEMO,
        LIVE,
        TESTNET,
        ApiKey,
        account_wallet,
        simulator_environment,
    )

    hosts = {TradingMode.DEMO: DEMO, TradingMode.TESTNET: TESTNET, TradingMode.LIVE: LIVE}
    environment = hosts[settings.trading_mode]
    if market == MarketDataSource.SIMULATOR:
        environment = simulator_environment(settings.simulator_url)
    key = ApiKey(settings.bybit_api_key or "", settings.bybit_api_secret or "")
    return account_wallet(environment, key, SystemClock())


def _printed(line: LedgerLine) -> str:
    figures = " ".join(f"{name} {getattr(line, name):+.8f}" for name in _COLUMNS)
    name = f"{line.order_link_id} {line.symbol}".strip()
    return f"{name:<40} {line.status.value:<6} {figures}"
