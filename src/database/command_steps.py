"""The steps of a command as they are stored: JSON with exact quantities as text."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from src.domain.command import CommandStep, StepKind, StepState
from src.domain.order import Direction

StoredSteps = list[dict[str, Any]]


def step_values(steps: Sequence[CommandStep]) -> StoredSteps:
    """What is stored of these steps."""
    return [
        {
            "kind": step.kind.value,
            "name": step.name,
            "symbol": step.symbol,
            "direction": step.direction.word,
            "quantity": str(step.quantity),
            "state": step.state.value,
            "note": step.note,
        }
        for step in steps
    ]


def steps_from(stored: Sequence[Mapping[str, Any]] | None) -> tuple[CommandStep, ...]:
    """The steps that a row holds; none before any was told."""
    return tuple(
        CommandStep(
            StepKind(step["kind"]),
            step["name"],
            step["symbol"],
            Direction.of(step["direction"]),
            Decimal(step["quantity"]),
            StepState(step["state"]),
            step["note"],
        )
        for step in stored or ()
    )
