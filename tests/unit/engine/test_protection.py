"""A position without a stop: two seconds, the stop again, two seconds more, closed."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from src.domain.order import Direction, Order, OrderStatus
from src.domain.trade import Position, Trade
from src.engine.lifecycle import open_trade
from src.engine.protection import ProtectionAudit, Remedy
from tests.unit.engine.builders import NOON, fill_of, request


def trade(name: str = "BTCUSDT-a-1") -> Trade:
    entry = request(order_link_id=name)
    return open_trade(Order(entry, OrderStatus.ACCEPTED), fill_of(entry), Decimal(10))


def held(stop: str | None = None) -> Position:
    at = Decimal(50_000)
    return Position(
        "BTCUSDT", Direction.LONG, Decimal("0.03"), at, at,
        None if stop is None else Decimal(stop), None,
    )  # fmt: skip


def remedies(audit: ProtectionAudit, now: int, position: Position | None = None) -> list[Remedy]:
    found = audit.look([position or held()], [trade()], NOON + now)
    return [case.remedy for case in found]


def test_the_stop_is_set_again_after_two_seconds_and_the_position_closed_after_four() -> None:
    audit = ProtectionAudit()
    assert remedies(audit, 0) == []
    assert remedies(audit, 1_999) == []
    assert remedies(audit, 2_000) == [Remedy.SET_STOP]
    assert remedies(audit, 3_999) == []
    assert remedies(audit, 4_000) == [Remedy.CLOSE]
    assert remedies(audit, 5_000) == []
    assert remedies(audit, 6_000) == [Remedy.CLOSE]


def test_each_further_close_is_another_attempt() -> None:
    audit = ProtectionAudit()
    for now in (0, 2_000):
        remedies(audit, now)
    attempts = [audit.look([held()], [trade()], NOON + now)[0].attempt for now in (4_000, 6_000)]
    assert attempts == [1, 2]


def test_a_stop_that_shows_itself_ends_the_case() -> None:
    audit = ProtectionAudit()
    for now in (0, 2_000):
        remedies(audit, now)
    assert remedies(audit, 3_000, held("49800")) == []
    assert remedies(audit, 3_100) == []
    assert remedies(audit, 5_000) == []
    assert remedies(audit, 5_100) == [Remedy.SET_STOP]


def test_the_next_trade_on_the_symbol_has_its_own_two_seconds() -> None:
    audit = ProtectionAudit()
    remedies(audit, 0)
    assert audit.look([held()], [trade("BTCUSDT-b-1")], NOON + 2_000) == []


def test_positions_nobody_here_opened_are_left_alone() -> None:
    audit = ProtectionAudit()
    stranger = replace(held(), symbol="ETHUSDT")
    for now in (0, 2_000, 4_000, 60_000):
        assert audit.look([stranger], [trade()], NOON + now) == []


@given(st.lists(st.tuples(st.integers(1, 900), st.booleans()), max_size=40))
def test_nothing_stays_unprotected_longer_than_four_seconds_without_a_close(
    looks: list[tuple[int, bool]],
) -> None:
    """However the stop comes and goes, and whenever one looks."""
    audit, now, naked_since, closed_at = ProtectionAudit(), NOON, None, 0
    for pause, protected in looks:
        now += pause
        found = audit.look([held("49800" if protected else None)], [trade()], now)
        if protected:
            assert found == []
            naked_since = None
            continue
        naked_since = now if naked_since is None else naked_since
        if found and found[0].remedy is Remedy.CLOSE:
            closed_at = now
        assert now - naked_since < 6_000 or closed_at > naked_since
