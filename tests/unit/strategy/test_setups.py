"""What holds for all setups, checked from the outside on a long seeded walk.

When each model arms, and how its setups end, is compared in test_against_reference.
"""

from functools import cache

import numpy as np
import pytest

from src.strategy import records
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import MODELS
from src.strategy.compiled import Records
from src.strategy.export import Event, analyse
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, walk

PARAMETERS = StrategyParameters(
    internal_degree=3, external_degree=10, confluence_threshold=45, minimum_reward=2
)
ARMED, REFUSED, TRIGGERED, CANCELLED = range(4)
LENGTH = 9000


@cache
def candles() -> CandleArrays:
    return walk(11, LENGTH, amplitude=12, missing=0.001)


@cache
def setups() -> Records:
    fold = Fold(PARAMETERS, M5.milliseconds, 0.0, record_events=False)
    rows: Records = fold.feed(candles().rows()).setups.copy()
    return rows


@cache
def events() -> list[Event]:
    return list(analyse(candles(), M5, PARAMETERS))


def of(model: str) -> Records:
    rows = setups()
    born: Records = rows[(rows["model"] == MODELS.index(model)) & (rows["event"] <= REFUSED)]
    return born


@pytest.mark.parametrize("model", MODELS)
def test_every_model_finds_setups_on_the_walk(model: str) -> None:
    assert len(of(model)) > 0


def test_one_setup_lives_per_model_and_direction() -> None:
    alive: set[tuple[int, int]] = set()
    for row in setups():
        key = (int(row["model"]), int(row["side"]))
        if row["event"] == ARMED:
            assert key not in alive
            alive.add(key)
        elif row["event"] >= TRIGGERED:
            alive.remove(key)


def test_ids_count_setups_in_the_order_of_arming() -> None:
    born = setups()[setups()["event"] <= REFUSED]
    assert list(born["id"]) == list(range(len(born)))
    order = list(zip(born["t"], born["model"], born["side"], strict=True))
    assert order == sorted(order)


def test_the_components_of_a_score_sum_to_it() -> None:
    for event in events():
        if event["kind"] == "setup" and event["event"] in ("armed", "refused"):
            assert sum(event["components"].values()) == event["score"]
            assert 0 <= event["score"] <= 100
            assert event["reasons"]
            assert ("refusals" in event) == (event["event"] == "refused")


def test_the_reward_is_measured_to_the_target() -> None:
    for row in setups():
        reward = (row["target"] - row["entry"]) / (row["entry"] - row["stop"])
        assert np.isclose(reward, row["reward"])


def test_a_silver_bullet_expires_half_an_hour_after_its_window() -> None:
    for row in of("silver_bullet"):
        assert row["expires_time"] > row["armed_at"]
        minutes = row["expires_time"] // 60_000 % 60
        assert minutes == 30


def test_models_that_are_not_wanted_stay_silent() -> None:
    only = StrategyParameters(internal_degree=3, external_degree=10, models=("ote",))
    fold = Fold(only, M5.milliseconds, 0.0, record_events=False)
    found = fold.feed(candles().rows()).setups
    assert set(found["model"]) == {MODELS.index("ote")}


def test_setup_rows_have_the_published_layout() -> None:
    assert setups().dtype == records.SETUP_ROW
