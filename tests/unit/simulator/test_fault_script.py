"""Fault scripts: how they are read, what they count, and that a seed fixes everything."""

import re
from pathlib import Path

import pytest
import yaml

from src.domain.errors import InvalidInput
from src.simulator.faults.fault import Fault, Script, fault_of, script_of, script_of_file
from src.simulator.faults.kinds import KINDS, Occasion
from src.simulator.faults.schedule import Schedule
from tests.architecture.repository import ROOT

CREATE = "/v5/order/create"


def scheduled(*faults: dict[str, object], seed: int = 0, now: int = 0) -> Schedule:
    schedule = Schedule(lambda: now)
    schedule.add(script_of({"seed": seed, "faults": list(faults)}))
    return schedule


def taken(schedule: Schedule, count: int, path: str = CREATE) -> list[int]:
    """Which of so many requests (from 1) met a fault."""
    due = (bool(schedule.due(Occasion.REQUEST, path)) for _ in range(count))
    return [number for number, met in enumerate(due, start=1) if met]


def test_a_script_is_yaml_or_json(tmp_path: Path) -> None:
    file = tmp_path / "faults"
    file.write_text("seed: 3\nfaults:\n  - {fault: silent, topic: 'kline.*', times: 2}\n")
    spelled_out = script_of_file(file)
    file.write_text('{"seed": 3, "faults": [{"fault": "silent", "topic": "kline.*", "times": 2}]}')
    assert script_of_file(file) == spelled_out
    assert (spelled_out.seed, spelled_out.faults[0].occasion, spelled_out.faults[0].times) == (
        3,
        Occasion.MESSAGE,
        2,
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param([{"fault": "gremlin"}], "one of", id="kind"),
        pytest.param([{"fault": "slow", "colour": 1}], "does not know colour", id="parameter"),
        pytest.param([{"fault": "slow", "seconds": "long"}], "`seconds`", id="type"),
        pytest.param([{"fault": "slow", "times": -1}], "`times`", id="count"),
        pytest.param([{"fault": "slow", "probability": 2}], "`probability`", id="probability"),
        pytest.param([{"fault": "slow", "topic": "kline.*"}], "occasion", id="occasion"),
        pytest.param([{"fault": "slow", "matching": 1}], "matching", id="matching"),
        pytest.param({"fault": "slow"}, "`faults`", id="no list"),
        pytest.param({"seed": "x", "faults": []}, "`seed`", id="seed"),
    ],
)
def test_a_wrong_script_is_refused_in_words(wrong: object, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        script_of(wrong)


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        script_of_file(tmp_path / "absent.yaml")
    (tmp_path / "broken.yaml").write_text("faults: [")
    with pytest.raises(InvalidInput, match="cannot be read"):
        script_of_file(tmp_path / "broken.yaml")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, [1]),
        ({"first": 3}, [3]),
        ({"times": 2}, [1, 2]),
        ({"times": 0}, [1, 2, 3, 4, 5, 6]),
        ({"first": 2, "every": 2, "times": 0}, [2, 4, 6]),
        ({"path": "/v5/position/*", "times": 0}, []),
        ({"probability": 0.0, "times": 0}, []),
    ],
)
def test_the_nth_occasion_and_how_often(when: dict[str, object], expected: list[int]) -> None:
    assert taken(scheduled({"fault": "dropped", **when}), 6) == expected


def test_the_seed_fixes_which_occasions_are_taken() -> None:
    fault = {"fault": "dropped", "probability": 0.5, "times": 0}
    first, again = taken(scheduled(fault, seed=1), 40), taken(scheduled(fault, seed=1), 40)
    assert first == again
    assert first != taken(scheduled(fault, seed=2), 40)
    assert 5 < len(first) < 35


def test_market_time_bounds_a_fault() -> None:
    fault = {"fault": "outage", "from": 100, "until": 200}
    for now, expected in ((99, 0), (100, 1), (199, 1), (200, 0)):
        assert len(scheduled(fault, now=now).due(Occasion.CLOCK)) == expected


def test_symbol_and_parameters_choose_the_requests_that_count() -> None:
    stop = {"fault": "refused", "symbol": "BTCUSDT", "matching": {"reduceOnly": True}}
    schedule = scheduled({**stop, "times": 0})

    def met(symbol: str, **parameters: str) -> bool:
        return bool(schedule.due(Occasion.REQUEST, CREATE, symbol, parameters))

    assert met("BTCUSDT", reduceOnly="true")
    assert not met("ETHUSDT", reduceOnly="true")
    assert not met("BTCUSDT", reduceOnly="false")
    assert not met("BTCUSDT")


def test_the_occasion_follows_from_path_and_topic() -> None:
    occasions: dict[str, Fault] = {
        "clock": fault_of({"fault": "disconnect"}),
        "request": fault_of({"fault": "disconnect", "path": CREATE}),
        "message": fault_of({"fault": "disconnect", "topic": "order"}),
    }
    assert {name: fault.occasion.value for name, fault in occasions.items()} == {
        name: name for name in occasions
    }


def test_what_was_cleared_does_not_happen_any_more() -> None:
    schedule = scheduled({"fault": "dropped"})
    schedule.clear()
    assert taken(schedule, 3) == []
    schedule.add(Script())
    assert list(schedule.armed) == []


def test_the_document_shows_every_fault_with_every_parameter() -> None:
    document = (ROOT / "docs/simulator.md").read_text(encoding="utf-8")
    shown: dict[str, set[str]] = {}
    for example in re.findall(r"```yaml\n(.*?)```", document, re.DOTALL):
        content = yaml.safe_load(example)
        script_of(content)
        shown |= {fault["fault"]: set(fault) for fault in content["faults"]}
    assert set(shown) == set(KINDS)
    for name, kind in KINDS.items():
        parameters = set(kind.parameters)
        if name == "disconnect":  # a topic names the stream already
            parameters.remove("stream")
        assert parameters <= shown[name], name
