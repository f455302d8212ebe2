"""What a connection of the account's stream owes, and when it is given up for it."""

from src.exchange.bybit.stream_witness import StreamWitness

PATIENCE = 5_000


class SetClock:
    """Wall time that stands still until it is set."""

    def __init__(self) -> None:
        self.time = 1_000_000

    def now(self) -> int:
        return self.time


class Account:
    """A witness and the time it waits in."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.witness = StreamWitness(self.clock, PATIENCE)

    def connect(self) -> None:
        self.witness.connected()
        self.read()

    def read(self, *executions: str) -> None:
        self.witness.reading_begins()
        for execution in executions:
            self.witness.found(execution)
        self.witness.reading_ends()

    def complaint_later(self) -> str | None:
        self.clock.time += PATIENCE + 1
        return self.witness.complaint()


def test_what_was_told_in_time_is_no_debt() -> None:
    account = Account()
    account.connect()
    account.witness.sent("entry")
    account.read("execution")
    account.witness.heard("entry")
    account.witness.heard("execution")
    assert account.complaint_later() is None


def test_an_order_nobody_told_of_condemns_the_connection_once() -> None:
    account = Account()
    account.connect()
    account.witness.sent("entry")
    assert account.witness.complaint() is None
    assert "entry" in str(account.complaint_later())
    assert account.complaint_later() is None


def test_an_execution_that_only_a_reading_found_condemns_it() -> None:
    account = Account()
    account.connect()
    account.read("execution")
    assert "execution" in str(account.complaint_later())


def test_what_happened_before_the_connection_is_not_its_debt() -> None:
    account = Account()
    account.witness.sent("before")
    account.read("older")
    account.witness.connected()
    account.read("in-the-gap")
    assert account.complaint_later() is None


def test_a_reading_that_a_connection_interrupts_proves_nothing() -> None:
    account = Account()
    account.connect()
    account.witness.reading_begins()
    account.witness.connected()
    account.witness.found("perhaps-in-the-gap")
    account.witness.reading_ends()
    account.read("in-the-gap")
    assert account.complaint_later() is None


def test_a_new_connection_owes_nothing_of_the_old_one() -> None:
    account = Account()
    account.connect()
    account.witness.sent("entry")
    account.connect()
    assert account.complaint_later() is None
