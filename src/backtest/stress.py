"""The same run under worse conditions, beside its neighbours, and with a component missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from src.backtest.alteration import MOST_POINTS, Alteration
from src.backtest.search_space import Choices, neighbours
from src.backtest.trial import Trial

TWICE = 2


@dataclass(frozen=True, slots=True)
class Variant:
    """A trial and what is different about it, in words."""

    name: str
    trial: Trial


def worse_conditions(trial: Trial) -> list[Variant]:
    """Twice the costs, and everything heard one candle later.

    The engine sizes with the doubled rates, as it would if they were the real ones. Funding
    stays: one side of the market receives it, and twice as much would make that side look better.
    """
    request = trial.request
    costs = replace(
        request.costs,
        taker_fee_rate=request.costs.taker_fee_rate * TWICE,
        maker_fee_rate=request.costs.maker_fee_rate * TWICE,
        slippage_rate=request.costs.slippage_rate * TWICE,
    )
    risk = replace(
        request.risk,
        taker_fee_rate=costs.taker_fee_rate,
        maker_fee_rate=costs.maker_fee_rate,
        slippage_rate=costs.slippage_rate,
    )
    dearer = replace(request, costs=costs, risk=risk)
    later = replace(trial.alteration, delay_bars=trial.alteration.delay_bars + 1)
    return [
        Variant("twice the costs", replace(trial, request=dearer)),
        Variant("one bar of delay", replace(trial, alteration=later)),
    ]


def parameter_neighbours(trial: Trial, space: Sequence[Choices]) -> list[Variant]:
    """Every searched parameter one step aside. A peak with nothing around it is a coincidence."""
    return [
        Variant(name, replace(trial, request=replace(trial.request, parameters=parameters)))
        for name, parameters in neighbours(trial.request.parameters, space)
    ]


def ablations(trial: Trial) -> list[Variant]:
    """One component of the confluence score after the other missing."""
    return [
        Variant(f"without {name}", replace(trial, alteration=Alteration(without=name)))
        for name in MOST_POINTS
    ]
