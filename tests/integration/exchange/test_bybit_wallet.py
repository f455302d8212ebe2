"""The wallet a ledger check compares with, asked of the account itself."""

from decimal import Decimal

from src.clock import SystemClock
from src.domain.order import Fill
from src.exchange.bybit import account_wallet, simulator_environment
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import KEY, bybit_venue


def test_the_account_says_what_it_holds_after_fees() -> None:
    with bybit_venue() as venue:
        environment = simulator_environment(venue.url)
        assert account_wallet(environment, KEY, SystemClock()) == 1000
        venue.broker.submit(entry_at(venue))
        venue.trade_at(49_950.0)
        fees = sum((f.fee for f in venue.broker.drain() if isinstance(f, Fill)), Decimal(0))
        assert account_wallet(environment, KEY, SystemClock()) == 1000 - fees
