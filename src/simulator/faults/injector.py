"""Carries out the faults that come from outside: dropped streams, outages, strange hands."""

from collections.abc import Callable, Iterable, Mapping

from src.simulator.account.outside import OutsideHand
from src.simulator.clients import Client
from src.simulator.faults.fault import Fault, Script
from src.simulator.faults.kinds import Occasion
from src.simulator.faults.outage import Outage
from src.simulator.faults.schedule import Schedule

Streams = Mapping[str, Callable[[], Iterable[Client]]]
"""Who is connected to `public` and to `private`."""


class Injector:
    """Acts on streams, reachability and (where there is one) the account."""

    def __init__(
        self,
        schedule: Schedule,
        outage: Outage,
        streams: Streams,
        outside: OutsideHand | None,
        restart: Callable[[], None],
    ) -> None:
        self._schedule = schedule
        self._outage = outage
        self._streams = streams
        self._outside = outside
        self._restart = restart

    def add(self, script: Script) -> None:
        """Put a script in force; what waits for nothing happens at once."""
        self._schedule.add(script)
        self.pass_time()

    def pass_time(self) -> None:
        """Market time has moved on."""
        if self._schedule.armed:
            for fault in self._schedule.due(Occasion.CLOCK):
                self.act(fault)

    def act(self, fault: Fault) -> None:
        """Carry out one fault."""
        if fault.kind == "disconnect":
            self._hang_up(fault.text("stream"))
        elif fault.kind == "silent":
            for client in self._clients(fault.text("stream")):
                client.fall_silent(fault.number("seconds"))
        elif fault.kind == "outage":
            self._outage.begin_as(fault)
            self._hang_up("all")
        elif fault.kind == "restart":
            self._outage.begin(fault.number("seconds"))
            self._hang_up("all")
            self._restart()
        elif self._outside is not None:
            _meddle(self._outside, fault)

    def _hang_up(self, stream: str) -> None:
        for client in self._clients(stream):
            client.hang_up()

    def _clients(self, stream: str) -> list[Client]:
        return [
            client
            for name, connected in self._streams.items()
            if stream in ("all", name)
            for client in connected()
        ]


def _meddle(hand: OutsideHand, fault: Fault) -> None:
    if fault.kind == "position_closed":
        hand.close(fault.symbol)
    elif fault.kind == "position_resized":
        hand.resize(fault.symbol, fault.text("factor"))
    elif fault.kind == "liquidation":
        hand.liquidate(fault.symbol)
    elif fault.kind == "adl":
        hand.deleverage(fault.symbol, fault.text("fraction"))
    elif fault.kind == "stop_lost":
        hand.remove_stops(fault.symbol)
