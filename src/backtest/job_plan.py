"""What a job does besides one run: walk forward, search, or leave components out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`sealed` is the last share of the time that is kept from everything; `open_sealed` whether
    what was chosen is run on it at the end, once."""

    sealed: float = 0.0
    open_sealed: bool = False


@dataclass(frozen=True, slots=True)
class WalkPlan(Plan):
    """How many folds, and how many trials to choose from in each."""

    folds: int
    trials: int


@dataclass(frozen=True, slots=True)
class SearchPlan(Plan):
    """How many trials to choose from."""

    trials: int


@dataclass(frozen=True, slots=True)
class AblationPlan(Plan):
    """One component of the confluence score after the other missing."""


def plan_of(request: Mapping[str, Any]) -> Plan | None:
    """The plan of a job's request, in the API's words; None for a single run."""
    walk, search, ablation = (request.get(kind) for kind in ("walkForward", "optimise", "ablate"))
    asked = walk or search or ablation
    if asked is None:
        return None
    # Jobs that were asked for before there was a seal do not name it.
    sealed, opens = asked.get("sealed", 0.0), asked.get("openSealed", False)
    if walk is not None:
        return WalkPlan(walk["folds"], walk["trials"], sealed=sealed, open_sealed=opens)
    if search is not None:
        return SearchPlan(search["trials"], sealed=sealed, open_sealed=opens)
    return AblationPlan(sealed=sealed)
