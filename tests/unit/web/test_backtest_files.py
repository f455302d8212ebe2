"""The files a report can be downloaded as: one page without scripts, one table without formulas."""

import csv
import re
from typing import Any

from src.web.backtest_csv import COLUMNS, trades_csv
from src.web.backtest_page import TRADES_SHOWN, report_page

REQUEST: dict[str, Any] = {
    "symbols": ["BTCUSDT", "ETHUSDT"],
    "timeframe": "5m",
    "market": "bybit",
    "initialBalance": 1000.0,
    "riskPerTrade": 0.01,
    "maxPositions": 3,
    "seed": 7,
    "parameters": {"minimumReward": 2.5},
}


FOLD = {
    "fold": 1,
    "from": "2026-01-10T00:00:00.000Z",
    "to": "2026-01-20T00:00:00.000Z",
    "netR": None,
    "trades": 0,
    "trainedR": 0.1234,
    "testedR": None,
}


def trade(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "n": number,
        "symbol": "BTCUSDT",
        "direction": "long",
        "model": "2022",
        "killZone": None,
        "entryTime": "2026-01-31T23:55:00.000Z",
        "exitTime": "2026-02-01T00:10:00.000Z",
        "entryPrice": 100.0,
        "exitPrice": 99.0,
        "stop": 99.0,
        "target": 102.0,
        "quantity": 1.0,
        "netPnL": -1.1,
        "resultR": -1.0,
        "fees": 0.1,
        "funding": 0.0,
        "exitReason": "stop",
        "ambiguous": False,
        "score": 65.0,
        "mae": 1.0,
        "mfe": 0.2,
        **changes,
    }


def report(trades: list[dict[str, Any]]) -> dict[str, Any]:
    interval = {"estimate": -1.0, "low": None, "high": None, "n": len(trades)}
    table = [{"key": "2022", "trades": len(trades), "netR": -1.0, "winRate": 0.0}]
    keys = ("bySymbol", "byModel", "byKillZone", "byDirection")
    return {
        "verdict": "too few trades to say anything: <1 & counting",
        "examination": {
            "verdict": {"doubts": ["It may be luck."]},
            "expectancy_in_r": interval,
            "stressed": [{"name": "costs x2", **interval}],
        },
        "from": "2026-01-31T00:00:00.000Z",
        "to": "2026-02-02T00:00:00.000Z",
        "figures": {
            "max_drawdown": {"value": 0.25, "n": 3},
            "average_holding_ms": {"value": 5_400_000.0, "n": 1},
            "sharpe": {"value": None, "n": 1},
        },
        "equity": {
            "points": [
                {"time": f"2026-02-0{day}T00:00:00.000Z", "equity": equity, "drawdown": fall}
                for day, equity, fall in ((1, 1000.0, 0.0), (2, 750.0, -25.0))
            ]
        },
        "monthly": [
            {"month": "2026-01", "returnPercent": 3.0},
            {"month": "2026-02", "returnPercent": -25.0},
        ],
        "trades": trades,
        "openTrades": [],
        "tables": dict.fromkeys(keys, table),
        "walkForward": None,
        "costs": {
            "takerFeeRate": 0.00055,
            "makerFeeRate": 0.0002,
            "slippageBps": 1.0,
            "fundingRate": 0.0001,
        },
        "candles": 576,
        "gaps": [],
        "ambiguous": 0,
    }


