"""Everything that can be set about the strategy, with the specification's defaults."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from src.domain.errors import SettingsError
from src.strategy.additions import DETECTORS, ENTRY_MODELS
from src.strategy.codes import LEAVABLE, MODELS
from src.strategy.compiled import Records
from src.strategy.records import BAR_RING, PARAMETERS, RING

# The ring must still hold a confirmed swing, the 100 bars before it and its origin candle.
LARGEST_DEGREE = BAR_RING - 128
# Every bar after a sweep, up to the one behind the MSS, may have left a gap to enter in.
LARGEST_SWEEP_WINDOW = RING - 1

_CHOICES = {
    "break_on": ("close", "wick"),
    "mitigated": ("touched", "ce", "filled"),
    "block_zone": ("wick", "body"),
    "block_end": ("close", "wick"),
    "gap_entry": ("top", "ce", "bottom"),
    "block_entry": ("top", "open", "mt"),
    "calendar": ("crypto", "new_york"),
}
_NOT_BELOW = {
    "internal_degree": 1,
    "external_degree": 1,
    "displacement_factor": 0.0,
    "fvg_atr_fraction": 0.0,
    "fvg_max_age": 0,
    "equal_atr_fraction": 0.0,
    "confluence_threshold": 0.0,
    "minimum_reward": 0.0,
    "sweep_window": 1,
    "setup_bars": 1,
    "turtle_soup_age": 0,
}
_NOT_ABOVE = {
    "internal_degree": (LARGEST_DEGREE, "bars"),
    "external_degree": (LARGEST_DEGREE, "bars"),
    "sweep_window": (LARGEST_SWEEP_WINDOW, "gaps"),
}


@dataclass(frozen=True, slots=True)
class StrategyParameters:
    """Settings of one strategy; the defaults are those of the specification.

    Degrees are bars on both sides of a swing; fractions are of the ATR; windows, ages and
    validities are bars of the entry timeframe; `fvg_max_age=0` means a gap never expires;
    `models` and `detectors` name what is in use, `detectors` only those added to the core;
    `left_out` names what is not looked for, which needs `models=()`: every model asks for it all.
    Raises SettingsError naming the field when a value makes no sense.
    """

    internal_degree: int = 5
    external_degree: int = 20
    displacement_factor: float = 1.0
    fvg_atr_fraction: float = 0.10
    fvg_max_age: int = 0
    require_displacement: bool = False
    equal_atr_fraction: float = 0.10
    break_on: str = "close"
    mitigated: str = "filled"
    block_zone: str = "wick"
    block_end: str = "close"
    filter_sweeps: bool = False
    calendar: str = "crypto"
    index_hours: bool = False
    models: tuple[str, ...] = MODELS
    detectors: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    confluence_threshold: float = 60.0
    minimum_reward: float = 2.0
    sweep_window: int = 30
    setup_bars: int = 24
    gap_entry: str = "ce"
    block_entry: str = "top"
    breaker_needs_sweep: bool = True
    turtle_soup_age: int = 20

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            if getattr(self, field) not in choices:
                raise SettingsError(
                    f"strategy parameter {field} is {getattr(self, field)!r}; "
                    f"write one of {', '.join(choices)}"
                )
        for field, lowest in _NOT_BELOW.items():
            if not getattr(self, field) >= lowest:
                raise SettingsError(
                    f"strategy parameter {field} is {getattr(self, field)}; "
                    f"it must be at least {lowest}"
                )
        for field, (highest, kept) in _NOT_ABOVE.items():
            if getattr(self, field) > highest:
                raise SettingsError(
                    f"strategy parameter {field} is {getattr(self, field)}; "
                    f"the newest {kept} kept allow at most {highest}"
                )
        _refuse_strangers("models", self.models, (*MODELS, *ENTRY_MODELS))
        _refuse_strangers("detectors", self.detectors, tuple(DETECTORS))
        _refuse_strangers("left_out", self.left_out, LEAVABLE)
        if self.left_out and self.models:
            raise SettingsError(
                "strategy parameter left_out needs models=(): "
                "the score of every entry model asks for all there is"
            )

    def numbers(self, tick: float) -> Records:
        """What the kernels read, one PARAMETERS record; `tick` is the price step (0: unknown).

        Flags become 0 or 1, choices their position in the list of choices.
        """
        row = np.zeros(1, PARAMETERS)
        for name in PARAMETERS.names or ():
            if hasattr(self, name) and name not in (*_CHOICES, "models", "left_out"):
                row[name] = getattr(self, name)
        for name in ("gap_entry", "block_entry"):
            row[name] = _CHOICES[name].index(getattr(self, name))
        row["break_on_close"] = self.break_on == "close"
        row["mitigation_stage"] = 1 + _CHOICES["mitigated"].index(self.mitigated)
        row["body_zone"] = self.block_zone == "body"
        row["blocks_end_on_wick"] = self.block_end == "wick"
        row["synthetic_gaps"] = self.calendar == "crypto"
        row["threshold"] = self.confluence_threshold
        row["tick"] = tick
        core = {model for model in self.models if model in MODELS}
        # Two bits a model, as in memory's `asked`.
        row["models"] = sum(3 << 2 * MODELS.index(model) for model in core)
        row["left_out"] = sum(1 << LEAVABLE.index(name) for name in set(self.left_out))
        return row


def with_additions(names: Iterable[str]) -> StrategyParameters:
    """The defaults and, beside them, the added detectors and entry models named.

    Raises SettingsError for a name that is not registered.
    """
    named = tuple(names)
    models = tuple(name for name in named if name in ENTRY_MODELS)
    detectors = tuple(name for name in named if name not in ENTRY_MODELS)
    return StrategyParameters(models=(*MODELS, *models), detectors=detectors)


def _refuse_strangers(field: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise SettingsError(
                f"strategy parameter {field} names {name!r}; known are {', '.join(known)}"
            )
