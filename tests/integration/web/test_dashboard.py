"""The dashboard's answers, held to the documented models and to the records behind them."""

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from src.database import Database, LiveState
from src.database.times import to_iso
from src.domain.candle import DAY_MS
from src.domain.signal import SignalStatus
from src.web.responses import (
    AccountPage,
    AnswerModel,
    EquityCurve,
    Health,
    Monitor,
    OpenTrades,
    SignalDistribution,
    Stats,
    TradeHistory,
)
from tests.integration.web.support import (
    ENVIRONMENT,
    FACTS,
    MINUTE,
    NOON,
    Ledger,
    ManualClock,
    new_web,
)

Bearer = dict[str, str]


def get(client: FlaskClient, bearer: Bearer, path: str, model: type[AnswerModel]) -> Any:
    """The answer, after checking that it is exactly what the model documents."""
    response = client.get(f"/api/dashboard/{path}", headers=bearer)
    assert response.status_code == 200, response.get_json()
    model.model_validate(response.get_json(), by_alias=True, by_name=False)
    return response.get_json()


def test_a_new_system_says_what_it_does_not_know(client: FlaskClient, bearer: Bearer) -> None:
    stats = get(client, bearer, "stats", Stats)
    undefined = {name for name, value in stats.items() if value is None}
    assert undefined == {
        *("winRate", "avgWin", "avgLoss", "profitFactor"),
        *("sharpe", "sortino", "calmar", "omega", "annualGrowth"),
    }
    assert stats["equity"] == stats["initialBalance"] == 1000.0
    assert get(client, bearer, "trades", TradeHistory) == {
        "trades": [], "page": 1, "limit": 50, "total": 0, "pages": 0
    }  # fmt: skip
    assert get(client, bearer, "equity", EquityCurve) == {"points": [], "initialBalance": 1000.0}


def test_statistics_agree_with_the_trades(
    client: FlaskClient, bearer: Bearer, ledger: Ledger
) -> None:
    for number, net in enumerate(["20", "-10", "20", "-10", "10", "0"]):
        ledger.signal(number)
        ledger.open(number)
        ledger.close(number, net)
    ledger.open(99)
    for day, equity in enumerate(["1000", "1020", "999.6", "1050"]):
        ledger.equity(NOON + day * DAY_MS, equity)
    stats = get(client, bearer, "stats", Stats)
    assert stats["totalTrades"] == 6
    assert stats["winRate"] == pytest.approx(50.0)
    assert stats["totalPnL"] == pytest.approx(30.0)
    assert stats["totalPnLPercent"] == pytest.approx(3.0)
    assert stats["totalR"] == pytest.approx(3.0)
    assert stats["activeTrades"] == 1
    assert stats["avgWin"] == pytest.approx(50 / 3)
    assert stats["avgLoss"] == pytest.approx(-10.0)
    assert stats["profitFactor"] == pytest.approx(2.5)
    assert stats["maxDrawdown"] == pytest.approx(2.0)
    assert stats["equity"] == 1050.0
    assert stats["dailyReturns"] == 4
    assert stats["sharpe"] > 0
    assert stats["sortino"] > 0
    assert stats["annualGrowth"] == pytest.approx(100 * (1.05 ** (365 / 4) - 1))
    assert stats["calmar"] == pytest.approx(stats["annualGrowth"] / 2.0)
    assert stats["omega"] > 1


def test_the_history_is_paged_newest_first(
    client: FlaskClient, bearer: Bearer, ledger: Ledger
) -> None:
    for number in range(5):
        ledger.signal(number)
        ledger.open(number)
        ledger.close(number, "10")
    first = get(client, bearer, "trades?page=1&limit=2", TradeHistory)
    last = get(client, bearer, "trades?page=3&limit=2", TradeHistory)
    beyond = get(client, bearer, "trades?page=4&limit=2", TradeHistory)
    assert [trade["signalId"] for trade in first["trades"]] == ["signal-4", "signal-3"]
    assert [trade["signalId"] for trade in last["trades"]] == ["signal-0"]
    assert (first["total"], first["pages"], beyond["trades"]) == (5, 3, [])
    trade = first["trades"][0]
    assert trade["model"] == "2022"
    assert trade["reasons"] == ["Sweep of the Asian low."]
    assert (trade["realizedPnL"], trade["resultR"], trade["exitReason"]) == (10.0, 1.0, "target")
    assert trade["entryTime"].endswith("Z")


