"""Why nothing trades now, in one sentence, and the score an entry at the last close would have."""

import numpy as np

from src.strategy import records
from src.strategy.bars import ATR_BARS, bar_at
from src.strategy.codes import REFUSED
from src.strategy.compiled import Record, Records, compiled
from src.strategy.fold import Fold
from src.strategy.score import RECENT_BARS, score_entry
from src.strategy.sentences import Words
from src.strategy.setup_updates import SetupReader
from src.strategy.state import HUNT_KILL_ZONE, State


def present_score(fold: Fold, side: int) -> Record:
    """A setup row holding the score of an entry at the last close (zero before any candle)."""
    row = np.zeros(1, records.SETUP_ROW)
    row["range_position"] = np.nan
    if fold.state.memory["t"][0] > 0:
        _score_last_close(fold.state, fold.numbers, side, row)
    return row[0]


@compiled
def _score_last_close(state: State, parameters: Records, side: int, row: Records) -> None:
    memory = state.memory[0]
    t = memory.t - 1
    entry = bar_at(memory, side, t).close
    score_entry(memory, state.tables, parameters[0], side, entry, t, row[0], False)


def explain(state: State, waiting: Records, reader: SetupReader) -> str:
    """What the strategy is waiting for; `waiting` are the live setups."""
    memory = state.memory[0]
    t = int(memory["t"]) - 1
    words = reader.words
    if t + 1 < ATR_BARS:
        return f"Warming up: {t + 1} of the {ATR_BARS} candles the average range needs are here"
    if len(waiting):
        return _describe_waiting(waiting[0], reader, len(waiting))
    refused = _last_refusal(memory, t, reader, words)
    if refused:
        return refused
    hunts = [
        (int(hunt["t"]), side)
        for side, hunt in enumerate(memory["hunts"][:, HUNT_KILL_ZONE])
        if hunt["t"] >= 0 and t - hunt["t"] < RECENT_BARS
    ]
    if not hunts:
        return (
            "No intact sell-side or buy-side sweep in a kill zone during the last "
            f"{RECENT_BARS} bars"
        )
    return _describe_hunt(memory, max(hunts)[1], t, words)


def _describe_waiting(row: Record, reader: SetupReader, count: int) -> str:
    sign = 1 - 2 * int(row["side"])
    word = "long" if sign > 0 else "short"
    others = f", and {count - 1} more" if count > 1 else ""
    return (
        f"Waiting for a {word} {reader.words.model(row)} entry at "
        f"{reader.words.price(row['entry'] * sign)}{others}"
    )


def _last_refusal(memory: Record, t: int, reader: SetupReader, words: Words) -> str | None:
    row = memory["draft"][0]
    if row["event"] != REFUSED or row["t"] < 0 or t - row["t"] >= RECENT_BARS:
        return None
    side = "long" if row["side"] == 0 else "short"
    why = words.refusals(
        row, reader.parameters.confluence_threshold, reader.parameters.minimum_reward
    )
    model = words.model(row)
    return f"The last setup, a {side} {model} {_ago(t - int(row['t']))}, was refused: {why[0]}"


def _describe_hunt(memory: Record, side: int, t: int, words: Words) -> str:
    fact, sign = memory["hunts"][side, HUNT_KILL_ZONE], 1 - 2 * side
    row = np.zeros(1, records.SETUP_ROW)[0]
    for name in ("kind", "session", "windows", "reclaim", "price"):
        row[f"sweep_{name}"] = fact[name]
    swept = f"{words.sweep(row, sign)} {_ago(t - int(fact['t']))}"
    direction = "up" if sign > 0 else "down"
    if memory["breaks"]["t"][side, 0] >= fact["t"]:
        return f"{swept}; the market shifted {direction} but left no open gap to enter from"
    return f"{swept}; waiting for the market structure to shift {direction}"


def _ago(bars: int) -> str:
    return "on this bar" if bars == 0 else f"{bars} bar{'s' if bars > 1 else ''} ago"
