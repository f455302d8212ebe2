"""One plain sentence on a result. It never promises anything."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from src.analytics.luck.baselines import Baseline
from src.analytics.luck.bootstrap import Interval
from src.analytics.luck.overfitting import Overfitting
from src.analytics.luck.sharpe import DeflatedSharpe

FEWEST_TRADES = 30
"""Below this many, no interval of a mean is worth its name."""

DEFLATED_AT_LEAST = 0.95
OVERFITTING_BELOW = 0.5
P_VALUE_AT_MOST = 0.05


class Finding(enum.Enum):
    """What may be said of a result."""

    TOO_FEW = "too few trades to say anything"
    LOSS = "evidence of a loss"
    NONE = "no evidence of an edge"
    LUCK = "no evidence of an edge beyond luck"
    SOME = "some evidence of an edge in this history, which may not last"


@dataclass(frozen=True, slots=True)
class Stressed:
    """The expectancy (R a trade) of the same run under worse conditions, named for people."""

    name: str
    expectancy: Interval


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the verdict rests on; None where it was not examined.

    `chosen_among` counts the different trials the result was chosen from, itself included.
    """

    expectancy: Interval
    deflated: DeflatedSharpe | None = None
    overfitting: Overfitting | None = None
    random_entries: Baseline | None = None
    shuffled_directions: Baseline | None = None
    stressed: Sequence[Stressed] = field(default_factory=tuple)
    chosen_among: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding, the sentence for people and the doubts that led to it."""

    finding: Finding
    sentence: str
    doubts: tuple[str, ...]


def verdict(evidence: Evidence) -> Verdict:
    """Judge a result: an edge is spoken of only when nothing that was examined denies it.

    At least 30 trades, an interval of the expectancy above zero, a deflated Sharpe ratio of at
    least 95 %, a probability of overfitting below 50 %, baselines with p at most 5 % and every
    stressed expectancy above zero. What was not examined is named.
    """
    expectancy = evidence.expectancy
    figures = _figures(expectancy)
    if expectancy.n < FEWEST_TRADES or expectancy.low is None or expectancy.high is None:
        sentence = f"{Finding.TOO_FEW.value}: {figures}; at least {FEWEST_TRADES} are needed"
        return Verdict(Finding.TOO_FEW, sentence, ())
    if expectancy.high < 0:
        return Verdict(Finding.LOSS, f"{Finding.LOSS.value}: {figures}", ())
    if expectancy.low <= 0:
        return Verdict(Finding.NONE, f"{Finding.NONE.value}: {figures}", ())
    doubts = (*_denials(evidence), *_not_examined(evidence))
    finding = Finding.LUCK if doubts else Finding.SOME
    sentence = f"{finding.value}: {figures}"
    if doubts:
        sentence += f"; {'; '.join(doubts)}"
    return Verdict(finding, sentence, doubts)


def _figures(expectancy: Interval) -> str:
    """`net −0.04 R per trade, 95 % CI −0.11…+0.03, n = 412 trades`."""
    trades = f"n = {expectancy.n} trade{'' if expectancy.n == 1 else 's'}"
    if expectancy.estimate is None:
        return trades
    net = f"net {signed(expectancy.estimate)} R per trade"
    if expectancy.low is None or expectancy.high is None:
        return f"{net}, {trades}"
    between = f"{signed(expectancy.low)}…{signed(expectancy.high)}"
    return f"{net}, {100 * expectancy.confidence:.0f} % CI {between}, {trades}"


def signed(value: float) -> str:
    """Two decimals with a sign, as people print them: +0.03, −0.11, 0.00."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in ("+0.00", "−0.00") else text


def _denials(evidence: Evidence) -> list[str]:
    """What was examined and speaks against an edge, a clause each."""
    return [*_denied_by_trials(evidence), *_denied_by_baselines(evidence), *_denied_by(evidence)]


def _denied_by_trials(evidence: Evidence) -> list[str]:
    clauses = []
    deflated, overfit = evidence.deflated, evidence.overfitting
    if deflated is not None and (deflated.probability or 0.0) < DEFLATED_AT_LEAST:
        shown = "undefined" if deflated.probability is None else _percent(deflated.probability)
        clauses.append(
            f"the deflated Sharpe ratio is {shown} after {deflated.trials} "
            f"trial{'' if deflated.trials == 1 else 's'} "
            f"(at least {_percent(DEFLATED_AT_LEAST)} is wanted, n = {deflated.n} days)"
        )
    if overfit is not None and (overfit.probability or 0.0) >= OVERFITTING_BELOW:
        clauses.append(
            f"the probability of overfitting is {_percent(overfit.probability or 0.0)} "
            f"(n = {overfit.trials} trials)"
        )
    return clauses


def _denied_by_baselines(evidence: Evidence) -> list[str]:
    named = {
        "random entries": evidence.random_entries,
        "shuffled directions": evidence.shuffled_directions,
    }
    return [
        f"{name} do as well in {_percent(baseline.p_value)} of {baseline.draws} draws"
        for name, baseline in named.items()
        if baseline is not None
        and baseline.p_value is not None
        and baseline.p_value > P_VALUE_AT_MOST
    ]


def _denied_by(evidence: Evidence) -> list[str]:
    return [
        f"{one.name} leaves {_left(one.expectancy)}"
        for one in evidence.stressed
        if (one.expectancy.estimate or 0.0) <= 0
    ]


def _left(expectancy: Interval) -> str:
    if expectancy.estimate is None:
        return f"too few trades to say (n = {expectancy.n})"
    return f"{signed(expectancy.estimate)} R per trade (n = {expectancy.n})"


def _not_examined(evidence: Evidence) -> list[str]:
    """Shuffled directions are not among them: trades that all point one way have none. Neither is
    overfitting where nothing was chosen."""
    entries, among = evidence.random_entries, evidence.chosen_among
    missing = [
        name
        for name, found in (
            ("the number of trials", evidence.deflated),
            ("overfitting", evidence.overfitting if among > 1 else among),
            ("random entries", None if entries is None else entries.p_value),
            ("worse conditions", evidence.stressed or None),
        )
        if found is None
    ]
    return [f"not examined: {', '.join(missing)}"] if missing else []


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
