"""`flask ledger check`: whether the trades and the wallet tell the same story."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from services.market_choice import settled_market
from src.cli_settings import read_settings
from src.clock import SystemClock
from src.config import Settings, TradingMode
from src.database import Database, StoredSettings, open_database
from src.database.account_reader import StoredAccount, read_account
from src.database.times import to_iso
from src.domain.errors import TradingSystemError
from src.domain.trade import Transfer
from src.engine.account_book import LedgerReport, Statement, check_ledger
from src.engine.ledger_line import LedgerLine

if TYPE_CHECKING:
    from src.exchange.bybit import AccountStatement

_COLUMNS = ("gross", "fees", "funding", "slippage", "net")
_READINGS = 3
_REMEDY = (
    "What to do: run it again in a minute, as what has just happened may not be booked yet. A "
    "trade whose stored sums differ from its executions was changed in the database: restore the "
    "backup. What the exchange booked and the journal does not hold is read again when the monitor "
    "starts. Trades by another hand belong on another account."
)


@click.group()
def ledger() -> None:
    """The money: every trade, and the wallet they add up to."""


@ledger.command("check")
@click.option("--quiet", is_flag=True, help="Print only the sums and what differs.")
def check(quiet: bool) -> None:
    """Add every trade up from its executions; exits with 1 unless all ties to the wallet.

    On a Bybit account every trade is also held against the exchange's own transaction log.
    """
    settings = read_settings()
    try:
        report, note = _report(settings)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    for row in _table(report, quiet=quiet):
        click.echo(row)
    if note is not None:
        click.echo(note)
    if report.differences:
        listed = "\n".join(f"- {sentence}" for sentence in report.differences)
        raise click.ClickException(f"The ledger does not tie:\n{listed}\n{_REMEDY}")
    moved = f" and {_count(len(report.transfers), 'transfer')}" if report.transfers else ""
    verb = "ties" if len(report.lines) == 1 and not moved else "tie"
    click.echo(f"{_count(len(report.lines), 'trade')}{moved} {verb} to the wallet to the cent.")


def _report(settings: Settings) -> tuple[LedgerReport, str | None]:
    """What adds up, and a note for the reader if there is one."""
    database = open_database(settings.database_url)
    try:
        market = settled_market(settings.market_data, StoredSettings(database))
        environment = settings.environment_word(market)
        if settings.trading_mode is TradingMode.PAPER:
            return _paper_report(settings, read_account(database, environment)), None
        return _bybit_report(settings, market, database, environment)
    finally:
        database.dispose()


def _paper_report(settings: Settings, stored: StoredAccount) -> LedgerReport:
    from src.exchange.paper import stored_wallet

    state = stored.venue_state
    wallet = settings.initial_balance if state is None else stored_wallet(state)
    opening = wallet if stored.opening is None else stored.opening
    return check_ledger(stored.trades, stored.fills, stored.payments, opening, wallet)


def _bybit_report(
    settings: Settings, market: str, database: Database, environment: str
) -> tuple[LedgerReport, str | None]:
    """The journal against the account, read while neither of them moved.

    Raises errors of the ExchangeError tree.
    """
    opened_at = read_account(database, environment).opened_at
    before = _statement(settings, market, opened_at)
    for _ in range(_READINGS):
        stored = read_account(database, environment)
        told = _statement(settings, market, opened_at)
        if told.wallet == before.wallet:
            break
        before = told
    opening = told.wallet if stored.opening is None else stored.opening
    statement = Statement(told.lines, stored.live_orders) if told.refusal is None else None
    report = check_ledger(
        stored.trades, stored.fills, stored.payments, opening, told.wallet,
        _all_transfers(stored, told), statement,
    )  # fmt: skip
    refused = "The exchange does not tell its transaction log, so each trade stands on the journal"
    return report, None if told.refusal is None else f"{refused}: {told.refusal}"


def _statement(settings: Settings, market: str, since: int | None) -> "AccountStatement":
    """The account as Bybit tells it, over HTTP. Raises errors of the ExchangeError tree."""
    from services.trading_account import account_key, exchange_environment
    from src.exchange.bybit import account_statement

    key = account_key(settings.bybit_api_key, settings.bybit_api_secret, settings.secret_key)
    mode = settings.trading_mode.value
    environment = exchange_environment(mode, market, settings.simulator_url)
    return account_statement(environment, key, SystemClock(), since)


def _all_transfers(stored: StoredAccount, told: "AccountStatement") -> tuple[Transfer, ...]:
    """Those of the journal, and those it has not heard of yet."""
    known = {transfer.transfer_id for transfer in stored.transfers}
    new = [transfer for transfer in told.transfers if transfer.transfer_id not in known]
    return tuple(sorted([*stored.transfers, *new], key=lambda transfer: transfer.time))


def _table(report: LedgerReport, *, quiet: bool) -> Iterator[str]:
    if report.lines:
        titles = "".join(f"{name:>16}" for name in _COLUMNS)
        yield f"{'trade':<36} {'symbol':<12} {'status':<7}{titles}"
    yield from () if quiet else map(_row, report.lines)
    if report.lines:
        yield _row(report.total)
        yield ""
    for transfer in () if quiet else report.transfers:
        yield f"{to_iso(transfer.time)}  {transfer.kind:<36} {transfer.amount:>+20.8f}"
    if report.transfers and not quiet:
        yield ""
    moved = sum((transfer.amount for transfer in report.transfers), Decimal(0))
    yield from (
        f"{words:<36} {amount:>20.8f}"
        for words, amount, always in (
            ("opening wallet", report.opening, True),
            ("+ net of all trades", report.total.net, True),
            ("+ deposits less withdrawals", moved, bool(report.transfers)),
            ("+ entries and exits under way", report.unbooked, bool(report.unbooked)),
            ("= what the wallet should hold", report.expected, True),
            ("what it holds", report.wallet, True),
            ("difference", report.wallet - report.expected, True),
        )
        if always
    )


def _row(line: LedgerLine) -> str:
    figures = "".join(f"{getattr(line, name):>+16.8f}" for name in _COLUMNS)
    status = line.status.value if line.symbol else ""
    return f"{line.order_link_id:<36} {line.symbol:<12} {status:<7}{figures}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
