"""A message that arrives after a newer reading of the account changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from src.clock import SystemClock
from src.exchange.bybit import simulator_environment
from src.exchange.bybit.account_view import AccountView
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.stream_witness import StreamWitness
from src.exchange.bybit.transaction_log import AccountHistory
from tests.contract.venues import SYMBOL, entry_at
from tests.integration.exchange.bybit_venue import KEY, BybitVenue, bybit_venue


@contextmanager
def view_of(venue: BybitVenue) -> Iterator[AccountView]:
    """A view of the account that hears no stream but what the test gives it."""
    clock = SystemClock()
    client = SignedClient(simulator_environment(venue.url), KEY, clock)
    yield AccountView(client, (), (), None, StreamWitness(clock, 5_000), AccountHistory())
    client.close()


def test_a_late_message_neither_moves_a_stop_back_nor_brings_back_what_was_left() -> None:
    with bybit_venue() as venue, view_of(venue) as view, venue.account() as side:

        def read_then_hear(message: dict[str, object]) -> list[Decimal | None]:
            view.pull(venue.now())
            assert view.take_message({"topic": "position", "data": [message]})
            return [position.stop_loss for position in view.holdings.positions]

        venue.broker.submit(entry_at(venue))
        venue.move(49_950.0)
        born = side.position()
        assert read_then_hear(born) == [49_800]
        for stop in (49_850, 49_900):
            venue.broker.set_protection(SYMBOL, Decimal(stop), Decimal(50_600))
            assert read_then_hear(born) == [stop]
            assert read_then_hear(side.position()) == [stop]
        moved = side.position()
        venue.move(49_890.0)
        assert read_then_hear(moved) == []
        assert read_then_hear(side.position()) == []


def test_a_late_message_does_not_bring_back_the_cash_of_before() -> None:
    with bybit_venue() as venue, view_of(venue) as view, venue.account() as side:
        asked = {"accountType": "UNIFIED"}
        before = side.session.get_wallet_balance(**asked)["result"]["list"]
        venue.broker.submit(entry_at(venue))
        venue.move(49_950.0)
        view.pull_wallet()
        cash = view.holdings.cash
        assert cash < 1000
        assert view.take_message({"topic": "wallet", "data": before})
        assert view.holdings.cash == cash
        assert not view.holdings.wallet_is_fresh
