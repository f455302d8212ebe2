"""/api/backtests: ask for a backtest, follow it, read what it found."""

import json

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from services.backtests import Backtests
from src.web.backtest_csv import trades_csv
from src.web.backtest_page import report_page
from src.web.backtest_schemas import (
    BacktestAnswer,
    BacktestCandles,
    BacktestCandlesWindow,
    BacktestList,
    BacktestOptions,
    BacktestPage,
    BacktestPath,
    BacktestReport,
    BacktestWish,
)
from src.web.backtest_views import job_view, options_view
from src.web.documentation import BEARER, failures
from src.web.guard import current_identity


def backtest_blueprint(backtests: Backtests) -> APIBlueprint:
    """The routes of backtests; each needs a token. Another process carries them out."""
    blueprint = APIBlueprint(
        "backtests",
        __name__,
        url_prefix="/api/backtests",
        abp_tags=[Tag(name="backtests")],
        abp_security=BEARER,
        abp_responses=failures(401),
    )

    @blueprint.get("/options", responses={200: BacktestOptions})
    def options() -> dict[str, object]:
        """Get what can be tested: stored candles, parameters, defaults"""
        return options_view(backtests)

    @blueprint.post("", responses={202: BacktestAnswer, **failures(400, 409, 413, 415)})
    def ask(body: BacktestWish) -> tuple[dict[str, object], int]:
        """Queue a backtest"""
        wish = body.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {"job": job_view(backtests.ask(wish, current_identity().email))}, 202

    @blueprint.get("", responses={200: BacktestList})
    def newest(query: BacktestPage) -> dict[str, object]:
        """Get the newest backtests, or those before one"""
        found = backtests.newest(query.limit, query.before)
        return {"jobs": [job_view(job) for job in found]}

    @blueprint.get("/<int:job_id>", responses={200: BacktestAnswer, **failures(404)})
    def one(path: BacktestPath) -> dict[str, object]:
        """Get one backtest and how far it is"""
        return {"job": job_view(backtests.find(path.job_id))}

    @blueprint.post("/<int:job_id>/cancel", responses={200: BacktestAnswer, **failures(404, 409)})
    def cancel(path: BacktestPath) -> dict[str, object]:
        """Cancel a backtest that waits or runs"""
        return {"job": job_view(backtests.cancel(path.job_id))}

    @blueprint.delete("/<int:job_id>", responses={204: None, **failures(404, 409)})
    def remove(path: BacktestPath) -> Response:
        """Remove a backtest and its report"""
        backtests.remove(path.job_id)
        return Response(status=204)

    _add_report_routes(blueprint, backtests)
    return blueprint


def _add_report_routes(blueprint: APIBlueprint, backtests: Backtests) -> None:
    @blueprint.get("/<int:job_id>/report", responses={200: BacktestReport, **failures(404, 409)})
    def report(path: BacktestPath) -> Response:
        """Get everything a finished backtest found"""
        return Response(backtests.report(path.job_id), mimetype="application/json")

    @blueprint.get(
        "/<int:job_id>/report.html", responses={200: _file("text/html"), **failures(404, 409)}
    )
    def page(path: BacktestPath) -> Response:
        """Download the report as a page to keep or to print"""
        found = json.loads(backtests.report(path.job_id))
        text = report_page(backtests.find(path.job_id).request, found)
        return _download(text, "text/html", f"backtest-{path.job_id}.html")

    @blueprint.get(
        "/<int:job_id>/trades.csv", responses={200: _file("text/csv"), **failures(404, 409)}
    )
    def trades(path: BacktestPath) -> Response:
        """Download the trades as a table"""
        text = trades_csv(json.loads(backtests.report(path.job_id))["trades"])
        return _download(text, "text/csv", f"backtest-{path.job_id}-trades.csv")

    @blueprint.get("/<int:job_id>/candles", responses={200: BacktestCandles, **failures(404)})
    def candles(path: BacktestPath, query: BacktestCandlesWindow) -> dict[str, object]:
        """Get candles to draw the trades on"""
        drawn = backtests.drawing(path.job_id, query.symbol, query.from_, query.to)
        return {"candles": drawn.bars, "step": drawn.step}


def _file(kind: str) -> dict[str, object]:
    return {"description": "The file", "content": {kind: {"schema": {"type": "string"}}}}


def _download(text: str, kind: str, name: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
