"""An analysis that leaves something out says of everything else what the whole one says."""

from typing import Any

import pytest

from src.domain.errors import SettingsError
from src.strategy.codes import LEAVABLE
from src.strategy.export import analyse
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, walk

CANDLES = walk(3, 3000, missing=0.002)
CLOCK = {"PD", "PW", "PM", "SESSION"}


def events(*left_out: str) -> list[dict[str, Any]]:
    parameters = StrategyParameters(models=(), left_out=left_out)
    return list(analyse(CANDLES, M5, parameters))


def of_degree(found: list[dict[str, Any]], degree: str) -> list[tuple[object, ...]]:
    """Swings and breaks of a degree, without the ids that both degrees share."""
    keys = ("t", "kind", "event", "dir", "t_origin")
    return [tuple(event[key] for key in keys) for event in found if event.get("degree") == degree]


@pytest.mark.parametrize("kind", ["ifvg", "bpr", "breaker", "mitigation", "ote"])
def test_a_kind_left_out_changes_nothing_else(kind: str) -> None:
    whole = events()
    assert any(event["kind"] == kind for event in whole)
    assert events(kind) == [event for event in whole if event["kind"] != kind]


def test_without_the_internal_degree_the_external_one_is_the_same() -> None:
    whole, part = events(), events("internal")
    assert of_degree(whole, "internal")
    assert not of_degree(part, "internal")
    assert of_degree(whole, "external")
    assert of_degree(part, "external") == of_degree(whole, "external")
    assert not [event for event in part if event.get("pool_kind") in ("SWING_INT", "EQ_INT")]


def test_without_the_calendar_nothing_follows_the_clock() -> None:
    whole, part = events(), events("calendar")
    assert [event for event in whole if event.get("pool_kind") == "SESSION"]
    assert not CLOCK & {event.get("pool_kind") for event in part}
    assert not [event for event in part if event["kind"] == "opening_gap"]
    assert of_degree(part, "external") == of_degree(whole, "external")


def test_a_candle_at_a_time_and_all_at_once_agree_whatever_is_left_out() -> None:
    parameters = StrategyParameters(models=(), left_out=LEAVABLE)
    rows, live = CANDLES.rows(), Fold(parameters, M5.milliseconds, 0.0, record_events=True)
    found = b"".join(live.feed(rows[i : i + 1]).events.tobytes() for i in range(len(rows)))
    whole = Fold(parameters, M5.milliseconds, 0.0, record_events=True)
    assert found == whole.feed(rows).events.tobytes()
    assert live.state.memory.tobytes() == whole.state.memory.tobytes()


def test_entry_models_need_everything() -> None:
    with pytest.raises(SettingsError, match="left_out needs models"):
        StrategyParameters(left_out=("ote",))


def test_only_what_is_known_can_be_left_out() -> None:
    with pytest.raises(SettingsError, match="names 'weather'"):
        StrategyParameters(models=(), left_out=("weather",))


def test_stretches_hold_the_rows_of_the_whole() -> None:
    peer = walk(5, 3000, missing=0.2)
    rows, told = CANDLES.rows(peer), 0
    for stretch in CANDLES.stretches(700, peer):
        assert stretch.tobytes() == rows[told : told + len(stretch)].tobytes()
        told += len(stretch)
    assert told == len(rows)
    assert list(CANDLES.first(0).stretches(700)) == []
