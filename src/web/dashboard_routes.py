"""/api/dashboard: what happened, what is open, and what the monitor is doing."""

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from src.database import LiveState
from src.database.account_movements import AccountReader
from src.database.equity_reader import EquityReader
from src.database.readers import SignalReader, TradeReader
from src.domain.candle import DAY_MS
from src.domain.errors import Unavailable
from src.web.dependencies import WebDependencies
from src.web.documentation import BEARER, failures
from src.web.responses import (
    AccountPage,
    EquityCurve,
    Monitor,
    OpenTrades,
    SignalDistribution,
    Stats,
    TradeHistory,
)
from src.web.schemas import EquityWindow, MovementPage, TradePage
from src.web.statistics import Account, key_statistics

RECENT_SIGNALS = 20


def dashboard_blueprint(dependencies: WebDependencies, live: LiveState) -> APIBlueprint:
    """The routes of the dashboard; each needs a token."""
    environment = dependencies.facts.environment
    trades = TradeReader(dependencies.database, environment)
    equity = EquityReader(dependencies.database, environment)
    blueprint = APIBlueprint(
        "dashboard",
        __name__,
        url_prefix="/api/dashboard",
        abp_tags=[Tag(name="dashboard")],
        abp_security=BEARER,
        abp_responses=failures(401),
    )

    def initial_balance() -> float:
        """What the account began with: its first equity, before that what the settings say."""
        opening = equity.opening()
        return float(dependencies.initial_balance) if opening is None else opening

    @blueprint.get("/stats", responses={200: Stats})
    def stats() -> dict[str, object]:
        """Get key trading statistics"""
        latest, days, begun_with = equity.latest(), equity.daily(), initial_balance()
        account = Account(
            initial_balance=begun_with,
            equity=begun_with if latest is None else float(latest.equity),
            max_drawdown=equity.max_drawdown(),
            open_trades=trades.active_count(),
            open_risk=trades.open_risk(),
            result_in_r_today=trades.result_in_r_since(days[-1].day * DAY_MS) if days else 0.0,
        )
        return key_statistics(trades.totals(), days, account)

    @blueprint.get("/equity", responses={200: EquityCurve})
    def equity_curve(query: EquityWindow) -> dict[str, object]:
        """Get the equity curve, thinned to the points asked for"""
        latest = equity.latest()
        since = 0
        if query.days is not None and latest is not None:
            since = latest.time - query.days * DAY_MS
        points = equity.points(query.points, since)
        return {"points": points, "initialBalance": initial_balance()}

    _add_trade_routes(blueprint, trades)
    _add_account_route(blueprint, AccountReader(dependencies.database, environment))
    _add_signal_routes(blueprint, SignalReader(dependencies.database, environment))

    @blueprint.get("/monitor", responses={200: Monitor})
    def monitor() -> dict[str, object]:
        """Get what the monitor is doing"""
        newest = live.read("monitor")
        if newest is None:
            raise Unavailable("The monitor has not reported yet.")
        return newest[1]

    return blueprint


def _add_trade_routes(blueprint: APIBlueprint, trades: TradeReader) -> None:
    @blueprint.get("/trades", responses={200: TradeHistory})
    def trade_history(query: TradePage) -> dict[str, object]:
        """Get one page of closed trades, newest first"""
        items, total = trades.page(query.page, query.limit)
        return {
            "trades": items,
            "page": query.page,
            "limit": query.limit,
            "total": total,
            "pages": -(-total // query.limit),
        }

    @blueprint.get("/active-trades", responses={200: OpenTrades})
    def active_trades() -> dict[str, object]:
        """Get open trades, and those frozen because they belong to another environment"""
        return {"trades": trades.active(), "frozen": trades.frozen()}


def _add_account_route(blueprint: APIBlueprint, account: AccountReader) -> None:
    @blueprint.get("/account", responses={200: AccountPage})
    def account_movements(query: MovementPage) -> dict[str, object]:
        """Get how the balance came about, and one page of deposits, withdrawals and funding"""
        items, total = account.page(query.page, query.limit)
        return {
            "balance": account.balance(),
            "movements": items,
            "page": query.page,
            "limit": query.limit,
            "total": total,
            "pages": -(-total // query.limit),
        }


def _add_signal_routes(blueprint: APIBlueprint, signals: SignalReader) -> None:
    @blueprint.get("/signals", responses={200: SignalDistribution})
    def signal_distribution() -> dict[str, object]:
        """Get how signals and results are spread, and the newest signals"""
        recent, _ = signals.page(1, RECENT_SIGNALS)
        return {**signals.distribution(), "recent": recent}
