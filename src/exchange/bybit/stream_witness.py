"""Does the account's stream tell what happens? Orders sent and readings over HTTP bear witness.

The stream has no sign of life of its own: nothing may happen for hours, and a socket that answers
pings and says nothing looks healthy for ever. But an order that was taken has to be told of, and
so has every execution that a reading finds. What a connection owes for too long condemns it.
"""

from src.domain.ports import Clock


class StreamWitness:
    """Used by one thread, but for `connected`. Names are link ids of orders and execution ids."""

    def __init__(self, clock: Clock, patience_ms: int) -> None:
        self._clock = clock
        self._patience_ms = patience_ms
        self._connection = 0
        self._reading = 0
        self._whole = 0
        self._owed: dict[str, tuple[int, int]] = {}

    def connected(self) -> None:
        """A new connection is subscribed. May be called by any thread."""
        self._connection += 1

    def reading_begins(self) -> None:
        """From now on `found` is called with what HTTP tells."""
        self._reading = self._connection

    def reading_ends(self) -> None:
        """The reading was whole: what happened before the connection it began with is known."""
        self._whole = self._reading

    def found(self, execution_id: str) -> None:
        """A reading found an execution nobody had told of. Only one that happened since the
        connection is its debt: it was not there at the whole reading that followed it."""
        if self._reading == self._whole:
            self._owe(execution_id, self._reading)

    def sent(self, link_id: str) -> None:
        """An order was taken, so the connection has to tell of it."""
        self._owe(link_id, self._connection)

    def heard(self, name: str) -> None:
        """The stream told of it."""
        self._owed.pop(name, None)

    def complaint(self) -> str | None:
        """Why the present connection must be given up, told once; ask when all that it said so
        far has been heard."""
        now = self._clock.now()
        self._owed = {
            name: (connection, since)
            for name, (connection, since) in self._owed.items()
            if connection == self._connection
        }
        late = [n for n, (_, since) in self._owed.items() if now - since > self._patience_ms]
        if not late:
            return None
        self._owed.clear()
        return f"it is open but never told of {late[0]}"

    def _owe(self, name: str, connection: int) -> None:
        self._owed.setdefault(name, (connection, self._clock.now()))
