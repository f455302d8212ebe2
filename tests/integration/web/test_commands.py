"""/api/monitor/commands: asking is stored at once, answered by the engine, and visible."""

from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from src.database import Commands, Database
from src.domain.command import Outcome
from src.web import Web
from src.web.command_schemas import CommandAnswer, CommandHistory, Exposure
from tests.integration.web.support import ENVIRONMENT, Ledger
from tests.integration.web.test_access import error_of

PATH = "/api/monitor/commands"


def ask(client: FlaskClient, bearer: dict[str, str], **body: Any) -> Any:
    return client.post(PATH, json=body, headers=bearer)


def test_a_command_waits_until_the_engine_has_answered_it(
    client: FlaskClient, bearer: dict[str, str], database: Database
) -> None:
    asked = ask(client, bearer, type="pause_entries")
    assert asked.status_code == 202
    CommandAnswer.model_validate(asked.get_json(), by_alias=True)
    command = asked.get_json()["command"]
    assert (command["type"], command["outcome"]) == ("pause_entries", None)
    assert command["requestedBy"] == "trader@example.com"

    Commands(database, ENVIRONMENT).complete(command["id"], Outcome.DONE, "Paused.")
    answer = client.get(f"{PATH}/{command['id']}", headers=bearer).get_json()["command"]
    assert (answer["outcome"], answer["sentence"]) == ("done", "Paused.")
    history = client.get(PATH, headers=bearer).get_json()
    CommandHistory.model_validate(history, by_alias=True)
    assert (history["paused"], history["killed"]) == (True, False)
    assert [each["id"] for each in history["commands"]] == [command["id"]]


@pytest.mark.parametrize("kind", ["close_all", "kill", "resume"])
def test_what_cannot_be_undone_must_be_confirmed(
    client: FlaskClient, bearer: dict[str, str], kind: str
) -> None:
    refused = ask(client, bearer, type=kind)
    assert refused.status_code == 422
    assert list(error_of(refused)["details"]["fields"]) == ["confirm"]
    assert ask(client, bearer, type=kind, confirm=True).status_code == 202


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "sell_everything"}, "type"),
        ({"type": "close_trade"}, "signalId"),
        ({"type": "kill", "confirm": "yes"}, "confirm"),
        ({"type": "pause_entries", "signalId": "s1"}, "signalId"),
        ({"type": "move_stop", "price": 99.5}, "signalId"),
        ({"type": "move_stop", "signalId": "s1"}, "price"),
        ({"type": "move_stop", "signalId": "s1", "price": 0}, "price"),
        ({"type": "move_stop", "signalId": "s1", "price": "99.5"}, "price"),
        ({"type": "move_stop", "signalId": "s1", "price": 99.5, "breakEven": True}, "breakEven"),
        ({"type": "move_target", "signalId": "s1", "breakEven": True}, "breakEven"),
        ({"type": "close_trade", "signalId": "s1", "price": 99.5}, "price"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_its_field(
    client: FlaskClient, bearer: dict[str, str], body: dict[str, Any], field: str
) -> None:
    refused = ask(client, bearer, **body)
    assert refused.status_code == 422
    assert list(error_of(refused)["details"]["fields"]) == [field]


def test_what_would_be_closed_and_withdrawn_is_counted_and_valued(
    client: FlaskClient, bearer: dict[str, str], ledger: Ledger
) -> None:
    for number in range(4):
        ledger.open(number)
    ledger.close(0, "10")
    ledger.rest(5)
    answer = client.get("/api/monitor/exposure", headers=bearer).get_json()
    Exposure.model_validate(answer, by_alias=True)
    assert (answer["positions"], answer["positionsValue"]) == (3, 300.0)
    assert (answer["entries"], answer["entriesValue"]) == (1, 100.0)
    assert answer["unrealizedPnL"] == 0.0


def test_only_an_open_trade_can_be_closed(
    client: FlaskClient, bearer: dict[str, str], ledger: Ledger
) -> None:
    assert ask(client, bearer, type="close_trade", signalId="signal-1").status_code == 409
    ledger.open(1)
    assert ask(client, bearer, type="close_trade", signalId="signal-1").status_code == 202


@pytest.mark.parametrize(
    ("wish", "stored"),
    [
        ({"type": "move_stop", "price": 99.5}, {"price": "99.5"}),
        ({"type": "move_stop", "price": 100}, {"price": "100.0"}),
        ({"type": "move_stop", "breakEven": True}, {"breakEven": True}),
        ({"type": "move_target", "price": 0.00001}, {"price": "0.00001"}),
    ],
)
def test_where_a_stop_shall_go_is_stored_as_it_was_written(
    client: FlaskClient,
    bearer: dict[str, str],
    ledger: Ledger,
    database: Database,
    wish: dict[str, Any],
    stored: dict[str, Any],
) -> None:
    assert ask(client, bearer, signalId="signal-1", **wish).status_code == 409
    ledger.open(1)
    assert ask(client, bearer, signalId="signal-1", **wish).status_code == 202
    (command,) = Commands(database, ENVIRONMENT).pending()
    assert command.payload == {"signalId": "signal-1", **stored}


def test_a_command_nobody_gave_is_not_found(client: FlaskClient, bearer: dict[str, str]) -> None:
    assert client.get(f"{PATH}/77", headers=bearer).status_code == 404


def test_twenty_clicks_at_once_are_one_command(
    web: Web, bearer: dict[str, str], database: Database
) -> None:
    def click() -> None:
        ask(web.app.test_client(), bearer, type="kill", confirm=True)

    threads = [Thread(target=click, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Commands(database, ENVIRONMENT).pending()) == 1
