"""The numbers and choices of the specification, with its defaults."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rules:
    """The numbers of the specification, with its defaults."""

    degrees: dict[str, int] = field(default_factory=lambda: {"internal": 5, "external": 20})
    displacement: float = 1.0
    gap_fraction: float = 0.10
    equal_fraction: float = 0.1
    tick: float = 0.0
    wick_breaks: bool = False
    body_zones: bool = False
    blocks_end_on_wick: bool = False
    filter_sweeps: bool = False
    gap_max_age: int | None = None
    gap_requires_displacement: bool = False
    mitigated: str = "filled"
    gap_entry: str = "ce"
    block_entry: str = "top"
    breaker_needs_sweep: bool = True
    threshold: float = 60.0
    minimum_reward: float = 2.0
    sweep_window: int = 30
    setup_bars: int = 24
    old_pool: int = 20
    new_york: bool = False
    index_hours: bool = False