class TestPage:
    def test_the_verdict_comes_first(self) -> None:
        page = report_page(REQUEST, report([trade(1)]))
        body = page[page.index("<body>") :]
        assert body.startswith(
            '<body>\n<p class="verdict">too few trades to say anything: &lt;1 &amp; counting</p>'
        )

    def test_it_needs_nothing_beside_it_and_runs_nothing(self) -> None:
        page = report_page(REQUEST, report([trade(1, symbol="<script>alert(1)</script>")]))
        assert "<script" not in page
        assert re.findall(r"""(?:src|href|url|@import|\son\w+)\s*[=(]""", page) == []

    def test_figures_are_written_in_their_units_and_what_is_undefined_is_a_dash(self) -> None:
        page = report_page(REQUEST, report([trade(1)]))
        for row in (
            "<td>max drawdown</td><td>25.00%</td><td>3</td>",
            "<td>average holding</td><td>1.5 h</td><td>1</td>",
            "<td>sharpe</td><td>–</td><td>1</td>",
        ):
            assert row in page

    def test_curves_reach_from_edge_to_edge(self) -> None:
        page = report_page(REQUEST, report([trade(1)]))
        assert 'points="70.0,8.0 895.0,205.0"' in page
        assert 'points="70.0,232.0 70.0,232.0 895.0,312.0 895.0,232.0"' in page

    def test_the_folds_of_a_walk_forward_have_their_table(self) -> None:
        page = report_page(REQUEST, {**report([trade(1)]), "walkForward": [FOLD]})
        assert "<td>2026-01-20</td><td>0</td><td>–</td><td>0.123</td><td>–</td>" in page

    def test_the_run_below_a_walk_forward_is_told_apart_from_it(self) -> None:
        plain = report([trade(1)])
        plain["examination"]["verdict"]["sentence"] = "evidence of a loss"
        outside = {"verdict": "too few", "efficiency": None}
        walked = {**plain, "verdict": "outside the training: too few", "outside": outside}
        page = report_page(REQUEST, {**walked, "walkForward": [FOLD]})
        assert page.index("outside the training") < page.index("Walk-forward</h2>")
        assert page.index("which everything below tells of: evidence of a loss.") < page.index(
            "Equity and drawdown</h2>"
        )

    def test_what_was_examined_and_traded_with_stands_in_it(self) -> None:
        found = {"low": -0.2, "high": 0.1, "n": 60}
        told = report([trade(1)])
        told["examination"] |= {
            "sharpe": {"estimate": -0.5, **found},
            "deflated_sharpe": {"probability": 0.123, "trials": 7},
            "overfitting": None,
            "random_entries": {"mean": -0.05, "p_value": 0.43, **found},
            "shuffled_directions": {"mean": None, "p_value": None, **found},
        }
        told["refusals"] = {"no_room": 1200, "guards": 3}
        told["settings"] = {
            "account": {"maxLeverage": 10.0},
            "guards": {"dailyLossLimitR": 3.0, "losingStreak": 0},
            "smtPairs": [["BTCUSDT", "ETHUSDT"]],
            "parameters": {"minimumReward": 4.0, "models": ["2022", "ote"], "detectors": []},
        }
        page = report_page(REQUEST, told)
        for words in (
            "<td>Sharpe ratio a year</td><td>-0.500</td><td>-0.200 to 0.100</td><td>60 days</td>",
            "<td>Deflated Sharpe ratio</td><td>12.3%</td><td>–</td><td>7 trials</td>",
            "<td>Random entries instead, R per trade (p = 0.430)</td><td>-0.050</td>",
            "<td>no room</td><td>1,200</td>",
            "minimumReward 4.0, models 2022, ote, detectors none.",
            "Guards: dailyLossLimitR 3.0.",
            "SMT: BTCUSDT with ETHUSDT.",
        ):
            assert words in page, words
        assert "Shuffled" not in page

    def test_the_sections_of_the_other_kinds_are_told_too(self) -> None:
        found = {"estimate": 0.1, "low": None, "high": 0.2, "n": 3}
        result = {"trades": 3, "netR": 1.5}
        row = {**result, "parameters": {"setupBars": 12, "gapEntry": "ce"}, "sharpe": None}
        row |= {"deflatedSharpe": 0.381, "candidate": False}
        opened = {**result, "expectancy": found, "earlierReaders": 2}
        days = {"from": "2026-01-20T00:00:00.000Z", "to": "2026-01-25T00:00:00.000Z"}
        sections = {
            "optimisation": {
                "trials": 1,
                "chosen": None,
                "table": [row],
                "neighbours": [{"name": "minimum_reward 2.5", **found}],
            },
            "ablation": [
                {"component": name, **result, "expectancy": found} for name in (None, "smt")
            ],
            "sealed": {**days, "opened": opened},
        }
        page = report_page(REQUEST, {**report([trade(1)]), **sections})
        assert (
            "<td>setupBars 12, gapEntry ce (too few trades)</td><td>–</td><td>38.1 %</td>" in page
        )
        assert "<td>minimum reward 2.5</td><td>0.100</td><td>– to 0.200</td>" in page
        assert "<td>nothing left out</td><td>0.100</td><td>– to 0.200</td>" in page
        assert "2026-01-20 to 2026-01-25 was opened once: 3 trades, 0.100 R per trade" in page
        assert "95 % interval" in page[page.index("was opened once") :]
        assert "2 earlier trials may have read some of it." in page
        assert "It was not opened." in report_page(
            REQUEST,
            {
                **report([trade(1)]),
                "sealed": {**days, "opened": None, "whyNot": "It was not opened."},
            },
        )
        sealed = {"sealed": {**days, "opened": None}}
        assert "is sealed still" in report_page(REQUEST, {**report([trade(1)]), **sealed})

    def test_a_run_without_a_single_trade_has_a_page_too(self) -> None:
        assert "Trades" in report_page(REQUEST, report([]))

    def test_a_long_list_of_trades_is_cut_and_says_so(self) -> None:
        page = report_page(REQUEST, report([trade(n) for n in range(TRADES_SHOWN + 2)]))
        assert f"The newest {TRADES_SHOWN} of {TRADES_SHOWN + 2:,}" in page


class TestTable:
    def test_every_trade_is_a_line_under_the_names(self) -> None:
        names, *lines = csv.reader(trades_csv([trade(1), trade(2)]).splitlines())
        assert names == list(COLUMNS)
        assert [line[0] for line in lines] == ["1", "2"]
        assert lines[0][names.index("netPnL")] == "-1.1"
        assert lines[0][names.index("killZone")] == ""

    def test_no_text_is_a_formula(self) -> None:
        [_, line] = csv.reader(trades_csv([trade(1, model="=HYPERLINK(1)")]).splitlines())
        assert "'=HYPERLINK(1)" in line
