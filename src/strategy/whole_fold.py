"""The core fold together with the detectors and entry models added to it, fed the same candles."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from src.strategy import records
from src.strategy.added import PROPOSED, TOLD, Bars, Detector, EntryModel, Said
from src.strategy.added_setups import (
    SetupRows,
    Waiting,
    judge_proposal,
    nobody_waiting,
    watch_added,
)
from src.strategy.additions import DETECTORS, ENTRY_MODELS
from src.strategy.compiled import Records
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from src.strategy.snapshot import copied
from src.strategy.state import State, blank, new_state


class WholeState(NamedTuple):
    """Everything remembered: by the core, by each addition, and of added models' setups."""

    core: State
    additions: tuple[Records, ...]
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class WholeRows:
    """What a stretch of candles produced. `told` are the rows of each added detector."""

    events: Records
    setups: Records
    told: tuple[tuple[Detector, Records], ...] = ()


def new_whole_state(parameters: StrategyParameters, step: int) -> WholeState:
    """Empty memory for candles of `step` milliseconds."""
    detectors, models = detectors_of(parameters), added_models_of(parameters)
    memories = _empty_memories((*detectors, *models))
    return WholeState(new_state(step), memories, nobody_waiting(len(models)))


def _empty_memories(additions: tuple[Detector | EntryModel, ...]) -> tuple[Records, ...]:
    return tuple(blank((1,), addition.memory) for addition in additions)


def detectors_of(parameters: StrategyParameters) -> tuple[Detector, ...]:
    """The added detectors in use, in the order of their registration."""
    return tuple(DETECTORS[name] for name in DETECTORS if name in parameters.detectors)


def added_models_of(parameters: StrategyParameters) -> tuple[EntryModel, ...]:
    """The added entry models in use, in the order of their registration."""
    return tuple(ENTRY_MODELS[name] for name in ENTRY_MODELS if name in parameters.models)


class WholeFold:
    """One symbol and timeframe being folded, additions included.

    Without additions it is the core fold and costs nothing. With them, the core folds a stretch of
    candles first and each addition then runs over that stretch. Proposals of added entry models
    are judged with the core's memory at their own bar: where that is not the newest, the core
    runs over the stretch a second time.
    """

    def __init__(
        self, parameters: StrategyParameters, step: int, tick: float, record_events: bool
    ) -> None:
        self.detectors, self.models = detectors_of(parameters), added_models_of(parameters)
        self._additions: tuple[Detector | EntryModel, ...] = (*self.detectors, *self.models)
        listening = any(addition.reads_core for addition in self._additions)
        self._new_core = partial(Fold, parameters, step, tick)
        self.core = self._new_core(record_events or listening)
        self._step = step
        self._memories = _empty_memories(self._additions)
        self._waiting = nobody_waiting(len(self.models))
        self._said = [
            Said(np.zeros(256, TOLD if index < len(self.detectors) else PROPOSED), _zero())
            for index in range(len(self._additions))
        ]

    @property
    def state(self) -> WholeState:
        """Everything remembered."""
        return WholeState(self.core.state, self._memories, self._waiting)

    @state.setter
    def state(self, whole: WholeState) -> None:
        self.core.state, self._memories, self._waiting = whole

    def feed(self, candles: Records) -> WholeRows:
        """Fold candles as Fold.feed; the rows are valid until the next call."""
        if not self._additions:
            found = self.core.feed(candles)
            return WholeRows(found.events, found.setups)
        first_t = int(self.core.state.memory["t"][0])
        before = copied(self.core.state) if self.models and len(candles) > 1 else None
        found = self.core.feed(candles)
        starts = np.searchsorted(found.events["t"], first_t + np.arange(len(candles) + 1))
        bars = Bars(candles, found.events, starts, first_t)
        rows = [self._run(index, bars) for index in range(len(self._additions))]
        count = len(self.detectors)
        setups = found.setups
        if self.models:
            own = self._judge(rows[count:], bars, before)
            setups = np.concatenate((setups, own))
            setups = setups[np.argsort(setups["event_t"], kind="stable")]
        told = tuple(zip(self.detectors, rows[:count], strict=True))
        return WholeRows(found.events, setups, told)

    @cached_property
    def _again(self) -> Fold:
        """The core once more, for what it knew at an earlier bar."""
        return self._new_core(record_events=False)

    def view(self) -> dict[str, dict[str, float | int | None]]:
        """What each added detector shows of its memory, by its name."""
        return {
            detector.name: dict(detector.view(memory[0]))
            for detector, memory in zip(self.detectors, self._memories, strict=False)
        }

    def live_setups(self) -> Records:
        """Setups waiting for their entry, the core's first."""
        core = self.core.state.memory["setups"].ravel()
        own = self._waiting.setups.ravel()
        every = np.concatenate((core, own)) if self.models else core
        live: Records = every[every["live"] == 1]
        return live

    def _run(self, index: int, bars: Bars) -> Records:
        """One addition over the stretch, its buffer made larger when it asks."""
        advance, memory = self._additions[index].advance, self._memories[index]
        said, count = self._said[index], len(bars.candles)
        said.counts[0] = 0
        done = advance(memory, bars, 0, count, said)
        while done < count:
            larger = np.zeros(2 * len(said.rows), said.rows.dtype)
            larger[: len(said.rows)] = said.rows
            said = self._said[index] = Said(larger, said.counts)
            done = advance(memory, bars, done, count, said)
        return said.rows[: said.counts[0]]

    def _judge(self, proposals: list[Records], bars: Bars, before: State | None) -> Records:
        """Setup rows of the stretch: what waited is watched up to each proposal's bar, then the
        proposal is judged."""
        most = 2 * len(self.models) + 2 * sum(len(rows) for rows in proposals)
        out = SetupRows(np.zeros(most, records.SETUP_ROW), _zero())
        asked = np.concatenate([rows["t"] for rows in proposals])
        model = np.repeat(np.arange(len(proposals)), [len(rows) for rows in proposals])
        every = np.concatenate(proposals)
        watched, folded = 0, 0
        for k in np.lexsort((model, asked)):
            row, side = every[k], 0 if every[k]["dir"] > 0 else 1
            after = int(row["t"]) - bars.first_t + 1
            watch_added(self._waiting, bars, self._step, watched, after, out)
            watched = max(watched, after)
            if self._waiting.setups["live"][model[k], side] == 1:
                continue
            state = self.core.state
            if before is not None and after < len(bars.candles):
                if folded == 0:
                    self._again.state = before
                self._again.feed(bars.candles[folded:after])
                folded, state = after, self._again.state
            judge_proposal(state, self.core.numbers, self._waiting, model[k], every, k, out)
        watch_added(self._waiting, bars, self._step, watched, len(bars.candles), out)
        return out.rows[: out.counts[0]]


def _zero() -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.zeros(1, np.int64)
