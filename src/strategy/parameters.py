"""Everything that can be set about the strategy, with the specification's defaults."""

from dataclasses import dataclass
from typing import NamedTuple

from src.domain.errors import SettingsError
from src.strategy.codes import MODELS

_CHOICES = {
    "break_on": ("close", "wick"),
    "mitigated": ("touched", "ce", "filled"),
    "block_zone": ("wick", "body"),
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


class Parameters(NamedTuple):
    """The numbers the kernels read. Flags are 0 or 1; choices are positions in their list."""

    internal_degree: int
    external_degree: int
    displacement_factor: float
    fvg_atr_fraction: float
    fvg_max_age: int
    require_displacement: int
    equal_atr_fraction: float
    break_on_close: int
    mitigation_stage: int
    body_zone: int
    tick: float
    threshold: float
    minimum_reward: float
    sweep_window: int
    setup_bars: int
    gap_entry: int
    block_entry: int
    breaker_needs_sweep: int
    turtle_soup_age: int
    models: int
    record_events: int


@dataclass(frozen=True, slots=True)
class StrategyParameters:
    """Settings of one strategy; the defaults are those of the specification.

    Degrees are bars on both sides of a swing; fractions are of the ATR; windows, ages and
    validities are bars of the entry timeframe; `fvg_max_age=0` means a gap never expires.
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
    calendar: str = "crypto"
    index_hours: bool = False
    models: tuple[str, ...] = MODELS
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
        for model in self.models:
            if model not in MODELS:
                raise SettingsError(
                    f"strategy parameter models names {model!r}; known are {', '.join(MODELS)}"
                )

    @property
    def largest_degree(self) -> int:
        """The wider of the two swing degrees, in bars."""
        return max(self.internal_degree, self.external_degree)

    def numbers(self, tick: float, record_events: bool) -> Parameters:
        """What the kernels read; `tick` is the smallest price step (0: unknown)."""
        return Parameters(
            internal_degree=self.internal_degree,
            external_degree=self.external_degree,
            displacement_factor=float(self.displacement_factor),
            fvg_atr_fraction=float(self.fvg_atr_fraction),
            fvg_max_age=self.fvg_max_age,
            require_displacement=int(self.require_displacement),
            equal_atr_fraction=float(self.equal_atr_fraction),
            break_on_close=int(self.break_on == "close"),
            mitigation_stage=1 + _CHOICES["mitigated"].index(self.mitigated),
            body_zone=int(self.block_zone == "body"),
            tick=float(tick),
            threshold=float(self.confluence_threshold),
            minimum_reward=float(self.minimum_reward),
            sweep_window=self.sweep_window,
            setup_bars=self.setup_bars,
            gap_entry=_CHOICES["gap_entry"].index(self.gap_entry),
            block_entry=_CHOICES["block_entry"].index(self.block_entry),
            breaker_needs_sweep=int(self.breaker_needs_sweep),
            turtle_soup_age=self.turtle_soup_age,
            models=sum(1 << MODELS.index(model) for model in set(self.models)),
            record_events=int(record_events),
        )
