"""What a stop slipped is known, whatever part of it the stream had told before it was read."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from src.clock import SystemClock
from src.domain.order import Fill, FillReason
from src.domain.ports import RawMessage
from src.exchange.bybit import simulator_environment
from src.exchange.bybit.account_view import AccountView
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.stream_witness import StreamWitness
from src.exchange.bybit.transaction_log import AccountHistory
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import KEY, bybit_venue
from tests.integration.simulator.private import PrivateSide


def nothing(side: PrivateSide) -> list[RawMessage]:
    return []


def end_of_the_entry(side: PrivateSide) -> list[RawMessage]:
    asked = {"category": "linear", "orderLinkId": "contract-1"}
    rows: list[dict[str, Any]] = side.session.get_order_history(**asked)["result"]["list"]
    return [{"topic": "order", "data": rows}]


def executions(side: PrivateSide) -> list[RawMessage]:
    return [{"topic": "execution", "data": side.executions()}]


def entry_and_executions(side: PrivateSide) -> list[RawMessage]:
    return end_of_the_entry(side) + executions(side)


@pytest.mark.parametrize("heard", [nothing, end_of_the_entry, executions, entry_and_executions])
def test_slippage_counts_from_the_trigger_although_the_stream_told_of_no_stop(
    heard: Callable[[PrivateSide], list[RawMessage]],
) -> None:
    clock = SystemClock()
    with bybit_venue() as venue, venue.account() as side:
        client = SignedClient(simulator_environment(venue.url), KEY, clock)
        view = AccountView(client, (), (), None, StreamWitness(clock, 5_000), AccountHistory())
        venue.broker.submit(entry_at(venue))
        view.remember(entry_at(venue))
        view.pull(venue.now())
        venue.move(49_950.0, 49_700.0)
        for message in heard(side):
            assert view.take_message(message)
        wanted = view.lacks_a_trigger()
        view.pull(venue.now())
        client.close()
        entered, stopped = (fact for fact in view.reports() if isinstance(fact, Fill))
    assert wanted == (heard in (executions, entry_and_executions))
    assert not view.lacks_a_trigger()
    assert stopped.reason is FillReason.STOP
    assert entered.slippage == 0
    assert stopped.slippage == (Decimal("49800.0") - stopped.price) * stopped.quantity > 0
