"""A queued backtest: what its request means, how it tells its progress, what its report holds."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from services.backtest_parameters import PARAMETERS, Declared
from src.backtest.job import asked_request
from src.backtest.job_plan import AblationPlan, Plan, SearchPlan, WalkPlan, plan_of
from src.backtest.job_progress import JobProgress, ToldWorkers
from src.backtest.job_sections import wire_name
from src.backtest.job_settings import settings_section
from src.backtest.request import BacktestRequest
from src.backtest.search_space import SEARCHABLE
from src.domain.candle import Timeframe
from src.domain.errors import LeaseLost
from src.engine.guards import GuardSettings
from src.strategy.parameters import StrategyParameters
from tests.unit.backtest.invented import BASE, InventedWorkers, outcome
from tests.unit.backtest.market import market

ASKED: dict[str, Any] = {
    "symbols": ["ETHUSDT", "BTCUSDT"],
    "timeframe": "15m",
    "from": "2026-01-01",
    "to": "2026-02-01",
    "initialBalance": 2500.5,
    "seed": 9,
    "market": "bybit",
    "parameters": {"confluenceThreshold": 70.0, "gapEntry": "top"},
    "costs": {"takerFeeRate": 0.001, "makerFeeRate": 0.0, "slippageBps": 2.5},
    "riskPerTrade": 0.02,
    "maxPositions": 5,
}
FIELDS = {wire_name(field.name): field for field in fields(StrategyParameters)}


class TestRequest:
    def test_it_says_everything_a_person_may_choose(self) -> None:
        base = BacktestRequest(("BTCUSDT",), guards=GuardSettings(losing_streak=3))
        request = asked_request(ASKED, base, {"ETHUSDT": "BTCUSDT", "SOLUSDT": "BTCUSDT"})
        assert request.symbols == ("ETHUSDT", "BTCUSDT")
        assert request.timeframe is Timeframe.M15
        assert (request.start, request.end) == (1_767_225_600_000, 1_769_904_000_000)
        assert (request.initial_balance, request.seed) == (Decimal("2500.5"), 9)
        assert request.parameters.confluence_threshold == 70.0
        assert request.parameters.gap_entry == "top"
        assert request.costs.taker_fee_rate == request.risk.taker_fee_rate == Decimal("0.001")
        assert request.costs.slippage_rate == Decimal("0.00025")
        assert (request.risk.risk_per_trade, request.risk.max_positions) == (Decimal("0.02"), 5)
        assert request.smt_pairs == (("ETHUSDT", "BTCUSDT"),)
        assert request.guards == base.guards


class TestPlan:
    @pytest.mark.parametrize(
        ("asked", "plan"),
        [
            ({}, None),
            ({"walkForward": None, "optimise": None, "ablate": None}, None),
            (
                {"walkForward": {"folds": 3, "trials": 5, "sealed": 0.1, "openSealed": True}},
                WalkPlan(3, 5, sealed=0.1, open_sealed=True),
            ),
            (
                {"optimise": {"trials": 9, "sealed": 0.2, "openSealed": False}},
                SearchPlan(9, sealed=0.2),
            ),
            ({"ablate": {"sealed": 0.0}}, AblationPlan()),
            # Waiting since before there was a seal.
            ({"walkForward": {"folds": 2, "trials": 4}}, WalkPlan(2, 4)),
        ],
    )
    def test_it_is_what_was_asked_for(self, asked: dict[str, Any], plan: Plan | None) -> None:
        assert plan_of(asked) == plan


class TestDeclaredParameters:
    @pytest.mark.parametrize("declared", PARAMETERS, ids=lambda declared: declared.name)
    def test_they_are_the_strategys_own(self, declared: Declared) -> None:
        field = FIELDS[declared.name]
        assert declared.default == field.default
        assert type(declared.default) is type(field.default)
        edges = declared.choices or (declared.lowest, declared.highest)
        if declared.kind == "boolean":
            edges = (True, False)
        for edge in edges:
            StrategyParameters(**{field.name: type(field.default)(edge)})  # type: ignore[arg-type]  # names and values of the fields

    def test_whatever_is_searched_can_also_be_asked_for(self) -> None:
        declared = {each.name: each for each in PARAMETERS}
        for name, values in SEARCHABLE.items():
            one = declared[wire_name(name)]
            for value in values:
                if one.kind in ("integer", "number"):
                    assert (one.lowest or 0) <= float(value) <= (one.highest or 0), name
                elif one.kind == "choice":
                    assert value in one.choices, name


def test_a_report_tells_what_the_run_was_traded_with() -> None:
    guards = GuardSettings(daily_loss_limit=Decimal(3), cooldown_ms=3_600_000)
    base = BacktestRequest(("BTCUSDT",), guards=guards)
    told = settings_section(asked_request(ASKED, base, {"ETHUSDT": "BTCUSDT"}))
    assert told["account"] == {
        **{"initialBalance": 2500.5, "riskPerTrade": 0.02, "maxPositions": 5},
        "maxLeverage": float(base.risk.max_leverage),
    }
    assert told["guards"]["dailyLossLimitR"] == 3.0
    assert told["guards"]["cooldownMinutes"] == 60
    assert told["smtPairs"] == [["ETHUSDT", "BTCUSDT"]]
    assert set(told["parameters"]) == set(FIELDS)
    assert told["parameters"]["confluenceThreshold"] == 70.0


DAY = market(("BTCUSDT",), days=1)


class Row:
    """Where progress is written, while anybody waits for it."""

    def __init__(self) -> None:
        self.written: list[Mapping[str, Any]] = []
        self.wanted = True

    def write(self, document: Mapping[str, Any]) -> bool:
        self.written.append(document)
        return self.wanted


class Seconds:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class TestProgress:
    def test_it_is_written_at_most_twice_a_second(self) -> None:
        row, seconds = Row(), Seconds()
        progress = JobProgress(row.write, seconds)
        for step in range(41):
            seconds.now = 100.0 + step / 20
            progress.tell("strategy", step, 40)
        assert len(row.written) == 5

    def test_a_new_stage_and_the_end_of_one_are_told_however_soon(self) -> None:
        row, seconds = Row(), Seconds()
        progress = JobProgress(row.write, seconds)
        for stage, done in (("loading", 0), ("search", 0), ("search", 1), ("search", 2)):
            progress.tell(stage, done, 2)
        assert [(told["stage"], told["done"]) for told in row.written] == [
            *(("loading", 0), ("search", 0), ("search", 2)),
        ]

    def test_trials_are_counted_up_to_their_number(self) -> None:
        row, seconds = Row(), Seconds()
        idle = InventedWorkers(lambda trial: outcome(trial, 0.0))
        told = ToldWorkers(idle, JobProgress(row.write, seconds), "search", 5, DAY)
        for batch in (3, 2):
            told.run([BASE] * batch)
            seconds.now += 1.0
        assert [(one["done"], one["total"]) for one in row.written] == [(0, 5), (3, 5), (5, 5)]
        assert row.written[-1]["barsPerSecond"] == 5 * 288, "five trials in a second, a day each"

    def test_a_search_that_asked_something_twice_ends_at_its_total(self) -> None:
        row = Row()
        idle = InventedWorkers(lambda trial: outcome(trial, 0.0))
        told = ToldWorkers(idle, JobProgress(row.write, Seconds()), "search", 5, DAY)
        told.run([BASE])
        told.finish()
        assert (row.written[-1]["done"], row.written[-1]["total"]) == (5, 5)

    def test_speed_and_what_remains_come_from_the_stage_itself(self) -> None:
        row, seconds = Row(), Seconds()
        progress = JobProgress(row.write, seconds)
        progress.tell("loading", 0, 1)
        seconds.now = 110.0
        progress.tell("strategy", 0, 4_000)
        seconds.now = 112.0
        progress.tell("strategy", 1_000, 4_000)
        assert row.written[-1] == {
            "stage": "strategy",
            "done": 1_000,
            "total": 4_000,
            "barsPerSecond": 500,
            "etaSeconds": 6.0,
        }

    def test_a_run_that_nobody_waits_for_ends(self) -> None:
        row = Row()
        row.wanted = False
        with pytest.raises(LeaseLost):
            JobProgress(row.write, Seconds()).tell("loading", 0, 1)