def test_the_account_tells_how_its_balance_came_about(
    client: FlaskClient, bearer: Bearer, ledger: Ledger
) -> None:
    assert get(client, bearer, "account", AccountPage)["balance"] is None
    ledger.equity(NOON, "1000")
    ledger.open(1)
    ledger.close(1, "20")
    ledger.open(2)
    ledger.transfer("t1", "TRANSFER_IN", "250")
    ledger.transfer("t2", "TRANSFER_OUT", "-50.5")
    ledger.fund(2, "-0.75")
    ledger.equity(NOON + 10 * MINUTE, "1218.65")
    first = get(client, bearer, "account?limit=2", AccountPage)
    balance = first["balance"]
    parts = [balance[name] for name in ("opening", "results", "transfers", "openCosts")]
    assert parts == pytest.approx([1000.0, 20.0, 199.5, -0.85])
    assert balance["ledger"] == pytest.approx(balance["wallet"])
    second = get(client, bearer, "account?limit=2&page=2", AccountPage)
    moved = [*first["movements"], *second["movements"]]
    assert [(each["kind"], each["symbol"], each["amount"]) for each in moved] == [
        ("funding", "BTCUSDT", -0.75), ("TRANSFER_OUT", None, -50.5), ("TRANSFER_IN", None, 250.0),
    ]  # fmt: skip
    assert (first["total"], first["pages"]) == (3, 2)


def test_open_trades_of_another_environment_are_frozen(
    client: FlaskClient, bearer: Bearer, ledger: Ledger, database: Database
) -> None:
    ledger.open(1)
    Ledger(database, "demo").open(2)
    answer = get(client, bearer, "active-trades", OpenTrades)
    assert [trade["environment"] for trade in answer["trades"]] == [ENVIRONMENT]
    assert [trade["environment"] for trade in answer["frozen"]] == ["demo"]


def test_signals_are_counted_by_direction_status_and_model(
    client: FlaskClient, bearer: Bearer, ledger: Ledger
) -> None:
    for number in range(25):
        ledger.signal(number, SignalStatus.REFUSED if number % 5 == 0 else SignalStatus.FILLED)
    ledger.open(1)
    ledger.close(1, "-10")
    answer = get(client, bearer, "signals", SignalDistribution)
    assert (answer["total"], answer["buy"], answer["sell"]) == (25, 13, 12)
    assert answer["byStatus"] == {"armed": 0, "refused": 5, "filled": 20, "cancelled": 0}
    assert answer["byModel"] == {"2022": 25}
    assert answer["outcomes"] == {"win": 0, "loss": 1}
    assert [signal["signalId"] for signal in answer["recent"]] == [
        f"signal-{number}" for number in range(24, 4, -1)
    ]


def test_the_equity_curve_is_thinned_and_cut_by_the_market_not_by_the_wall_clock(
    client: FlaskClient, bearer: Bearer, ledger: Ledger, clock: ManualClock
) -> None:
    """In a replay the market is years away from the clock on the wall."""
    clock.advance(1000 * DAY_MS)
    bearer = sign_in_again(client)
    for day in range(30):
        ledger.equity(NOON + day * DAY_MS, str(1000 + day))
    assert len(get(client, bearer, "equity", EquityCurve)["points"]) == 30
    assert len(get(client, bearer, "equity?points=10", EquityCurve)["points"]) <= 10
    week = get(client, bearer, "equity?days=7", EquityCurve)["points"]
    assert [point["equity"] for point in week] == [1022.0 + day for day in range(8)]


