"""Everything the fold finds as dictionaries, one an event: the public shape of section 15."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from src.domain.candle import Timeframe
from src.strategy.added import Detector
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import (
    BPR,
    BREAKER,
    CANCEL_REASONS,
    CANCELLED,
    CREATED,
    DEGREES,
    EVENTS,
    FVG,
    IFVG,
    KINDS,
    LABELS,
    MITIGATION,
    MODELS,
    OPENING_GAP,
    ORDER_BLOCK,
    OTE,
    POOL,
    POOL_KINDS,
    REFUSED,
    SESSION,
    SESSIONS,
    SETUP,
    SMT,
    STRUCTURE,
    SUPERSEDED,
    SWING,
    TOUCHED,
)
from src.strategy.codes import PD as FIRST_CALENDAR_POOL
from src.strategy.compiled import Integers, Record
from src.strategy.parameters import StrategyParameters
from src.strategy.sentences import Words
from src.strategy.setup_updates import components
from src.strategy.structure import INITIAL_FLAG, SHIFT_FLAG, SWEEP_FLAG
from src.strategy.whole_fold import WholeFold, WholeRows, added_models_of

CHUNK = 8192
SETUP_STEP, ADDED_STEP, ADDED_SETUP_STEP = 10, 11, 12
CORE_TABLE, SETUP_TABLE, FIRST_ADDED_TABLE = range(3)
GAP_KINDS = ("NWOG", "NDOG")
Event = dict[str, Any]


def analyse(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float = 0.0,
    peer: CandleArrays | None = None,
    inverse_peer: bool = False,
) -> Iterator[Event]:
    """Every event of the candles, ordered by bar, step, kind, id and event.

    `tick` is the smallest price step (0: unknown); `peer` is the second symbol SMT compares with.
    Raises InvalidCandle naming the first bar that cannot be true.
    """
    candles.check(timeframe)
    if peer is not None:
        peer.check(timeframe)
    fold = WholeFold(parameters, timeframe.milliseconds, tick, record_events=True)
    for rows in candles.stretches(CHUNK, peer, inverse_peer):
        yield from merge_rows(fold.feed(rows), candles.time, parameters, tick)


def merge_rows(
    found: WholeRows, times: Integers, parameters: StrategyParameters, tick: float
) -> Iterator[Event]:
    """All rows of the same bars as dictionaries in export order: added kinds come last."""
    words = Words(tick, added_models_of(parameters))
    for table, row in _in_order(found):
        if table == CORE_TABLE:
            yield event_dictionary(row, int(times[row["t"]]))
        elif table == SETUP_TABLE:
            yield _setup_dictionary(row, int(times[row["event_t"]]), words, parameters)
        else:
            detector = found.told[table - FIRST_ADDED_TABLE][0]
            yield _added_dictionary(detector, row, int(times[row["t"]]))


def _in_order(found: WholeRows) -> Iterator[tuple[int, Record]]:
    """Every row with the number of its table, as section 15 orders them."""
    events, setups = found.events, found.setups
    # Setups of added models follow all that was there before, model by model.
    added = np.maximum(0, setups["model"] - len(MODELS) + 1)
    step = np.where(added == 0, SETUP_STEP, ADDED_SETUP_STEP)
    tables = [events, setups, *(rows for _, rows in found.told)]
    columns = [
        (events["t"], events["step"], events["kind"], events["id"], events["event"]),
        (setups["event_t"], step, SETUP + added, setups["id"], setups["event"]),
    ]
    for number, (_, rows) in enumerate(found.told):
        step, kind = np.full(len(rows), ADDED_STEP), np.full(len(rows), number)
        columns.append((rows["t"], step, kind, rows["id"], rows["event"]))
    table = np.repeat(np.arange(len(tables)), [len(rows) for rows in tables])
    place = np.concatenate([np.arange(len(rows)) for rows in tables])
    t, step, kind, identity, event = (np.concatenate(part) for part in zip(*columns, strict=True))
    for index in np.lexsort((event, identity, kind, step, t)):
        yield int(table[index]), tables[table[index]][place[index]]


def _added_dictionary(detector: Detector, row: Record, time: int) -> Event:
    return {
        "t": int(row["t"]),
        "ts": time,
        "kind": detector.name,
        "event": detector.events[int(row["event"])],
        "id": int(row["id"]),
        "dir": int(row["dir"]),
        **detector.keys(row),
    }


def event_dictionary(row: Record, time: int) -> Event:
    """One event row; the keys beyond the common ones come with the first event of an object."""
    kind, event = int(row["kind"]), int(row["event"])
    shown: Event = {
        "t": int(row["t"]),
        "ts": time,
        "kind": KINDS[kind],
        "event": EVENTS[kind][event],
        "id": int(row["id"]),
        "dir": int(row["dir"]),
    }
    if event == CREATED or kind == STRUCTURE:
        shown |= _FIRST_KEYS[kind](row)
    elif kind == POOL and event != SUPERSEDED:
        shown["extreme"] = float(row["price_2"])
    elif kind == OTE and event == TOUCHED:
        shown |= _bounds(row)
    return shown


def _bounds(row: Record) -> Event:
    return {"top": float(row["price_1"]), "bottom": float(row["price_2"])}


def _swing(row: Record) -> Event:
    return {
        "degree": DEGREES[int(row["degree"])],
        "t_origin": int(row["t_origin"]),
        "price": float(row["price_1"]),
        "label": LABELS[int(row["flags"])].get(int(row["reference"])),
    }


def _structure(row: Record) -> Event:
    flags = int(row["flags"])
    return {
        "degree": DEGREES[int(row["degree"])],
        "level": float(row["price_1"]),
        "t_origin": int(row["t_origin"]),
        "leg_start": int(row["reference"]),
        "protected": float(row["price_2"]),
        "initial": bool(flags & INITIAL_FLAG),
        "mss": bool(flags & SHIFT_FLAG),
        "after_sweep": bool(flags & SWEEP_FLAG),
    }


def _fvg(row: Record) -> Event:
    return {"t_origin": int(row["t_origin"]), **_bounds(row), "group_id": int(row["reference"])}


def _ifvg(row: Record) -> Event:
    return {"t_origin": int(row["t_origin"]), **_bounds(row), "fvg_id": int(row["reference"])}


def _bpr(row: Record) -> Event:
    parents = {"fvg_id": int(row["reference"]), "opposite_id": int(row["t_origin"])}
    return {**_bounds(row), **parents}


def _order_block(row: Record) -> Event:
    return {
        **_mitigation(row),
        "open": float(row["price_3"]),
        "mt": float(row["price_4"]),
        "has_fvg": bool(row["flags"]),
    }


def _breaker(row: Record) -> Event:
    parents = {"ob_id": int(row["reference"]), "swept_first": bool(row["flags"])}
    return {**_bounds(row), **parents}


def _mitigation(row: Record) -> Event:
    degree = DEGREES[int(row["degree"])]
    return {"degree": degree, "t_origin": int(row["t_origin"]), **_bounds(row)}


def _pool(row: Record) -> Event:
    kind = int(row["degree"])
    shown: Event = {
        "pool_kind": POOL_KINDS[kind],
        "price": float(row["price_1"]),
        "t_origin": int(row["t_origin"]),
        "strength": int(row["price_3"]),
    }
    if kind >= FIRST_CALENDAR_POOL:
        shown["partial"] = bool(row["flags"])
    if kind == SESSION:
        shown["session"] = SESSIONS[int(row["reference"])]
    return shown


def _retracement(row: Record) -> Event:
    return {"structure_id": int(row["reference"]), "anchor": float(row["price_3"])}


def _divergence(row: Record) -> Event:
    return {"t_origin": int(row["t_origin"]), "previous": int(row["reference"])}


def _opening_gap(row: Record) -> Event:
    kind = GAP_KINDS[int(row["degree"])]
    return {"gap_kind": kind, **_bounds(row), "synthetic": bool(row["flags"])}


_FIRST_KEYS: dict[int, Callable[[Record], Event]] = {
    SWING: _swing,
    STRUCTURE: _structure,
    FVG: _fvg,
    IFVG: _ifvg,
    BPR: _bpr,
    ORDER_BLOCK: _order_block,
    BREAKER: _breaker,
    MITIGATION: _mitigation,
    POOL: _pool,
    OTE: _retracement,
    SMT: _divergence,
    OPENING_GAP: _opening_gap,
}


def setup_kind(model: str) -> str:
    """The kind of a model's setups: each added model numbers its own."""
    return KINDS[SETUP] if model in MODELS else f"{KINDS[SETUP]}_{model}"


def _setup_dictionary(
    row: Record, time: int, words: Words, parameters: StrategyParameters
) -> Event:
    event, sign = int(row["event"]), 1 - 2 * int(row["side"])
    shown: Event = {
        "t": int(row["event_t"]),
        "ts": time,
        "kind": setup_kind(words.model_name(row)),
        "event": EVENTS[SETUP][event],
        "id": int(row["id"]),
        "dir": sign,
    }
    if event == CANCELLED:
        shown["reason"] = CANCEL_REASONS[int(row["cancel_reason"])]
    elif event <= REFUSED:
        shown |= {
            "model": words.model_name(row),
            "entry": float(row["entry"]) * sign,
            "stop": float(row["stop"]) * sign,
            "target": float(row["target"]) * sign,
            "score": float(row["score"]),
            "components": components(row),
            "reasons": list(words.reasons(row)),
        }
    if event == REFUSED:
        threshold, minimum = parameters.confluence_threshold, parameters.minimum_reward
        shown["refusals"] = list(words.refusals(row, threshold, minimum))
    return shown
