"""Nothing that is asked of Bybit adds up to more than it allows an address."""

from hypothesis import given
from hypothesis import strategies as st

from src.exchange.bybit.address_budget import PUBLIC_REQUESTS, SIGNED_REQUESTS, AddressBudget
from src.simulator.address_limit import MOST_REQUESTS
from tests.unit.exchange.bybit.stopwatch import Stopwatch


@given(
    most=st.integers(1, 5),
    pauses=st.lists(st.sampled_from((0, 1, 500, 1_000, 2_500, 5_000, 7_000)), max_size=40),
)
def test_no_five_seconds_hold_more_than_the_budget(most: int, pauses: list[int]) -> None:
    watch = Stopwatch()
    budget = AddressBudget(most, watch, watch.wait)
    sent: list[int] = []
    for pause in pauses:
        watch.time += pause
        budget.spend()
        sent.append(watch.time)
    for earlier, later in zip(sent, sent[most:], strict=False):
        assert later - earlier >= 5_000


def test_whoever_stays_below_it_never_waits() -> None:
    watch = Stopwatch()
    budget = AddressBudget(3, watch, watch.wait)
    for _ in range(20):
        watch.time += 2_000
        budget.spend()
    assert watch.waits == []


def test_a_clock_that_was_set_back_holds_nobody_for_longer_than_the_five_seconds() -> None:
    watch = Stopwatch()
    budget = AddressBudget(1, watch, watch.wait)
    budget.spend()
    watch.time -= 3_600_000
    budget.spend()
    assert watch.waits == [5.0]


def test_a_trading_process_leaves_room_for_a_download_beside_it() -> None:
    assert SIGNED_REQUESTS + 2 * PUBLIC_REQUESTS <= MOST_REQUESTS
