"""`/v5/private`: authenticated clients that follow orders, executions, positions and the wallet."""

from collections.abc import Callable, Iterable
from uuid import uuid4

from aiohttp import web

from src.simulator.account.model import AccountSettings
from src.simulator.account.rows import Row
from src.simulator.account.signing import verify_stream
from src.simulator.clients import Client, Clients, Command, Message
from src.simulator.clock import wall_now

_TOPICS = ("order", "execution", "position", "wallet")
_CATEGORY = ".linear"


class PrivateClient(Client):
    """A client of the private stream, silent until it has authenticated."""

    def __init__(self) -> None:
        super().__init__()
        self.authenticated = False
        self.topics: set[str] = set()


class PrivateStream:
    """Keeps the connections. There is no snapshot on subscribing: pull state over HTTP."""

    def __init__(
        self,
        account: AccountSettings | None,
        deliver: Callable[[Client, Message], None] | None = None,
    ) -> None:
        self._account = account
        self._clients = Clients(PrivateClient, self._obey, deliver)

    @property
    def connections(self) -> Iterable[Client]:
        """Everybody connected now."""
        return self._clients.everybody

    async def close(self) -> None:
        """Say goodbye to everybody."""
        await self._clients.close()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client until it leaves or has been silent for ten minutes."""
        return await self._clients.handle(request)

    def tell(self, topic: str, row: Row) -> None:
        """Push a row to everybody who follows the topic, or its linear part."""
        for client in self._clients.everybody:
            for name in client.topics & {topic, topic + _CATEGORY}:
                client.push(
                    {
                        "id": str(uuid4()),
                        "topic": name,
                        "creationTime": wall_now(),
                        "data": [row],
                    }
                )

    def _obey(self, client: PrivateClient, command: Command, arguments: list[str]) -> None:
        operation = command["op"]
        if operation == "ping":
            client.queue(
                {
                    "req_id": command.get("req_id", ""),
                    "op": "pong",
                    "args": [str(wall_now())],
                    "conn_id": client.identity,
                }
            )
        elif operation == "auth":
            client.authenticated = verify_stream(arguments, self._account)
            message = "" if client.authenticated else "Params Error"
            client.reply(command, message, client.authenticated)
        elif not client.authenticated:
            client.reply(command, "Request not authorized", success=False)
        elif operation == "subscribe":
            self._subscribe(client, command, arguments)
        elif operation == "unsubscribe":
            client.topics -= set(arguments)
            client.reply(command)
        else:
            client.reply(command, "error:unknown op", success=False)

    def _subscribe(self, client: PrivateClient, command: Command, names: list[str]) -> None:
        unknown = [name for name in names if name.removesuffix(_CATEGORY) not in _TOPICS]
        mixed = len({name.endswith(_CATEGORY) for name in names}) > 1
        if unknown or mixed or not names:
            message = f"error:handler not found,topic:{','.join(unknown or names)}"
            client.reply(command, message, success=False)
            return
        client.topics |= set(names)
        client.reply(command)
