"""What goes wrong with an order after it was acknowledged."""

from decimal import Decimal

from src.domain.instrument import Instrument
from src.simulator.account.model import VenueOrder
from src.simulator.account.numbers import Parameters
from src.simulator.account.rows import side_text
from src.simulator.faults.fault import Fault, parameter_text
from src.simulator.faults.kinds import Occasion
from src.simulator.faults.schedule import Schedule


class OrderFaults:
    """Gives new orders the fate that is due."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def meddle(self, order: VenueOrder, parameters: Parameters, instrument: Instrument) -> None:
        """Mark an order that has just been accepted; the orders of the exchange itself are safe."""
        given = {name: parameter_text(value) for name, value in parameters.items()}
        given.setdefault("side", side_text(order.side))
        for fault in self._schedule.due(Occasion.ORDER, "", order.symbol, given):
            _doom(order, fault, instrument)


def _doom(order: VenueOrder, fault: Fault, instrument: Instrument) -> None:
    if fault.kind == "partial_fill_then_cancel":
        part = order.quantity * Decimal(fault.text("fraction"))
        order.fills_at_most = max(part - part % instrument.quantity_step, instrument.quantity_step)
    elif fault.kind == "order_rejected":
        order.status = "Rejected"
        order.reject_reason = fault.text("reason")
    elif fault.kind == "stop_rejected":
        order.stops_rejected = True
