"""Entry models and the life of their setups, checked from the outside on a long seeded walk."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from src.strategy import records
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import CANCEL_REASONS, KILL_ZONE_BITS, MODELS
from src.strategy.compiled import Records
from src.strategy.export import Event, analyse
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.plain_market import Market
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
def market() -> Market:
    return Market(candles(), M5, (3, 10))


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


def windows() -> Any:
    rows = candles().rows()
    Fold(PARAMETERS, M5.milliseconds, 0.0, record_events=False).feed(rows)
    return rows["windows"]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_finds_setups_on_the_walk(model: str) -> None:
    assert len(of(model)) > 0


def test_an_armed_setup_ends_exactly_as_its_bars_say() -> None:
    """Triggered, then stop, zone, target and expiry, in this order, from the bar after arming."""
    ends = {int(row["id"]): row for row in setups() if row["event"] >= TRIGGERED}
    armed = setups()[setups()["event"] == ARMED]
    assert len(armed) > 100
    for row in armed:
        expected = outcome(row)
        end = ends.get(int(row["id"]))
        found = None
        if end is not None:
            found = (
                int(end["event_t"]),
                "triggered"
                if end["event"] == TRIGGERED
                else CANCEL_REASONS[int(end["cancel_reason"])],
            )
        assert found == expected


def outcome(row: Any) -> tuple[int, str] | None:
    """What the bars after arming do to a setup, in the words of the specification."""
    view = market().views[int(row["side"])]
    for u in range(int(row["t"]) + 1, len(candles())):
        ends_at = market().ts[u] + M5.milliseconds
        if row["market"] or view.low[u] < row["entry"]:
            return u, "triggered"
        if view.low[u] <= row["stop"]:
            return u, "stop_traded"
        if view.close[u] < row["zone_bottom"]:
            return u, "zone_inverted"
        if view.high[u] >= row["target"]:
            return u, "target_traded"
        if u - row["t"] >= 24 or 0 <= row["expires_time"] <= ends_at:
            return u, "expired"
    return None


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


def test_a_setup_is_refused_for_every_reason_that_holds_and_for_no_other() -> None:
    born = setups()[setups()["event"] <= REFUSED]
    for row in born:
        reasons = 0
        if not row["reward"] >= 2:
            reasons |= 1
        if not row["entry"] - row["stop"] >= 0.2 * row["atr"]:
            reasons |= 2
        if row["score"] < 45:
            reasons |= 4
        assert reasons == row["refusals"]
        assert (row["event"] == REFUSED) == bool(reasons)
    assert {int(row["refusals"]) & bit for row in born for bit in (1, 2, 4)} >= {0, 1, 4}


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


def happened(kind: str, *names: str) -> list[Event]:
    return [e for e in events() if e["kind"] == kind and e["event"] in names]


def test_the_2022_model_is_sweep_then_shift_then_gap() -> None:
    shifts = [e for e in happened("structure", "choch") if e["mss"]]
    sweeps = happened("pool", "sweep", "reclaim")
    gaps = happened("fvg", "created")
    open_windows = windows()
    for row in of("2022"):
        t, direction = int(row["t"]), 1 - 2 * int(row["side"])
        assert any(e["t"] == t - 1 and e["dir"] == direction for e in shifts)
        swept = int(row["sweep_t"])
        assert t - 1 - 30 <= swept <= t - 1
        # A pool's direction is where it lies: sell-side liquidity is swept for a long.
        extremes = [
            e["extreme"] * direction for e in sweeps if e["t"] == swept and e["dir"] == -direction
        ]
        assert extremes
        assert open_windows[swept] & KILL_ZONE_BITS
        assert row["stop"] == min(extremes) - 0.1 * market().a(t)
        candidates = [g for g in gaps if swept < g["t"] <= t and g["dir"] == direction]
        middles = {(g["top"] + g["bottom"]) / 2 * direction for g in candidates}
        assert row["entry"] in middles


def test_the_sweep_a_2022_setup_is_built_on_was_not_broken_since() -> None:
    for row in of("2022"):
        view = market().views[int(row["side"])]
        since = view.low[int(row["sweep_t"]) + 1 : int(row["t"]) + 1]
        assert min(since) >= row["stop"] + 0.1 * market().a(int(row["t"])) - 1e-9


def test_a_silver_bullet_expires_half_an_hour_after_its_window() -> None:
    for row in of("silver_bullet"):
        assert row["expires_time"] > row["armed_at"]
        minutes = row["expires_time"] // 60_000 % 60
        assert minutes == 30


def test_an_order_block_retest_waits_above_its_block_at_the_bar_that_proves_it() -> None:
    blocks = happened("ob", "created")
    for row in of("ob_retest"):
        t, direction = int(row["t"]), 1 - 2 * int(row["side"])
        tops = {
            (b["top"] if direction > 0 else -b["bottom"])
            for b in blocks
            if b["t"] == t and b["dir"] == direction
        }
        assert row["entry"] in tops
        assert market().views[int(row["side"])].close[t] > row["entry"]


def test_a_turtle_soup_enters_at_the_market_after_an_old_pool_is_swept() -> None:
    known = {e["id"]: e for e in happened("pool", "created")}
    sweeps = happened("pool", "sweep", "reclaim")
    for row in of("turtle_soup"):
        t, direction = int(row["t"]), 1 - 2 * int(row["side"])
        assert row["market"]
        assert row["entry"] == market().views[int(row["side"])].close[t]
        swept = [known[e["id"]] for e in sweeps if e["t"] == t and e["dir"] == -direction]
        # Calendar pools are known one bar before their creation is stamped.
        assert any(t - pool["t"] >= 19 for pool in swept)


def test_models_that_are_not_wanted_stay_silent() -> None:
    only = StrategyParameters(internal_degree=3, external_degree=10, models=("ote",))
    fold = Fold(only, M5.milliseconds, 0.0, record_events=False)
    found = fold.feed(candles().rows()).setups
    assert set(found["model"]) == {MODELS.index("ote")}


def test_setup_rows_have_the_published_layout() -> None:
    assert setups().dtype == records.SETUP_ROW
