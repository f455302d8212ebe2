"""The compiled fold equals, event by event, a brute-force reading of the specification.

The reading in `reference` was written from the specification alone: for each object it looks at
every later bar. Floats are compared exactly, events in the order of the export.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.candle import Timeframe
from src.strategy.bar_states import describe_bars
from src.strategy.candle_arrays import CandleArrays, read_candles
from src.strategy.export import Event, analyse
from src.strategy.parameters import LARGEST_SWEEP_WINDOW, StrategyParameters
from tests.unit.strategy.reference.analysis import expected_events, expected_states, find_facts
from tests.unit.strategy.reference.bars import Bars
from tests.unit.strategy.reference.random_bars import Walk, beside, random_bars
from tests.unit.strategy.reference.rules import Rules

REFUSALS = {
    "Reward is": "reward",
    "The stop is": "stop",
    "The confluence score is": "score",
}
DEFAULTS = Rules()
# 00:00 UTC on the days before a turn of the year and before New York's clock changes.
NEW_YEAR = 1_735_516_800_000
SPRING_2026 = 1_772_841_600_000
AUTUMN_2025 = 1_761_955_200_000


def check(
    bars: Bars, rules: Rules = DEFAULTS, peer: Bars | None = None, inverse: bool = False
) -> None:
    """The first differing pair of events or rows is shown by the assertion."""
    theirs = None if peer is None else columns(peer)
    timeframe = next(name for name in Timeframe if name.milliseconds == bars.step)
    settings = parameters(rules)
    facts = find_facts(bars, rules, peer, inverse)
    events = analyse(columns(bars), timeframe, settings, rules.tick, theirs, inverse)
    compare([without_sentences(event) for event in events], expected_events(facts))
    if not inverse:
        rows = describe_bars(columns(bars), timeframe, settings, rules.tick, theirs)
        stride = 1 + len(bars) // 400
        compare(list(rows)[::stride], expected_states(facts, stride))


def compare(found: list[Event], expected: list[Event]) -> None:
    for ours, reference in zip(found, expected, strict=False):
        assert ours == reference
    assert len(found) == len(expected)


def without_sentences(event: Event) -> Event:
    """The specification fixes what is told, not the words: refusals by name, no reasons."""
    plain = {key: value for key, value in event.items() if key != "reasons"}
    if "refusals" in plain:
        plain["refusals"] = [
            name
            for sentence in plain["refusals"]
            for beginning, name in REFUSALS.items()
            if sentence.startswith(beginning)
        ]
    return plain


def columns(bars: Bars) -> CandleArrays:
    prices = (bars.open, bars.high, bars.low, bars.close)
    return CandleArrays(
        np.array(bars.time, np.int64), *(np.array(column, np.float64) for column in prices)
    )


def parameters(rules: Rules) -> StrategyParameters:
    return StrategyParameters(
        internal_degree=rules.degrees["internal"],
        external_degree=rules.degrees["external"],
        displacement_factor=rules.displacement,
        fvg_atr_fraction=rules.gap_fraction,
        fvg_max_age=rules.gap_max_age or 0,
        require_displacement=rules.gap_requires_displacement,
        equal_atr_fraction=rules.equal_fraction,
        break_on="wick" if rules.wick_breaks else "close",
        block_zone="body" if rules.body_zones else "wick",
        block_end="wick" if rules.blocks_end_on_wick else "close",
        filter_sweeps=rules.filter_sweeps,
        mitigated=rules.mitigated,
        gap_entry=rules.gap_entry,
        block_entry=rules.block_entry,
        breaker_needs_sweep=rules.breaker_needs_sweep,
        confluence_threshold=rules.threshold,
        minimum_reward=rules.minimum_reward,
        sweep_window=rules.sweep_window,
        setup_bars=rules.setup_bars,
        turtle_soup_age=rules.old_pool,
        calendar="new_york" if rules.new_york else "crypto",
        index_hours=rules.index_hours,
    )


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """From tie-heavy to wild, from one minute to a day a bar, with and without missing bars."""
    step = draw(st.sampled_from(list(Timeframe))).milliseconds
    return Walk(
        seed=draw(st.integers(0, 2**32 - 1)),
        length=draw(st.integers(1, 300)),
        start=draw(st.integers(1_500_000_000_000 // step, 1_800_000_000_000 // step)) * step,
        step=step,
        tick=draw(st.sampled_from((0.01, 0.1, 0.5, 0.37))),
        amplitude=draw(st.sampled_from((1, 2, 5, 40))),
        missing=draw(st.sampled_from((0.0, 0.0, 0.01, 0.1))),
    )


def degrees() -> st.SearchStrategy[dict[str, int]]:
    pairs = st.sampled_from(((5, 20), (2, 6), (1, 3), (3, 3), (6, 2)))
    return pairs.map(lambda pair: {"internal": pair[0], "external": pair[1]})


@given(walks(), degrees(), st.sampled_from((0.0, 0.5)))
@settings(max_examples=60, deadline=None)
def test_random_walks_give_the_events_of_the_specification(
    walk: Walk, lengths: dict[str, int], tick: float
) -> None:
    check(random_bars(walk), Rules(lengths, tick=tick))


@given(
    walks(),
    st.builds(
        Rules,
        degrees=degrees(),
        displacement=st.sampled_from((0.5, 1.0, 2.0)),
        gap_fraction=st.sampled_from((0.0, 0.1, 0.5)),
        equal_fraction=st.sampled_from((0.0, 0.1, 0.5)),
        wick_breaks=st.booleans(),
        body_zones=st.booleans(),
        gap_max_age=st.sampled_from((None, 1, 10)),
        gap_requires_displacement=st.booleans(),
        blocks_end_on_wick=st.booleans(),
        filter_sweeps=st.booleans(),
        tick=st.sampled_from((0.0, 0.5)),
        mitigated=st.sampled_from(("touched", "ce", "filled")),
        gap_entry=st.sampled_from(("top", "ce", "bottom")),
        block_entry=st.sampled_from(("top", "open", "mt")),
        breaker_needs_sweep=st.booleans(),
        threshold=st.sampled_from((0.0, 30.0, 60.0)),
        minimum_reward=st.sampled_from((0.0, 1.0, 3.0)),
        sweep_window=st.sampled_from((5, 30, LARGEST_SWEEP_WINDOW)),
        setup_bars=st.sampled_from((3, 24)),
        old_pool=st.sampled_from((0, 20)),
        new_york=st.booleans(),
        index_hours=st.booleans(),
    ),
)
@settings(max_examples=60, deadline=None)
def test_every_setting_means_what_the_specification_says(walk: Walk, rules: Rules) -> None:
    check(random_bars(walk), rules)


@given(walks(), degrees(), st.booleans(), st.sampled_from((0.0, 0.005)))
@settings(max_examples=40, deadline=None)
def test_divergences_from_a_second_symbol_agree(
    walk: Walk, lengths: dict[str, int], inverse: bool, missing: float
) -> None:
    """The second symbol follows the first, with candles of its own missing or not."""
    bars = random_bars(walk)
    check(bars, Rules(lengths), beside(bars, walk, missing), inverse)


@pytest.mark.parametrize(
    "walk",
    [
        pytest.param(Walk(1, 2_000, NEW_YEAR), id="over the turn of the year"),
        pytest.param(Walk(2, 2_000, SPRING_2026, amplitude=30), id="New York springs forward"),
        pytest.param(Walk(3, 2_000, AUTUMN_2025, amplitude=2), id="New York falls back"),
        pytest.param(Walk(4, 2_000, AUTUMN_2025, tick=0.5, amplitude=1), id="prices mostly tied"),
        pytest.param(Walk(6, 2_500, NEW_YEAR, step=3_600_000), id="a quarter of hours"),
        pytest.param(Walk(8, 1_500, NEW_YEAR, step=14_400_000), id="eight months of four hours"),
    ],
)
def test_long_walks_across_days_weeks_months_and_clock_changes_agree(walk: Walk) -> None:
    bars = random_bars(walk)
    check(bars, DEFAULTS, beside(bars, walk, missing=0.001))


@pytest.mark.parametrize("start", [SPRING_2026, AUTUMN_2025])
def test_the_days_of_currencies_and_the_hours_of_an_index_agree(start: int) -> None:
    """Days, weeks and months from 17:00 in New York, through a change of its clock."""
    rules = Rules({"internal": 3, "external": 10}, new_york=True, index_hours=True)
    check(random_bars(Walk(9, 900, start, step=3_600_000)), rules)


def test_a_long_walk_with_missing_candles_agrees() -> None:
    check(random_bars(Walk(5, 2_000, SPRING_2026, missing=0.01)))


def test_a_long_walk_with_many_equal_highs_and_lows_agrees() -> None:
    """Wide enough a tolerance for partners exactly a hundred bars apart."""
    rules = Rules({"internal": 1, "external": 3}, equal_fraction=5.0, wick_breaks=True)
    check(random_bars(Walk(1, 2_000, NEW_YEAR, amplitude=2)), rules)


@pytest.mark.parametrize(
    ("recording", "timeframe", "start"),
    [
        ("bybit_linear_BTCUSDT_5m", Timeframe.M5, "2025-10-06"),
        ("bybit_linear_ETHUSDT_5m", Timeframe.M5, "2025-10-30"),
        ("bybit_linear_ETHUSDT_5m", Timeframe.M5, "2026-03-05"),
        ("binance_usdm_BTCUSDT_1m", Timeframe.M1, "2025-05-31"),
        ("binance_usdm_ETHUSDT_1m", Timeframe.M1, "2025-06-10"),
    ],
)
def test_recorded_candles_agree(recording: str, timeframe: Timeframe, start: str) -> None:
    """Two thousand candles: the fall of 10 October 2025, both clock changes, a month's end."""
    folder = os.environ.get("CANDLE_DATA_DIR")
    if not folder:
        pytest.skip("CANDLE_DATA_DIR is not set: there are no recorded candles to read")
    other = recording.replace("BTC", "@").replace("ETH", "BTC").replace("@", "ETH")
    bars, peer = (
        recorded(next(Path(folder).glob(f"{name}_*.csv")), timeframe, start)
        for name in (recording, other)
    )
    check(bars, Rules(tick=0.1), peer)


def recorded(path: Path, timeframe: Timeframe, start: str) -> Bars:
    """Two thousand candles from the start of that UTC day."""
    candles = read_candles(path, timeframe)
    first = int(np.searchsorted(candles.time, np.datetime64(start, "ms").astype(np.int64)))
    part = slice(first, first + 2_000)
    prices = (candles.open, candles.high, candles.low, candles.close)
    times = candles.time[part].tolist()
    assert len(times) == 2_000
    return Bars(1, timeframe.milliseconds, times, *(column[part].tolist() for column in prices))
