"""The command log: each wish once, answered once, and what all of them add up to."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.database import Commands, Database
from src.domain.command import (
    CommandStep,
    CommandType,
    Outcome,
    StandingOrders,
    StepKind,
    StepState,
)
from src.domain.order import Direction
from tests.unit.database.facts import START, FixedClock
from tests.unit.database.journals import events_of

TRADER = "trader@example.com"
NUMBERS = count()
"""A new environment for every example."""


def test_commands_wait_in_order_until_they_are_handled_once(database: Database) -> None:
    commands = Commands(database, "paper", FixedClock())
    first = commands.request("close_trade", {"signalId": "s1"}, TRADER)["id"]
    second = commands.request("kill", {}, TRADER)["id"]
    [waiting, later] = commands.pending()
    assert (waiting.id, waiting.type, waiting.payload) == (
        first, "close_trade", {"signalId": "s1"},
    )  # fmt: skip
    assert (waiting.requested_by, waiting.created_at) == (TRADER, START)

    commands.complete(first, Outcome.DONE, "Closed.")
    commands.complete(first, Outcome.FAILED, "Closed again?")
    view = commands.find(first)
    assert view is not None
    assert (view["outcome"], view["sentence"]) == ("done", "Closed.")
    assert [row.id for row in commands.pending()] == [later.id] == [second]
    assert [view["id"] for view in commands.newest(5)] == [second, first]


def test_steps_are_told_while_a_command_waits_and_stay_afterwards(database: Database) -> None:
    commands = Commands(database, "paper", FixedClock())
    kill = commands.request("kill", {}, TRADER)["id"]
    waiting = CommandStep(
        StepKind.ENTRY, "o1", "BTCUSDT", Direction.SHORT, Decimal("0.030"), StepState.WAITING
    )
    confirmed = replace(waiting, state=StepState.DONE, note="It was filled.")
    commands.report(kill, [waiting])
    assert commands.pending()[0].steps == (waiting,)
    commands.report(kill, [confirmed])
    commands.complete(kill, Outcome.DONE, "Everything is closed.")
    commands.report(kill, [])
    view = commands.find(kill)
    assert view is not None
    assert view["steps"] == [
        {
            "kind": "entry",
            "name": "o1",
            "symbol": "BTCUSDT",
            "direction": "short",
            "quantity": 0.03,
            "state": "done",
            "note": "It was filled.",
        }
    ]


def test_what_already_waits_is_not_asked_for_twice(database: Database) -> None:
    commands = Commands(database, "paper")
    first = commands.request("close_trade", {"signalId": "s1"}, TRADER)
    assert commands.request("close_trade", {"signalId": "s1"}, "another@example.com") == first
    assert commands.request("close_trade", {"signalId": "s2"}, TRADER) != first
    assert len(commands.pending()) == 2


def test_commands_of_another_environment_are_not_ours_to_handle(database: Database) -> None:
    ours, theirs = Commands(database, "paper"), Commands(database, "demo")
    waiting = theirs.request("kill", {}, TRADER)["id"]
    ours.complete(waiting, Outcome.DONE, "Not ours.")
    assert (ours.pending(), ours.standing(), ours.newest(9)) == ([], StandingOrders(), [])
    assert [row.id for row in theirs.pending()] == [waiting]


def test_asking_and_answering_are_told_and_so_is_the_kill_switch(database: Database) -> None:
    commands = Commands(database, "paper", FixedClock())
    kill = commands.request("kill", {}, TRADER)["id"]
    commands.complete(kill, Outcome.DONE, "Everything is closed.")
    events = [(event.type, event.payload) for event in events_of(database)]
    assert [kind for kind, _ in events] == ["guard", "command", "command"]
    assert events[0][1]["guard"]["name"] == "kill_switch"
    assert [payload["command"]["outcome"] for _, payload in events[1:]] == [None, "done"]


def expected(given: list[CommandType]) -> tuple[bool, bool]:
    """(paused, killed) after these commands, said one by one."""
    paused = killed = False
    for each in given:
        match each:
            case CommandType.PAUSE_ENTRIES:
                paused = True
            case CommandType.RESUME_ENTRIES:
                paused = False
            case CommandType.KILL:
                killed = True
            case CommandType.RESUME:
                paused = killed = False
    return paused, killed


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(CommandType), max_size=12))
def test_a_pause_and_the_kill_switch_stand_until_somebody_resumes(
    database: Database, given: list[CommandType]
) -> None:
    commands = Commands(database, f"environment-{next(NUMBERS)}")
    for each in given:
        view = commands.request(each.value, {}, TRADER)
        commands.complete(view["id"], Outcome.DONE, "So it is.")
    standing = commands.standing()
    assert (standing.paused_by is not None, standing.killed_by is not None) == expected(given)
    assert standing.killed_by in (None, TRADER)
