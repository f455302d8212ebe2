"""WebSocket clients: one queue and one writing task each, and the command lines they send."""

import asyncio
import contextlib
import json
import math
import re
import time
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar
from uuid import uuid4

from aiohttp import WSMsgType, web

from src.simulator.envelope import text_of

_SILENCE_SECONDS = 600.0
_LEAST_SILENCE_SECONDS = 30.0
_ACTIVE_TIME = re.compile(r"(\d{1,4})([sm])")
_GOODBYE_SECONDS = 2.0
_LONGEST_QUEUE = 50_000

Message = dict[str, object]
"""A pushed message: `topic`, `data` and what belongs to them."""

Command = dict[str, object]
"""A decoded command: `op`, and usually `args` and `req_id`."""


class Client:
    """One client. Messages are queued and written by a task of its own, so a slow client
    delays nobody; one that falls hopelessly behind is dropped, as an exchange would."""

    def __init__(self) -> None:
        self.identity = str(uuid4())
        self.overrun = asyncio.Event()
        self.deliver: Callable[[Client, Message], None] | None = None
        self.transport: asyncio.Transport | None = None
        self.held: dict[str, list[Message]] = {}
        self._silent_until = 0.0
        self._queue: asyncio.Queue[str] = asyncio.Queue(_LONGEST_QUEUE)

    @property
    def silent(self) -> bool:
        """Whether topics are withheld; commands and pings are answered all the same."""
        return time.monotonic() < self._silent_until

    def fall_silent(self, seconds: float) -> None:
        """Push nothing for so long (0: never again on this connection)."""
        self._silent_until = time.monotonic() + seconds if seconds else math.inf

    def hang_up(self) -> None:
        """Drop the connection without a goodbye."""
        if self.transport is not None:
            self.transport.abort()

    def push(self, message: Message) -> None:
        """Send a topic's message, through the faults in force."""
        if self.deliver is None:
            self.queue(message)
        else:
            self.deliver(self, message)

    def queue(self, *messages: Message) -> None:
        """Queue messages in order; marks the connection as overrun when the queue is full."""
        try:
            for message in messages:
                self._queue.put_nowait(text_of(message))
        except asyncio.QueueFull:
            self.overrun.set()

    def reply(self, command: Command, message: str = "", success: bool = True) -> None:
        """Answer a command, echoing its req_id."""
        self.queue(
            {
                "success": success,
                "ret_msg": message,
                "conn_id": self.identity,
                "req_id": command.get("req_id", ""),
                "op": command.get("op", ""),
            }
        )

    async def write_to(self, socket: web.WebSocketResponse) -> None:
        """Write queued messages until the client falls too far behind or is gone."""
        with contextlib.suppress(ConnectionError):
            while not self.overrun.is_set():
                await socket.send_str(await self._queue.get())
        await socket.close()


def patience_of(request: web.Request) -> float:
    """Seconds a client may be silent: ten minutes, or its `max_active_time` (`30s` to `10m`)."""
    asked = _ACTIVE_TIME.fullmatch(request.query.get("max_active_time", ""))
    if asked is None:
        return _SILENCE_SECONDS
    seconds = float(asked[1]) * (60 if asked[2] == "m" else 1)
    return min(max(seconds, _LEAST_SILENCE_SECONDS), _SILENCE_SECONDS)


C = TypeVar("C", bound=Client)


class Clients(Generic[C]):
    """The clients of one stream. `obey(client, command, arguments)` handles their commands,
    `deliver(client, message)` stands between a push and the queue."""

    def __init__(
        self,
        make: Callable[[], C],
        obey: Callable[[C, Command, list[str]], None],
        deliver: Callable[[Client, Message], None] | None = None,
    ) -> None:
        self._deliver = deliver
        self._make = make
        self._obey = obey
        self._sockets: dict[C, web.WebSocketResponse] = {}

    @property
    def everybody(self) -> Iterable[C]:
        """Everybody connected now."""
        return tuple(self._sockets)

    async def close(self) -> None:
        """Say goodbye to everybody, and hang up on who does not listen."""
        await asyncio.gather(*(_part(client, socket) for client, socket in self._sockets.items()))

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client until it leaves or has been silent for too long."""
        socket = web.WebSocketResponse(
            timeout=_GOODBYE_SECONDS, receive_timeout=patience_of(request)
        )
        await socket.prepare(request)
        client = self._make()
        client.deliver = self._deliver
        client.transport = request.transport
        self._sockets[client] = socket
        writer = asyncio.create_task(client.write_to(socket))
        try:
            while True:
                message = await socket.receive()
                if message.type is not WSMsgType.TEXT:
                    break
                self._read(client, message.data)
        except TimeoutError:
            await socket.close()
        finally:
            del self._sockets[client]
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    def _read(self, client: C, text: str) -> None:
        try:
            command = json.loads(text)
            arguments = [str(name) for name in command.get("args", [])]
            command["op"]
        except (ValueError, KeyError, TypeError, AttributeError):
            client.reply({}, "error:invalid request", success=False)
            return
        self._obey(client, command, arguments)


async def _part(client: Client, socket: web.WebSocketResponse) -> None:
    """A client that does not read what it was sent would never hear a goodbye either."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            await socket.close(code=1001, message=b"server shutdown")
    client.hang_up()
