"""An account's stream that is open, answers pings and says nothing is found out and built anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from src.clock import SystemClock
from src.domain.order import Fill, FillReason
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import QUICK, QUICK_STREAM, BybitVenue, bybit_venue
from tests.integration.simulator.faults import inject
from tests.product import wait_until

SOON_MS = 300
LATE_MS = 1_500
"""Longer than a slow machine needs to deliver a word."""


class Listener:
    """The broker's owner, who drains it and keeps what it was told."""

    def __init__(self, venue: BybitVenue) -> None:
        self.venue = venue
        self.fills: list[Fill] = []

    def is_told(self, *reasons: FillReason) -> bool:
        self.listen()
        return [fill.reason for fill in self.fills] == list(reasons)

    def was_rebuilt(self) -> bool:
        self.listen()
        health = self.venue.bybit.health()
        return health.reconnects > 0 and health.connected

    def listen(self) -> None:
        self.fills += [fact for fact in self.venue.bybit.drain() if isinstance(fact, Fill)]


@contextmanager
def listening(deaf_after_ms: int = SOON_MS, longest_silence_ms: int = 0) -> Iterator[Listener]:
    stream = replace(QUICK_STREAM, longest_silence_ms=longest_silence_ms)
    settings = replace(QUICK, deaf_after_ms=deaf_after_ms, stream=stream)
    with bybit_venue(settings=settings) as venue:
        listener = Listener(venue)
        listener.listen()  # the reading that follows the first connection
        yield listener


def test_a_stream_that_never_tells_of_an_order_is_built_anew_and_hears_the_fill() -> None:
    with listening() as listener:
        inject(listener.venue.url, "silent", stream="private", seconds=0)
        listener.venue.bybit.submit(entry_at(listener.venue))
        wait_until(listener.was_rebuilt, 60, "another stream")
        listener.listen()
        listener.venue.move(49_950.0)  # no reading is asked for: only the stream can tell of it
        wait_until(lambda: listener.is_told(FillReason.ENTRY), 60, "the fill")


def test_a_stream_that_keeps_a_fill_to_itself_is_built_anew_and_nothing_is_lost_or_doubled() -> (
    None
):
    with listening() as listener:
        listener.venue.bybit.submit(entry_at(listener.venue))
        wait_until(lambda: listener.venue.bybit.health().last_message_at, 60, "word of the order")
        inject(listener.venue.url, "silent", stream="private", seconds=0)
        listener.venue.trade_at(49_950.0)
        assert listener.is_told(FillReason.ENTRY)
        wait_until(listener.was_rebuilt, 60, "another stream")
        listener.listen()
        listener.venue.move(49_700.0)
        wait_until(lambda: listener.is_told(FillReason.ENTRY, FillReason.STOP), 60, "the exit")


def test_a_cut_that_hid_a_fill_is_no_reason_to_give_the_next_stream_up() -> None:
    with listening(LATE_MS) as listener:
        listener.venue.bybit.submit(entry_at(listener.venue))
        inject(listener.venue.url, "disconnect", topic="execution")
        listener.venue.move(49_950.0)
        wait_until(lambda: listener.is_told(FillReason.ENTRY), 60, "the fill")
        wait_until(listener.was_rebuilt, 60, "another stream")
        listener.venue.move(49_700.0)
        wait_until(lambda: listener.is_told(FillReason.ENTRY, FillReason.STOP), 60, "the exit")
        end = SystemClock().now() + LATE_MS

        def patience_ends() -> bool:
            listener.listen()
            return SystemClock().now() > end

        wait_until(patience_ends, 60, "a debt to be complained of")
        assert listener.venue.bybit.health().reconnects == 1


def test_a_stream_without_any_word_is_renewed_in_time_and_entries_go_on() -> None:
    with listening(longest_silence_ms=200) as listener:
        wait_until(lambda: listener.venue.bybit.health().reconnects >= 3, 60, "renewals")
        assert listener.venue.bybit.complaints() == ()
        listener.venue.bybit.submit(entry_at(listener.venue))
        listener.venue.trade_at(49_950.0)
        wait_until(lambda: listener.is_told(FillReason.ENTRY), 60, "the fill")
