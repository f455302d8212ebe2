"""What `flask analyze` does: candles from CSV, events as JSON lines, states as CSV."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from src.domain.candle import Timeframe
from src.domain.errors import InvalidInput
from src.strategy.bar_states import COLUMNS, describe_bars
from src.strategy.candle_arrays import read_candles
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters


@dataclass(frozen=True, slots=True)
class Analysis:
    """What to analyse. `smt` is a second symbol's CSV; `tick` the smallest price step."""

    candles: Path
    timeframe: str
    smt: Path | None = None
    tick: float = 0.0


def write_events(
    analysis: Analysis, out: TextIO, parameters: StrategyParameters | None = None
) -> int:
    """Write one JSON object a line; returns how many.

    Raises InvalidInput for a wrong option or file and InvalidCandle for a wrong bar.
    """
    timeframe = timeframe_named(analysis.timeframe)
    candles = read_candles(analysis.candles, timeframe)
    peer = read_candles(analysis.smt, timeframe) if analysis.smt else None
    parameters = parameters or StrategyParameters()
    count = 0
    for event in analyse(candles, timeframe, parameters, analysis.tick, peer):
        out.write(json.dumps(event, allow_nan=False) + "\n")
        count += 1
    return count


def write_bars(
    analysis: Analysis, out: TextIO, parameters: StrategyParameters | None = None
) -> int:
    """Write the state at every close as CSV, undefined values empty; returns how many rows."""
    timeframe = timeframe_named(analysis.timeframe)
    candles = read_candles(analysis.candles, timeframe)
    peer = read_candles(analysis.smt, timeframe) if analysis.smt else None
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    parameters = parameters or StrategyParameters()
    count = 0
    for row in describe_bars(candles, timeframe, parameters, analysis.tick, peer):
        writer.writerow(row)
        count += 1
    return count


def timeframe_named(name: str) -> Timeframe:
    """The timeframe written `5m` or `4h`; InvalidInput lists the known ones."""
    try:
        return Timeframe(name)
    except ValueError as error:
        known = ", ".join(timeframe.value for timeframe in Timeframe)
        raise InvalidInput(
            f"{name} is not a timeframe; known are {known}", field="timeframe"
        ) from error
