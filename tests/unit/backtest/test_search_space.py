"""What may be searched is declared, and neighbours are one declared step away."""

from dataclasses import fields

import pytest

from src.backtest.search_space import (
    SEARCHABLE,
    SEARCHED,
    Choices,
    neighbours,
    search_space,
    with_assigned,
    with_values,
)
from src.domain.errors import InvalidInput
from src.strategy.parameters import StrategyParameters


def test_every_declared_value_is_accepted_by_the_strategy() -> None:
    for name, values in SEARCHABLE.items():
        for value in values:
            assert getattr(with_values(StrategyParameters(), {name: value}), name) == value


def test_every_declared_range_holds_the_default() -> None:
    defaults = {field.name: field.default for field in fields(StrategyParameters)}
    assert all(defaults[name] in values for name, values in SEARCHABLE.items())


def test_a_space_is_named_or_listed() -> None:
    assert [one.name for one in search_space()] == list(SEARCHED)
    assert search_space(["setup_bars=6,12", "gap_entry=ce,top", "breaker_needs_sweep=true"]) == (
        Choices("setup_bars", (6, 12)),
        Choices("gap_entry", ("ce", "top")),
        Choices("breaker_needs_sweep", (True,)),
    )
    assert search_space(["minimum_reward"]) == (
        Choices("minimum_reward", SEARCHABLE["minimum_reward"]),
    )


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["luck"], "not a parameter to search"),
        (["setup_bars=ten"], "no value of setup_bars"),
        (["breaker_needs_sweep=maybe"], "no value of"),
        (["setup_bars", "setup_bars=3"], "once"),
    ],
)
def test_a_wrong_space_is_refused_by_name(texts: list[str], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        search_space(texts)


def test_what_is_set_is_not_searched() -> None:
    left = search_space(assigned=["minimum_reward=2.5", "gap_entry=top"])
    assert [one.name for one in left] == [name for name in SEARCHED if name != "minimum_reward"]
    with pytest.raises(InvalidInput, match="minimum_reward is either set or searched"):
        search_space(["minimum_reward"], ["minimum_reward=2.5"])


def test_neighbours_change_one_parameter_by_one_step() -> None:
    near = neighbours(
        StrategyParameters(minimum_reward=2.0, setup_bars=12),
        search_space(["minimum_reward", "setup_bars", "gap_entry"]),
    )
    assert [name for name, _ in near] == [
        "minimum_reward 1.5",
        "minimum_reward 2.5",
        "setup_bars 18",
        "gap_entry top",
        "gap_entry bottom",
    ]
    assert near[1][1] == StrategyParameters(minimum_reward=2.5, setup_bars=12)


def test_single_values_are_assigned_by_name() -> None:
    given = with_assigned(StrategyParameters(), ["minimum_reward=2.5", "break_on=wick"])
    assert (given.minimum_reward, given.break_on) == (2.5, "wick")
    assert with_assigned(given, []) == given


@pytest.mark.parametrize(
    "texts",
    [["minimum_reward"], ["minimum_reward=2,3"], ["setup_bars=6", "setup_bars=7"], ["models=x"]],
)
def test_an_assignment_names_one_declared_parameter_once(texts: list[str]) -> None:
    with pytest.raises(InvalidInput):
        with_assigned(StrategyParameters(), texts)
