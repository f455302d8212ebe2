"""The recipe of docs/extending.md, followed: its detector and its entry model join everything."""

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from src.domain.candle import Timeframe
from src.domain.signal import SetupEvent
from src.strategy import additions
from src.strategy.analyze import Analysis, write_events
from src.strategy.candle_arrays import HEADER, CandleArrays
from src.strategy.certificate import certify
from src.strategy.chart import shapes
from src.strategy.export import CHUNK, Event, analyse, merge_rows
from src.strategy.parameters import StrategyParameters
from src.strategy.symbol_strategy import SymbolStrategy
from src.strategy.whole_fold import WholeFold
from tests.unit.strategy.walks import M5, as_candles, walk

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "extending.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
CORE = StrategyParameters(internal_degree=2, external_degree=5, confluence_threshold=25)
CANDLES = walk(3, 1500)
ADDED_KINDS = ("swing_hierarchy", "reference_open", "gap_run", "setup_gap_return")


@pytest.fixture(scope="module", autouse=True)
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Write the page's files, run its registration, and take both back afterwards.

    The registration runs as it stands on the page, with nothing but what that file already has.
    """
    folder = tmp_path_factory.mktemp("recipe")
    registries: list[dict[str, Any]] = [additions.DETECTORS, additions.ENTRY_MODELS]
    before = [registry.copy() for registry in registries]
    with pytest.MonkeyPatch.context() as patch:
        for block in BLOCKS:
            if match := re.match(r"# src/strategy/(gap_\w+)\.py\n", block):
                import_as(f"src.strategy.{match[1]}", folder / f"{match[1]}.py", block, patch)
        (registration,) = (block for block in BLOCKS if block.startswith("# src/strategy/add"))
        exec(registration, vars(additions).copy())
        yield
    for registry, entries in zip(registries, before, strict=True):
        registry.clear()
        registry.update(entries)


def import_as(name: str, path: Path, text: str, patch: pytest.MonkeyPatch) -> None:
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    patch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)


@pytest.fixture
def parameters() -> StrategyParameters:
    """Everything: the core's models, the product's own detectors, and those of the page."""
    return StrategyParameters(
        internal_degree=2,
        external_degree=5,
        confluence_threshold=25,
        models=(*CORE.models, "gap_return"),
        detectors=("swing_hierarchy", "reference_open", "gap_run"),
    )


def told(
    candles: CandleArrays, parameters: StrategyParameters, sizes: Iterator[int]
) -> list[Event]:
    """The export of candles fed in pieces of the given sizes."""
    rows, first = candles.rows(), 0
    events: list[Event] = []
    fold = WholeFold(parameters, M5.milliseconds, 0.5, record_events=True)
    while first < len(rows):
        size = next(sizes)
        found = fold.feed(rows[first : first + size])
        events += merge_rows(found, candles.time, parameters, 0.5)
        first += size
    return events


def test_the_last_block_names_what_was_registered() -> None:
    names: dict[str, object] = {}
    exec(BLOCKS[-1], names)
    assert names["parameters"] == StrategyParameters(
        detectors=("gap_run",), models=("2022", "gap_return")
    )


def test_added_kinds_follow_the_cores_of_the_same_bar_and_change_none_of_them(
    parameters: StrategyParameters,
) -> None:
    events = list(analyse(CANDLES, M5, parameters, 0.5))
    assert {event["kind"] for event in events} >= set(ADDED_KINDS)
    core = [event for event in events if event["kind"] not in ADDED_KINDS]
    assert core == list(analyse(CANDLES, M5, CORE, 0.5))
    ranks = [(e["t"], 1 + ADDED_KINDS.index(e["kind"]) if e not in core else 0) for e in events]
    assert ranks == sorted(ranks)


def test_ids_count_up_from_zero_and_each_event_comes_once(parameters: StrategyParameters) -> None:
    events = list(analyse(CANDLES, M5, parameters, 0.5))
    for kind in ADDED_KINDS:
        own = [event for event in events if event["kind"] == kind]
        first = list(dict.fromkeys(event["id"] for event in own))
        assert first == list(range(len(first)))
        assert len({(event["id"], event["event"]) for event in own}) == len(own)


def test_the_detector_finds_what_the_exported_gaps_show(parameters: StrategyParameters) -> None:
    events = list(analyse(CANDLES, M5, parameters, 0.5))
    gaps = [e for e in events if e["kind"] == "fvg" and e["event"] == "created"]
    runs, length = [], 1
    for before, gap in pairwise(gaps):
        length = length + 1 if gap["dir"] == before["dir"] else 1
        if length in (3, 4):
            runs.append((gap["t"], gap["dir"], length))
    found = [(e["t"], e["dir"], e["gaps"]) for e in events if e["kind"] == "gap_run"]
    assert found == runs
    assert len(runs) > 20


def test_pictures_show_added_setups_and_whatever_has_a_price(
    parameters: StrategyParameters,
) -> None:
    events = list(analyse(CANDLES, M5, parameters, 0.5))
    shown = shapes(events, len(CANDLES) - 1)
    assert {shape.kind for shape in shown} >= {"setup_gap_return", "swing_hierarchy"}
    proposed = next(event for event in events if event["kind"] == "setup_gap_return")
    levels = [s for s in shown if s.kind == "setup_gap_return" and s.known == proposed["t"]]
    assert {shape.label for shape in levels} == {"entry", "stop", "target"}


def test_any_cut_into_pieces_tells_the_same(parameters: StrategyParameters) -> None:
    """Judging a proposal in the middle of a piece gives the score it has bar by bar."""
    whole = told(CANDLES, parameters, iter([CHUNK]))
    assert told(CANDLES, parameters, iter(lambda: 1, 0)) == whole
    assert told(CANDLES, parameters, iter([7, 400, 1, 1, 60, 1000, 1000])) == whole


def test_the_certificate_covers_what_was_added(parameters: StrategyParameters) -> None:
    certificate = certify(CANDLES.first(500), M5, parameters, 0.5)
    assert certificate.rewritten == 0
    assert all(certificate.kinds[kind].readings > 0 for kind in ADDED_KINDS)


def test_setups_of_an_added_model_are_armed_refused_and_watched(
    parameters: StrategyParameters,
) -> None:
    strategy = SymbolStrategy("BTCUSDT", M5, parameters, 0.5)
    updates = [u for u in strategy.update(as_candles(CANDLES)) if u.model == "gap_return"]
    assert {update.event for update in updates} == set(SetupEvent)
    for update in updates:
        assert sum(update.components.values()) == update.score
        assert any("the entry is its middle" in reason for reason in update.reasons)
        assert bool(update.refusals) == (update.event is SetupEvent.REFUSED)
    waiting = None
    for update in (u for u in updates if int(u.direction) > 0 and not u.refusals):
        if update.event is SetupEvent.ARMED:
            assert waiting is None, "one live setup a model and direction"
            waiting = update.armed_at
        else:
            assert update.armed_at == waiting
            assert update.known_at > update.armed_at
            waiting = None


def test_setups_of_an_added_model_do_not_depend_on_what_core_models_asked(
    parameters: StrategyParameters,
) -> None:
    """Not even on the same bar, where a core model may have looked for the draw the other way."""
    candles = walk(5, 3000, timeframe=Timeframe.H1)
    alone = replace(parameters, models=("gap_return",))
    own, beside = (
        [
            event
            for event in analyse(candles, Timeframe.H1, chosen, 0.5)
            if event["kind"] == "setup_gap_return"
        ]
        for chosen in (alone, parameters)
    )
    assert len({event["t"] for event in own}) > 100
    assert beside == own


def test_a_snapshot_holds_what_was_added(parameters: StrategyParameters) -> None:
    candles = as_candles(CANDLES)
    live = SymbolStrategy("BTCUSDT", M5, parameters, 0.5)
    live.update(candles[:700])
    restored = SymbolStrategy.restore("BTCUSDT", M5, parameters, 0.5, live.snapshot())
    expected = live.update(candles[700:])
    assert [update for candle in candles[700:] for update in restored.update([candle])] == expected
    assert restored.snapshot() == live.snapshot()
    assert restored.view() == live.view()


def test_the_live_view_shows_what_was_added(parameters: StrategyParameters) -> None:
    strategy = SymbolStrategy("BTCUSDT", M5, parameters, 0.5)
    assert strategy.view().added["reference_open"]["midnight"] is None
    strategy.update(as_candles(CANDLES))
    added = strategy.view().added
    assert list(added) == ["swing_hierarchy", "reference_open", "gap_run"]
    assert added["swing_hierarchy"]["long_term_high"]
    assert json.loads(json.dumps(added)) == added


def test_a_waiting_setup_of_an_added_model_is_the_reading(parameters: StrategyParameters) -> None:
    strategy, readings = SymbolStrategy("BTCUSDT", M5, parameters, 0.5), []
    for candle in as_candles(CANDLES):
        strategy.update([candle])
        view = strategy.view()
        readings.append(view.reading)
        assert view.reading.startswith("Waiting for a ") == (view.live_setups > 0)
    assert any("gap return entry at" in reading for reading in readings)


def test_analyze_writes_what_was_added(tmp_path: Path, parameters: StrategyParameters) -> None:
    columns = (CANDLES.time, CANDLES.open, CANDLES.high, CANDLES.low, CANDLES.close, CANDLES.close)
    lines = [",".join(str(x) for x in row) for row in zip(*columns, strict=True)]
    path, out = tmp_path / "candles.csv", StringIO()
    path.write_text("\n".join([",".join(HEADER), *lines]))
    write_events(Analysis(path, "5m"), out, parameters)
    assert {json.loads(line)["kind"] for line in out.getvalue().splitlines()} >= set(ADDED_KINDS)
