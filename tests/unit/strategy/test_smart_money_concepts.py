"""The other library beside this strategy, with a stand-in for the library itself."""

import sys
from types import ModuleType

import pandas as pd
import pytest

from src.strategy import smart_money_concepts
from src.strategy.parameters import StrategyParameters
from src.strategy.smart_money_concepts import compare, comparison_lines
from tests.unit.strategy.walks import M5, walk

CANDLES = walk(3, 120)
NONE = ["FVG", "BOS", "OB", "Liquidity"]


class Hindsight:
    """Calls the highest bar so far a swing, and dates a gap one bar early, as the library does."""

    @staticmethod
    def swing_highs_lows(frame: pd.DataFrame) -> pd.DataFrame:
        highest = frame["high"].idxmax()
        column = [1.0 if t == highest else float("nan") for t in frame.index]
        return pd.DataFrame({"HighLow": column, "Level": frame["high"]})

    @staticmethod
    def fvg(frame: pd.DataFrame) -> pd.DataFrame:
        later_low, earlier_high = frame["low"].shift(-1), frame["high"].shift(1)
        gap = (later_low > earlier_high).astype(float)
        mitigated = float(len(frame))
        return pd.DataFrame(
            {"FVG": gap.where(gap > 0), "Top": later_low, "MitigatedIndex": mitigated}
        )

    @staticmethod
    def nothing(frame: pd.DataFrame, swings: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({name: [float("nan")] * len(frame) for name in NONE})

    bos_choch = ob = liquidity = nothing


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("smartmoneyconcepts")
    module.__dict__["smc"] = Hindsight
    monkeypatch.setitem(sys.modules, "smartmoneyconcepts", module)
    monkeypatch.setattr(smart_money_concepts, "version", lambda name: "0.0.27")


def test_both_are_held_against_the_same_shorter_histories() -> None:
    compared = compare(CANDLES, M5, StrategyParameters(internal_degree=2), 0.5)
    assert compared.theirs.lengths == compared.ours.lengths == tuple(range(1, 120))
    assert compared.ours.rewritten == 0
    swings, gaps = compared.theirs.kinds["swing"], compared.theirs.kinds["fvg"]
    assert swings.readings == 1
    assert swings.removed > 0, "highs that were higher for a while"
    assert gaps.added == gaps.readings > 0, "a gap is known a bar after the bar it stands on"
    assert gaps.changed == 0, "when a gap was filled may be told later"


def test_the_table_shows_both_by_kind() -> None:
    compared = compare(CANDLES, M5, StrategyParameters(internal_degree=2), 0.5, range(50, 120))
    lines = list(comparison_lines(compared))
    assert lines[0] == "The first 120 candles, cut off at 70 lengths:"
    assert [line.split()[0] for line in lines[3:-1]] == ["swing", "structure", "fvg", "ob", "pool"]
    theirs, ours = compared.theirs.kinds["swing"], compared.ours.kinds["swing"]
    shown = [int(number) for number in lines[3].split()[1:]]
    assert shown == [
        *(theirs.readings, theirs.added, theirs.removed, theirs.changed),
        *(ours.readings, 0, 0, 0),
    ]
    assert lines[-1].endswith("this strategy 0 of all its kinds.")
