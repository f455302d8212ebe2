"""A result under examination: everything held against it, the verdict, and both as a document."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from src.analytics.luck.bootstrap import Fan, Interval, equity_fan, interval, sharpes
from src.analytics.luck.verdict import Evidence, Verdict, verdict
from src.backtest.evidence import expectancy, gather
from src.backtest.result import BacktestResult
from src.backtest.stress import Variant, worse_conditions
from src.backtest.trial import Outcome, Trial, outcome_of
from src.backtest.workers import Workers
from src.database.trial_ledger import Tried


@dataclass(frozen=True, slots=True)
class Examination:
    """`variants` are the stressed runs with their outcomes; `sharpe` is a year's."""

    outcome: Outcome
    evidence: Evidence
    verdict: Verdict
    sharpe: Interval
    fan: Fan | None
    variants: tuple[tuple[Variant, Outcome], ...]
    seed: int


def examine(
    trial: Trial,
    result: BacktestResult,
    workers: Workers,
    tried: Tried | None,
    alternatives: Sequence[Outcome] = (),
) -> Examination:
    """Examine a trial's result; the seed of its request decides every draw.

    `tried` is everything tried on this market so far, this trial included; `alternatives` are
    the trials it was chosen from. Runs the trial again under worse conditions.
    """
    seed, outcome = trial.request.seed, outcome_of(trial, result)
    stressed = worse_conditions(trial)
    outcomes = workers.run([variant.trial for variant in stressed])
    variants = tuple(zip(stressed, outcomes, strict=True))
    evidence = gather(outcome, result, seed, tried, alternatives, variants)
    return Examination(
        outcome=outcome,
        evidence=evidence,
        verdict=verdict(evidence),
        sharpe=interval(outcome.daily_returns, sharpes, seed),
        fan=equity_fan(outcome.daily_returns, seed),
        variants=variants,
        seed=seed,
    )


def examination_document(examination: Examination) -> dict[str, object]:
    """The examination, ready for JSON: every number with its n."""
    evidence, fan = examination.evidence, examination.fan
    return {
        "verdict": {
            "finding": examination.verdict.finding.name.lower(),
            "sentence": examination.verdict.sentence,
            "doubts": list(examination.verdict.doubts),
        },
        "expectancy_in_r": asdict(evidence.expectancy),
        "sharpe": asdict(examination.sharpe),
        "deflated_sharpe": asdict(evidence.deflated) if evidence.deflated else None,
        "overfitting": asdict(evidence.overfitting) if evidence.overfitting else None,
        "random_entries": asdict(evidence.random_entries) if evidence.random_entries else None,
        "shuffled_directions": (
            asdict(evidence.shuffled_directions) if evidence.shuffled_directions else None
        ),
        "stressed": [
            {"name": variant.name, **asdict(expectancy(outcome, examination.seed))}
            for variant, outcome in examination.variants
        ],
        "fan": None if fan is None else _fan_document(fan),
        "seed": examination.seed,
    }


def _fan_document(fan: Fan) -> dict[str, object]:
    return {
        "probabilities": list(fan.probabilities),
        "days": list(fan.days),
        "curves": fan.curves.tolist(),
        "max_drawdown": [asdict(depth) for depth in fan.depths],
    }
