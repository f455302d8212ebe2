"""What a command withdraws and closes, step by step, until the exchange has confirmed each."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from src.domain.command import CommandStep, StepKind, StepState
from src.domain.order import Order
from src.domain.trade import Position, Trade

FILLED_FIRST = "It was filled before it could be withdrawn."


class Checklist:
    """The steps of one command, in the order they became known; starts with those told before."""

    def __init__(self, told: Iterable[CommandStep] = ()) -> None:
        self._steps = {(step.kind, step.name): step for step in told}
        self._told = self.steps

    @property
    def steps(self) -> tuple[CommandStep, ...]:
        """All of them."""
        return tuple(self._steps.values())

    def news(self) -> tuple[CommandStep, ...] | None:
        """All steps if anything about them is new since the last call; else None."""
        if self.steps == self._told:
            return None
        self._told = self.steps
        return self._told

    def withdraw(self, orders: Iterable[Order]) -> None:
        """These entries are being withdrawn."""
        for order in orders:
            request = order.request
            self._add(
                CommandStep(
                    StepKind.ENTRY,
                    request.order_link_id,
                    request.symbol,
                    request.direction,
                    request.quantity,
                )
            )

    def close(self, held: Trade | Position) -> None:
        """This is being closed."""
        self._add(
            CommandStep(
                StepKind.POSITION,
                held.symbol,
                held.symbol,
                held.direction,
                held.quantity,
            )
        )

    def refused(self, symbol: str, sentence: str) -> None:
        """The exchange did not close this."""
        self._change((StepKind.POSITION, symbol), StepState.REFUSED, sentence)

    def settle(
        self, resting: Collection[str], held: Collection[str], filled: Collection[str]
    ) -> None:
        """What rests (order link ids) and is held (symbols) no more is done.

        `filled` are the order link ids that trades came of.
        """
        there = {StepKind.ENTRY: resting, StepKind.POSITION: held}
        for key, step in tuple(self._steps.items()):
            if step.state is not StepState.DONE and step.name not in there[step.kind]:
                late = step.kind is StepKind.ENTRY and step.name in filled
                self._change(key, StepState.DONE, FILLED_FIRST if late else None)

    def _add(self, step: CommandStep) -> None:
        self._steps.setdefault((step.kind, step.name), step)

    def _change(self, key: tuple[StepKind, str], state: StepState, note: str | None) -> None:
        self._steps[key] = replace(self._steps[key], state=state, note=note)
