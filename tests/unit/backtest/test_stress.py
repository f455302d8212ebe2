"""Worse conditions change what they name and nothing else."""

from dataclasses import replace
from decimal import Decimal

from src.backtest.alteration import Alteration
from src.backtest.search_space import search_space
from src.backtest.stress import ablations, parameter_neighbours, worse_conditions
from tests.unit.backtest.invented import BASE, trial


def test_twice_the_costs_and_a_bar_of_delay() -> None:
    dearer, later = (variant.trial for variant in worse_conditions(BASE))
    assert dearer.request.costs.taker_fee_rate == Decimal("0.0011")
    assert dearer.request.risk.maker_fee_rate == Decimal("0.0004")
    assert dearer.request.costs.slippage_rate == 2 * BASE.request.costs.slippage_rate > 0
    assert dearer.request.costs.slippage_rate == dearer.request.risk.slippage_rate
    assert dearer.request.costs.maker_fee_rate == dearer.request.risk.maker_fee_rate
    assert dearer.request.parameters == BASE.request.parameters
    assert later == replace(BASE, alteration=Alteration(delay_bars=1))


def test_neighbours_carry_their_names() -> None:
    names = [one.name for one in parameter_neighbours(trial(), search_space(["setup_bars"]))]
    assert names == ["setup_bars 18", "setup_bars 36"]


def test_every_component_is_missing_once() -> None:
    missing = [one.trial.alteration.without for one in ablations(BASE)]
    assert len(set(missing)) == len(missing) == 8
    assert ablations(BASE)[0].name == "without htf_bias"
