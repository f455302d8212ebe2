"""What a report says of a walk-forward, a search, an ablation and the sealed segment, as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from src.analytics.equity import sharpe_ratio
from src.analytics.luck.bootstrap import deepest_falls, interval, means
from src.analytics.luck.verdict import Evidence, verdict
from src.backtest.evidence import deflated, expectancy
from src.backtest.optimiser import FEWEST_TRADES, Found, objective
from src.backtest.request import BacktestRequest
from src.backtest.sealed import Opened, Seal
from src.backtest.search_space import SEARCHED, Choices
from src.backtest.stress import Variant
from src.backtest.trial import Outcome
from src.backtest.walk_forward import WalkForward
from src.database.times import to_iso
from src.database.trial_ledger import Tried

Document = dict[str, Any]
NOTHING_CHOSEN = (
    f"It was not opened: no trial of the last fold closed {FEWEST_TRADES} trades in its training, "
    "so there was nothing to run on it."
)
OPENED_BEFORE = "Part of it was opened by an earlier run, so no other can open it."
SECTIONS = ("walkForward", "outside", "optimisation", "ablation", "sealed")
"""The parts of a report that only some kinds of jobs have; null in the others."""


def wire_name(field: str) -> str:
    """The API's name of a parameter: `minimumReward`."""
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


def headline(outcome: Outcome) -> Document:
    """The figures for a list of runs; the drawdown is a fraction >= 0."""
    return {
        **_result(outcome),
        "sharpe": outcome.figures["sharpe"].value,
        "maxDrawdown": outcome.figures["max_drawdown"].value,
    }


def walk_headline(walked: WalkForward) -> Document:
    """The same of all that was traded outside the training, one fold behind the other."""
    returns = np.array(walked.daily_returns)
    return {
        "trades": len(walked.results_in_r),
        "netR": float(sum(walked.results_in_r)),
        "sharpe": sharpe_ratio(returns),
        "maxDrawdown": float(deepest_falls(returns[None, :])[0]),
    }


def walk_sections(walked: WalkForward, seed: int) -> Document:
    """The folds, and all that was traded outside the training together."""
    outside = interval(walked.results_in_r, means, seed)
    return {
        "walkForward": [*_folds(walked)],
        "outside": {
            "verdict": verdict(Evidence(outside)).sentence,
            "expectancy": asdict(outside),
            "efficiency": walked.efficiency,
        },
    }


def search_section(
    found: Found,
    space: Sequence[Choices],
    tried: Tried,
    neighbours: Iterable[tuple[Variant, Outcome]],
    seed: int,
) -> Document:
    """Every different trial, the best first; `deflatedSharpe` is held against everything tried."""
    names = [one.name for one in space]
    different = {one.trial.identity(): one for one in found.outcomes}
    ranked = sorted(different.values(), key=_rank, reverse=True)
    return {
        "trials": len(found.outcomes),
        "chosen": None if found.best is None else _values(found.best.trial.request, names),
        "table": [
            {
                "parameters": _values(one.trial.request, names),
                **_result(one),
                "sharpe": one.figures["sharpe"].value,
                "deflatedSharpe": deflated(one, tried).probability,
                "candidate": objective(one) is not None,
            }
            for one in ranked
        ],
        "neighbours": [
            {"name": variant.name, **asdict(expectancy(one, seed))} for variant, one in neighbours
        ],
    }


def ablation_section(
    whole: Outcome, found: Iterable[tuple[Variant, Outcome]], seed: int
) -> list[Document]:
    """The run as asked, then without each component; `component` null is the run as asked."""
    rows = [(None, whole), *((one.trial.alteration.without, outcome) for one, outcome in found)]
    return [
        {"component": name, **_result(one), "expectancy": asdict(expectancy(one, seed))}
        for name, one in rows
    ]


def sealed_section(seal: Seal, opened: Opened | None, seed: int, asked: bool) -> Document:
    """Which time was kept, and what was seen there when it was opened, or why it was not although
    it was `asked` to be, or cannot be."""
    seen, why_not = None, None
    if opened is not None:
        seen = {
            **_result(opened.outcome),
            "expectancy": asdict(expectancy(opened.outcome, seed)),
            "earlierReaders": opened.earlier_readers,
        }
    elif asked:
        why_not = NOTHING_CHOSEN
    elif seal.was_opened:
        why_not = OPENED_BEFORE
    begins_at, ends_at = seal.segment.begins_at, seal.segment.ends_at
    return {
        "from": to_iso(begins_at),
        "to": to_iso(ends_at),
        "opened": seen,
        "whyNot": why_not,
    }


def _folds(walked: WalkForward) -> Iterable[Document]:
    """What was traded in each fold outside its training; null where nothing could be chosen."""
    for number, one in enumerate(walked.folds, start=1):
        tested, trained = one.tested, one.trained
        yield {
            "fold": number,
            "from": to_iso(one.fold.test_start),
            "to": to_iso(one.fold.test_end),
            "netR": None if tested is None else float(sum(tested.results_in_r)),
            "trades": 0 if tested is None else len(tested.results_in_r),
            "trainedR": None if trained is None else trained.expectancy_in_r,
            "testedR": None if tested is None else tested.expectancy_in_r,
            "chosen": None if trained is None else _values(trained.trial.request, SEARCHED),
        }


def _result(outcome: Outcome) -> Document:
    return {"trades": len(outcome.results_in_r), "netR": float(sum(outcome.results_in_r))}


def _values(request: BacktestRequest, names: Iterable[str]) -> Document:
    return {wire_name(name): getattr(request.parameters, name) for name in names}


def _rank(outcome: Outcome) -> tuple[bool, float]:
    value = objective(outcome)
    return (value is not None, (outcome.daily_sharpe if value is None else value) or 0.0)
