"""One plain sentence, an edge only when nothing denies it, and never a promise."""

from dataclasses import replace

import pytest

from src.analytics.luck.baselines import Baseline
from src.analytics.luck.bootstrap import Interval
from src.analytics.luck.overfitting import Overfitting
from src.analytics.luck.sharpe import DeflatedSharpe
from src.analytics.luck.verdict import Evidence, Finding, Stressed, verdict


def expectancy(estimate: float, low: float, high: float, n: int = 412) -> Interval:
    return Interval(estimate, low, high, 0.95, n, 2000, 1.0)


POSITIVE = Evidence(
    expectancy=expectancy(0.21, 0.08, 0.34),
    deflated=DeflatedSharpe(0.97, 0.12, 0.05, 40, 300),
    overfitting=Overfitting(0.2, 0.1, 40, 12_870, 300),
    random_entries=Baseline(0.21, -0.05, -0.15, 0.05, 0.001, 412, 2000),
    shuffled_directions=Baseline(0.2, 0.0, -0.1, 0.1, 0.002, 412, 2000),
    stressed=(Stressed("twice the costs", expectancy(0.11, -0.01, 0.22)),),
)


def test_an_interval_around_zero_is_no_evidence() -> None:
    found = verdict(Evidence(expectancy(-0.04, -0.11, 0.03)))
    assert found.finding is Finding.NONE
    assert found.sentence == (
        "no evidence of an edge: net −0.04 R per trade, 95 % CI −0.11…+0.03, n = 412 trades"
    )


@pytest.mark.parametrize(("low", "high"), [(-0.1, 0.0), (0.0, 0.1)])
def test_an_interval_that_touches_zero_is_no_evidence(low: float, high: float) -> None:
    assert verdict(Evidence(expectancy((low + high) / 2, low, high))).finding is Finding.NONE


def test_an_interval_below_zero_is_evidence_of_a_loss() -> None:
    found = verdict(Evidence(expectancy(-0.2, -0.3, -0.1)))
    assert found.finding is Finding.LOSS
    assert found.sentence.startswith("evidence of a loss: net −0.20 R per trade")


def test_few_trades_say_nothing_however_good() -> None:
    found = verdict(replace(POSITIVE, expectancy=expectancy(2.0, 1.5, 2.5, n=29)))
    assert found.finding is Finding.TOO_FEW
    assert found.sentence.endswith("n = 29 trades; at least 30 are needed")
    nothing = verdict(Evidence(Interval(None, None, None, 0.95, 0, 0, 1.0)))
    assert nothing.sentence == (
        "too few trades to say anything: n = 0 trades; at least 30 are needed"
    )


def test_when_nothing_denies_it_there_is_some_evidence_and_a_warning() -> None:
    found = verdict(POSITIVE)
    assert verdict(replace(POSITIVE, overfitting=None)).doubts == (), "nothing was chosen"
    assert found.finding is Finding.SOME
    assert found.doubts == ()
    assert "which may not last" in found.sentence


UNKNOWN = Interval(None, None, None, 0.95, 0, 0, 1.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"deflated": DeflatedSharpe(0.61, 0.1, 0.1, 250, 300)}, "61.0 % after 250 trials"),
        ({"deflated": DeflatedSharpe(None, None, 0.1, 1, 3)}, "undefined after 1 trial "),
        ({"overfitting": Overfitting(0.62, 0.4, 40, 70, 300)}, "overfitting is 62.0 %"),
        ({"overfitting": Overfitting(0.5, 0.4, 40, 70, 300)}, "overfitting is 50.0 %"),
        (
            {"random_entries": Baseline(0.2, 0.1, 0.0, 0.3, 0.21, 412, 2000)},
            "random entries do as well in 21.0 % of 2000 draws",
        ),
        (
            {"shuffled_directions": Baseline(0.2, 0.1, 0.0, 0.3, 0.4, 412, 2000)},
            "shuffled directions do as well",
        ),
        (
            {"stressed": (Stressed("one bar of delay", expectancy(-0.3, -0.5, 0.1, 90)),)},
            "one bar of delay leaves −0.30 R per trade (n = 90)",
        ),
        (
            {
                "stressed": (
                    Stressed("one bar of delay", Interval(None, None, None, 0.95, 0, 0, 1)),
                )
            },
            "one bar of delay leaves too few trades to say (n = 0)",
        ),
        (
            {"random_entries": Baseline(None, None, None, None, None, 0, 0)},
            "not examined: random entries",
        ),
        ({"deflated": None}, "not examined: the number of trials"),
        ({"overfitting": None, "chosen_among": 2}, "not examined: overfitting"),
        ({"stressed": (), "random_entries": None}, "not examined: random entries, worse"),
    ],
)
def test_one_denial_or_omission_is_enough_for_doubt(change: dict[str, object], words: str) -> None:
    found = verdict(replace(POSITIVE, **change))  # type: ignore[arg-type]  # fields by name
    assert found.finding is Finding.LUCK
    assert words in found.sentence
    assert found.sentence.startswith("no evidence of an edge beyond luck: net +0.21 R per trade")


def test_a_rounded_zero_has_no_sign() -> None:
    assert "net 0.00 R" in verdict(Evidence(expectancy(-0.001, -0.1, 0.1))).sentence


def test_no_verdict_promises_anything() -> None:
    for finding in Finding:
        assert not {"profit", "will", "guarantee", "safe"} & set(finding.value.split())
