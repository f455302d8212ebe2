"""`/simulator/faults`: put faults in force while the exchange runs. Not part of V5."""

import ipaddress
import json

from aiohttp import web

from src.domain.errors import InvalidInput
from src.simulator.envelope import text_of
from src.simulator.faults.fault import script_of
from src.simulator.faults.injector import Injector
from src.simulator.faults.schedule import Schedule


class FaultControl:
    """GET tells, POST adds, DELETE forgets; from this machine only."""

    def __init__(self, schedule: Schedule, injector: Injector) -> None:
        self._schedule = schedule
        self._injector = injector

    def routes(self) -> list[web.RouteDef]:
        """The routes to mount."""
        path = "/simulator/faults"
        return [
            web.get(path, self._report), web.post(path, self._add), web.delete(path, self._clear)
        ]  # fmt: skip

    async def _report(self, request: web.Request) -> web.Response:
        _require_loopback(request)
        return _json(
            [
                {"fault": armed.fault.kind, "seen": armed.seen, "happened": armed.happened}
                for armed in self._schedule.armed
            ]
        )

    async def _add(self, request: web.Request) -> web.Response:
        _require_loopback(request)
        try:
            script = script_of(json.loads(await request.text()))
        except (InvalidInput, ValueError) as error:
            return _json({"error": str(error)}, status=400)
        self._injector.add(script)
        return _json({"added": len(script.faults)})

    async def _clear(self, request: web.Request) -> web.Response:
        _require_loopback(request)
        self._schedule.clear()
        return _json({"added": 0})


def _require_loopback(request: web.Request) -> None:
    if request.remote is None or not ipaddress.ip_address(request.remote).is_loopback:
        raise web.HTTPForbidden(text="faults are set from this machine only")


def _json(content: object, status: int = 200) -> web.Response:
    return web.Response(text=text_of(content), status=status, content_type="application/json")
