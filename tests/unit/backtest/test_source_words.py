"""A person is told whose candles count, and why a seal is spent."""

import pytest

from src.backtest.source_words import candles_of, refusal, trials_counted
from src.database.trial_tables import UNKNOWN_SOURCE


def test_every_source_has_words_even_one_of_a_later_version() -> None:
    assert candles_of("bybit") == "Bybit's candles"
    assert candles_of("simulator") == "the simulator's candles"
    assert candles_of("okx") == "candles of okx"


def test_trials_of_unknown_source_count_on_either_side() -> None:
    assert trials_counted("bybit").endswith("read Bybit's candles or candles of unknown source.")
    assert "every source" in trials_counted(UNKNOWN_SOURCE)


@pytest.mark.parametrize(
    ("source", "before", "why"),
    [
        ("bybit", {"bybit", UNKNOWN_SOURCE}, "opened before on Bybit's candles."),
        ("bybit", {UNKNOWN_SOURCE}, "on candles of unknown source, which may be Bybit's candles."),
        (
            UNKNOWN_SOURCE,
            {"simulator", "bybit"},
            "on Bybit's candles or the simulator's candles, and nobody said whose these are.",
        ),
        (UNKNOWN_SOURCE, {UNKNOWN_SOURCE}, "on candles of unknown source."),
    ],
)
def test_a_refusal_names_the_candles_that_were_looked_at(
    source: str, before: set[str], why: str
) -> None:
    assert why in refusal(source, before)
