"""A position without a stop: two seconds, the stop again, two seconds more, closed."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from src.domain.order import Direction, Order, OrderStatus
from src.domain.trade import Position, Trade
from src.engine.lifecycle import open_trade
from src.engine.protection import ProtectionAudit, Remedy, Unprotected
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


def closes(audit: ProtectionAudit, seconds: range, price: str = "50000") -> list[Unprotected]:
    """The closes asked for by somebody who looks every second."""
    prices = {"BTCUSDT": Decimal(price)}
    return [
        case
        for second in seconds
        for case in audit.look([held()], [trade()], NOON + second * 1_000, prices)
        if case.remedy is Remedy.CLOSE
    ]


def test_the_stop_is_set_again_after_two_seconds_and_the_position_closed_after_four() -> None:
    audit = ProtectionAudit()
    assert remedies(audit, 0) == [Remedy.READ]
    assert remedies(audit, 1_999) == []
    assert remedies(audit, 2_000) == [Remedy.SET_STOP]
    assert remedies(audit, 3_999) == []
    assert remedies(audit, 4_000) == [Remedy.CLOSE]
    assert remedies(audit, 5_000) == []
    assert remedies(audit, 6_000) == [Remedy.CLOSE]


def test_a_close_that_does_not_help_is_tried_again_after_pauses_that_double_to_a_minute() -> None:
    found = closes(ProtectionAudit(), range(0, 300))
    assert [case.naked_ms // 1_000 for case in found] == [4, 6, 10, 18, 34, 66, 126, 186, 246]
    assert [case.attempt for case in found] == list(range(1, 10))


def test_people_are_told_once_and_again_every_ten_minutes() -> None:
    found = closes(ProtectionAudit(), range(0, 1_300))
    told = [case.naked_ms // 60_000 for case in found if case.tell]
    assert told == [0, 10, 20]


def test_a_market_that_stood_still_and_trades_again_is_closed_into_at_once() -> None:
    audit = ProtectionAudit()
    assert len(closes(audit, range(0, 100))) == 6
    (resumed,) = closes(audit, range(100, 102), "49990")
    assert (resumed.naked_ms, resumed.tell) == (100_000, False)
    assert [c.naked_ms // 1_000 for c in closes(audit, range(102, 113), "49991")] == [104, 112]


def test_a_market_that_trades_on_changes_no_pause() -> None:
    audit = ProtectionAudit()
    found = [
        case
        for second in range(0, 100)
        for case in closes(audit, range(second, second + 1), str(50_000 + second % 7))
    ]
    assert [case.naked_ms // 1_000 for case in found] == [4, 6, 10, 18, 34, 66]


def test_a_stop_that_shows_itself_ends_the_case() -> None:
    audit = ProtectionAudit()
    for now in (0, 2_000):
        remedies(audit, now)
    assert remedies(audit, 3_000, held("49800")) == []
    assert remedies(audit, 3_100) == [Remedy.READ]
    assert remedies(audit, 5_000) == []
    assert remedies(audit, 5_100) == [Remedy.SET_STOP]


def test_the_next_trade_on_the_symbol_has_its_own_two_seconds() -> None:
    audit = ProtectionAudit()
    remedies(audit, 0)
    (found,) = audit.look([held()], [trade("BTCUSDT-b-1")], NOON + 2_000)
    assert found.remedy is Remedy.READ


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
