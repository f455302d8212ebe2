"""Two questions to an account: what does it hold, and how did it come to that?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from src.domain.errors import Rejected
from src.domain.ports import Clock
from src.domain.statement import StatementLine
from src.domain.trade import Transfer
from src.exchange.bybit.environment import ApiKey, BybitEnvironment
from src.exchange.bybit.orders import wallet_of
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.transaction_log import lines_between, transfer_of


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """The wallet (USDT) and every change of it that is still told, oldest first.

    `refusal` is why none is told, where that is so.
    """

    wallet: Decimal
    lines: tuple[StatementLine, ...]
    refusal: str | None = None

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The changes that no position made."""
        found = (transfer_of(line) for line in self.lines)
        return tuple(transfer for transfer in found if transfer is not None)


def account_wallet(environment: BybitEnvironment, key: ApiKey, clock: Clock) -> Decimal:
    """The account's USDT after fees, funding and closed P&L. Raises ExchangeError."""
    with _signed(environment, key, clock) as client:
        return _cash(client)


def account_statement(
    environment: BybitEnvironment, key: ApiKey, clock: Clock, since: int | None
) -> AccountStatement:
    """The account and its changes from `since` (UTC ms) on, none where that is None.

    Raises errors of the ExchangeError tree.
    """
    with _signed(environment, key, clock) as client:
        wallet = _cash(client)
        if since is None:
            return AccountStatement(wallet, ())
        try:
            lines = tuple(lines_between(client, since, clock.now()))
        except Rejected as refusal:
            return AccountStatement(wallet, (), str(refusal))
        return AccountStatement(wallet, lines)


def _cash(client: SignedClient) -> Decimal:
    return client.read(
        "get_wallet_balance", lambda result: wallet_of(result["list"][0]).cash,
        accountType="UNIFIED", coin="USDT",
    )  # fmt: skip


@contextmanager
def _signed(environment: BybitEnvironment, key: ApiKey, clock: Clock) -> Iterator[SignedClient]:
    client = SignedClient(environment, key, clock)
    try:
        yield client
    finally:
        client.close()
