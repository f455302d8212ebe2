import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.candle import Timeframe
from src.domain.order import Direction
from src.engine import order_link_id, signal_id
from tests.unit.engine.builders import NOON, setup


def test_a_signal_id_says_what_the_setup_is() -> None:
    assert signal_id("paper", setup()) == "paper-BTCUSDT-5m-2022-long-20260301T120000Z"


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_signal_id_ends_with_its_instant_to_the_second(armed_at: int) -> None:
    written = f"{datetime.fromtimestamp(armed_at // 1000, UTC):%Y%m%dT%H%M%SZ}"
    assert signal_id("paper", replace(setup(), armed_at=armed_at)).endswith(f"-long-{written}")


def test_later_events_of_a_setup_carry_the_id_it_was_armed_with() -> None:
    later = replace(setup(), known_at=NOON + 900_000)
    assert signal_id("paper", later) == signal_id("paper", setup())


def test_every_part_of_a_setups_name_tells_it_apart() -> None:
    base = setup()
    others = [
        replace(base, symbol="ETHUSDT"),
        replace(base, timeframe=Timeframe.M15),
        replace(base, model="turtle_soup"),
        replace(base, direction=Direction.SHORT),
        replace(base, armed_at=NOON + 60_000),
    ]
    names = {signal_id("paper", update) for update in [base, *others]}
    assert len(names | {signal_id("live", base)}) == 7


@settings(deadline=None)
@given(st.text(max_size=80), st.integers(min_value=1, max_value=99))
def test_order_ids_are_what_the_exchange_accepts(identity: str, attempt: int) -> None:
    """At most 36 of `[A-Za-z0-9-_]`, whatever the signal is called."""
    ascii_only = identity.encode("ascii", "ignore").decode()
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,36}", order_link_id(ascii_only, attempt))


def test_order_ids_are_the_same_after_a_restart_and_differ_by_attempt() -> None:
    identity = signal_id("paper", setup())
    assert order_link_id(identity, 1) == "BTCUSDT-f99b968a0323dca002d4-1"
    assert order_link_id(identity, 2) != order_link_id(identity, 1)
