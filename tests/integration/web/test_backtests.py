"""/api/backtests: what may be asked, what is answered, and what becomes of a job's row."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from src.database import BacktestJobs, Database
from src.database.candle_history import CandleHistory
from src.domain.candle import DAY_MS, Candle, Timeframe
from tests.integration.web.support import NOON, ManualClock

FIRST = NOON - NOON % DAY_MS - 10 * DAY_MS
COUNT = 2_000
"""Almost seven days of 5m candles from FIRST, 2026-09-11, on."""

Bearer = dict[str, str]


def candle(number: int) -> Candle:
    price = 100.0 + number % 7
    step = Timeframe.M5.milliseconds
    opened = FIRST + number * step
    return Candle("BTCUSDT", Timeframe.M5, opened, price, price + 1, price - 1, price + 0.5, 1.0)


@pytest.fixture(autouse=True)
def _stored(database: Database) -> None:
    CandleHistory(database, "simulator").add([candle(number) for number in range(COUNT)])


@pytest.fixture
def jobs(database: Database, clock: ManualClock) -> BacktestJobs:
    return BacktestJobs(database, clock)


def ask(client: FlaskClient, bearer: Bearer, **wish: Any) -> Any:
    return client.post("/api/backtests", json={"symbols": ["BTCUSDT"], **wish}, headers=bearer)


def finish(jobs: BacktestJobs, report: dict[str, Any]) -> int:
    """Let the oldest waiting job end with `report`."""
    job = jobs.take_next()
    assert job is not None
    headline = {"netR": 1.5, "trades": 2, "sharpe": None, "maxDrawdown": 0.1}
    assert jobs.finish(job.id, job.attempts, report, "too few trades to say anything", headline)
    return job.id


class TestOptions:
    def test_they_tell_what_is_stored_and_how_this_installation_trades(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        options: Any = client.get("/api/backtests/options", headers=bearer).json
        assert options["markets"] == ["bybit", "simulator"]
        [series] = options["series"]
        assert (series["market"], series["symbol"], series["candles"]) == (
            "simulator", "BTCUSDT", COUNT,
        )  # fmt: skip
        assert series["from"] == "2026-09-11T00:00:00.000Z"
        assert options["defaults"]["costs"]["takerFeeRate"] == 0.00055
        assert "confluenceThreshold" in {each["name"] for each in options["parameters"]}


class TestAsking:
    def test_what_is_left_out_is_as_this_installation_trades(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        answer = ask(
            client,
            bearer,
            **{"from": "2026-09-12", "costs": {"slippageBps": 3}, "parameters": {"setupBars": 12}},
        )
        assert answer.status_code == 202
        job = answer.json["job"]
        assert (job["status"], job["attempts"], job["progress"]) == ("queued", 0, None)
        assert job["requestedBy"] == "trader@example.com"
        assert job["request"] == {
            "symbols": ["BTCUSDT"],
            "timeframe": "5m",
            "from": "2026-09-12",
            "to": None,
            "initialBalance": 1000.0,
            "seed": 0,
            "market": "simulator",
            "parameters": {"confluenceThreshold": 60.0, "setupBars": 12},
            "costs": {"takerFeeRate": 0.00055, "makerFeeRate": 0.0002, "slippageBps": 3.0},
            "riskPerTrade": 0.01,
            "maxPositions": 3,
            "walkForward": None,
            "optimise": None,
            "ablate": None,
        }
        one: Any = client.get(f"/api/backtests/{job['id']}", headers=bearer).json
        listed: Any = client.get("/api/backtests", headers=bearer).json
        assert one["job"] == job
        assert listed["jobs"] == [job]

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"symbols": []}, "symbols"),
            ({"symbols": ["BTCUSDT", "BTCUSDT"]}, "symbols"),
            ({"symbols": ["=cmd"]}, "symbols.0"),
            ({"timeframe": "7m"}, "timeframe"),
            ({"initialBalance": 0}, "initialBalance"),
            ({"riskPerTrade": 0.5}, "riskPerTrade"),
            ({"costs": {"takerFeeRate": 2}}, "costs.takerFeeRate"),
            ({"parameters": {"setupBars": 1.5}}, "parameters.setupBars"),
            ({"parameters": {"gapEntry": "middle"}}, "parameters.gapEntry"),
            ({"parameters": {"breakerNeedsSweep": 1}}, "parameters.breakerNeedsSweep"),
            ({"parameters": {"__class__": 1}}, "parameters.__class__"),
            ({"walkForward": {"folds": 1}}, "walkForward.folds"),
            ({"optimise": {"trials": 501}}, "optimise.trials"),
            ({"ablate": {"sealed": 0.6}}, "ablate.sealed"),
            ({"optimise": {}, "ablate": {}}, "ablate"),
            ({"from": "2026-09-13", "to": "2026-09-12"}, "to"),
            ({"from": "2027-01-01"}, "from"),
            ({"to": "2026-01-01"}, "to"),
        ],
    )
    def test_a_wrong_field_is_named(
        self, client: FlaskClient, bearer: Bearer, wish: dict[str, Any], field: str
    ) -> None:
        answer = ask(client, bearer, **wish)
        assert answer.status_code == 422
        assert list(answer.json["error"]["details"]["fields"]) == [field]

    @pytest.mark.parametrize(
        ("kind", "given", "asked"),
        [
            (
                "walkForward",
                {"folds": 3},
                {"folds": 3, "trials": 20, "sealed": 0.2, "openSealed": False},
            ),
            (
                "optimise",
                {"openSealed": True},
                {"trials": 50, "sealed": 0.2, "openSealed": True},
            ),
            ("ablate", {}, {"sealed": 0.2}),
        ],
    )
    def test_what_a_kind_leaves_out_is_usual(
        self,
        client: FlaskClient,
        bearer: Bearer,
        kind: str,
        given: dict[str, Any],
        asked: dict[str, Any],
    ) -> None:
        answer = ask(client, bearer, **{kind: given})
        assert answer.status_code == 202
        assert answer.json["job"]["request"][kind] == asked

    def test_a_job_that_was_asked_for_before_there_were_kinds_is_a_single_run(
        self, client: FlaskClient, bearer: Bearer, jobs: BacktestJobs
    ) -> None:
        job_id = jobs.add({"symbols": ["BTCUSDT"]}, "somebody").id
        found: Any = client.get(f"/api/backtests/{job_id}", headers=bearer).json
        assert found["job"]["request"]["optimise"] is None

    def test_without_candles_the_command_that_helps_is_named(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        answer = ask(client, bearer, symbols=["ETHUSDT"], **{"from": "2026-01-01"})
        assert answer.status_code == 422
        assert (
            "`flask candles download ETHUSDT --from 2026-01-01 --timeframe 5m --market simulator`"
            in answer.json["error"]["message"]
        )

    def test_the_queue_has_an_end(
        self, client: FlaskClient, bearer: Bearer, jobs: BacktestJobs
    ) -> None:
        for _ in range(50):
            jobs.add({"symbols": ["BTCUSDT"]}, "somebody")
        assert ask(client, bearer).status_code == 409


class TestEnding:
    def test_a_waiting_job_is_cancelled_once_and_then_removed(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        path = f"/api/backtests/{ask(client, bearer).json['job']['id']}"
        cancelled: Any = client.post(f"{path}/cancel", headers=bearer)
        assert cancelled.json["job"]["status"] == "cancelled"
        assert cancelled.json["job"]["finishedAt"] is not None
        assert client.post(f"{path}/cancel", headers=bearer).status_code == 409
        assert client.delete(path, headers=bearer).status_code == 204
        assert client.get(path, headers=bearer).status_code == 404
        assert client.delete(path, headers=bearer).status_code == 404

    def test_a_running_job_cannot_be_removed(
        self, client: FlaskClient, bearer: Bearer, jobs: BacktestJobs
    ) -> None:
        path = f"/api/backtests/{ask(client, bearer).json['job']['id']}"
        jobs.take_next()
        assert client.delete(path, headers=bearer).status_code == 409


class TestPages:
    def test_older_jobs_are_read_from_the_last_one_shown(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        asked: list[int] = [ask(client, bearer).json["job"]["id"] for _ in range(3)]

        def page(query: str) -> list[int]:
            answer: Any = client.get(f"/api/backtests?{query}", headers=bearer)
            return [job["id"] for job in answer.json["jobs"]]

        assert page("limit=2") == asked[:0:-1]
        assert page(f"limit=2&before={asked[1]}") == asked[:1]
        assert client.get("/api/backtests?before=0", headers=bearer).status_code == 422


class TestReport:
    def test_it_is_a_conflict_until_the_job_has_finished(
        self, client: FlaskClient, bearer: Bearer, jobs: BacktestJobs
    ) -> None:
        path = f"/api/backtests/{ask(client, bearer).json['job']['id']}"
        assert client.get(f"{path}/report", headers=bearer).status_code == 409
        finish(jobs, {"verdict": "none"})
        assert client.get(f"{path}/report", headers=bearer).json == {"verdict": "none"}
        job: Any = client.get(path, headers=bearer).json
        assert job["job"]["headline"]["netR"] == 1.5
        assert client.get("/api/backtests/99/report", headers=bearer).status_code == 404


class TestCandles:
    def drawn(self, client: FlaskClient, bearer: Bearer, query: str = "") -> Any:
        job_id = ask(client, bearer).json["job"]["id"]
        return client.get(
            f"/api/backtests/{job_id}/candles?symbol=BTCUSDT{query}", headers=bearer
        ).json

    def test_a_short_stretch_comes_candle_by_candle(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        step = Timeframe.M5.milliseconds
        drawn = self.drawn(client, bearer, f"&from={FIRST + 7 * step}&to={FIRST + 9 * step}")
        assert drawn["step"] == step
        assert drawn["candles"] == [
            [FIRST + 7 * step, 100.0, 101.0, 99.0, 100.5],
            [FIRST + 8 * step, 101.0, 102.0, 100.0, 101.5],
        ]

    def test_a_long_one_is_put_together_with_its_extremes(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        drawn = self.drawn(client, bearer)
        assert drawn["step"] == 2 * Timeframe.M5.milliseconds
        assert len(drawn["candles"]) == COUNT // 2
        assert drawn["candles"][0] == [FIRST, 100.0, 102.0, 99.0, 101.5]

    def test_a_symbol_that_was_not_traded_has_none(
        self, client: FlaskClient, bearer: Bearer
    ) -> None:
        path = f"/api/backtests/{ask(client, bearer).json['job']['id']}/candles?symbol=SOLUSDT"
        assert client.get(path, headers=bearer).status_code == 422