def sign_in_again(client: FlaskClient) -> Bearer:
    body = {"email": "trader@example.com", "password": "correct horse"}
    token = client.post("/api/auth/login", json=body).get_json()["token"]
    return {"Authorization": f"Bearer {token}"}


def test_the_monitor_is_unavailable_until_it_reports(
    client: FlaskClient, bearer: Bearer, database: Database
) -> None:
    missing = client.get("/api/dashboard/monitor", headers=bearer)
    assert missing.status_code == 503
    assert missing.get_json()["error"]["code"] == "unavailable"
    LiveState(database, ENVIRONMENT).write("monitor", reported("running"))
    assert get(client, bearer, "monitor", Monitor) == reported("running")


def reported(state: str) -> dict[str, object]:
    """What the monitor wrote at NOON."""
    return {
        "state": state,
        "detail": "A sentence.",
        "environment": ENVIRONMENT,
        "mode": "paper",
        "marketData": "simulator",
        "simulated": True,
        "heartbeatAt": to_iso(NOON),
        "symbols": [{"symbol": "BTCUSDT", "reading": "Waiting for a long 2022 entry at 61,200."}],
    }


@pytest.mark.parametrize(
    ("monitor", "later", "status"),
    [
        (None, 0, "degraded"),
        (reported("running"), 0, "ok"),
        (reported("warming_up"), 14_999, "ok"),
        (reported("running"), 15_000, "degraded"),
        (reported("stale"), 0, "degraded"),
        (reported("halted"), 0, "degraded"),
        (reported("stopped"), 0, "degraded"),
    ],
)
def test_health_says_whether_the_monitor_beats(
    client: FlaskClient,
    database: Database,
    clock: ManualClock,
    monitor: dict[str, object] | None,
    later: int,
    status: str,
) -> None:
    if monitor is not None:
        LiveState(database, ENVIRONMENT).write("monitor", monitor)
    clock.advance(later)
    response = client.get("/api/health")
    assert response.status_code == 200
    body = response.get_json()
    Health.model_validate(body, by_alias=True, by_name=False)
    assert body["status"] == status
    assert body["monitor"] == (monitor and {**monitor, "symbols": []})
    assert (body["marketData"], body["simulated"]) == ("simulator", True)
    assert (body["version"], body["mode"], body["environment"]) == ("1.2.3", "paper", "simulator")


def test_what_the_account_holds_is_not_told_to_everybody(
    client: FlaskClient, database: Database
) -> None:
    private = {
        "guards": [{"name": "daily_loss", "used": 1.0}],
        "openRisk": {"used": 9.95, "limit": 30.0},
        "quarantined": [{"symbol": "BTCUSDT", "reason": "Close it."}],
        "entriesPaused": "3 R were lost today.",
    }
    LiveState(database, ENVIRONMENT).write("monitor", reported("running") | private)
    told = client.get("/api/health").get_json()["monitor"]
    assert (told["guards"], told["openRisk"], told["quarantined"]) == ([], None, [])
    assert told["entriesPaused"] == "New entries are paused."


def test_another_environment_shows_nothing_of_this_one(
    database: Database, clock: ManualClock, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.signal(1)
    ledger.open(1)
    ledger.close(1, "10")
    ledger.equity(NOON, "1010")
    facts = dataclasses.replace(FACTS, environment="demo")
    web = new_web(database, clock, tmp_path, facts=facts, initial_balance=Decimal(500))
    token = web.authentication.register("a@example.com", "correct horse", "192.0.2.1").token
    client, bearer = web.app.test_client(), {"Authorization": f"Bearer {token}"}
    assert get(client, bearer, "stats", Stats)["totalTrades"] == 0
    assert get(client, bearer, "stats", Stats)["equity"] == 500.0
    assert get(client, bearer, "trades", TradeHistory)["total"] == 0
    assert get(client, bearer, "signals", SignalDistribution)["total"] == 0
    assert get(client, bearer, "equity", EquityCurve)["points"] == []
