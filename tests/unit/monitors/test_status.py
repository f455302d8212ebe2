"""The live rows carry finished numbers: the dashboard formats them and never adds."""

from decimal import Decimal
from typing import cast

from src.domain.order import Direction
from src.domain.trade import Balance, Trade, TradeStatus
from src.engine.guards import OpenRisk, ResultGuard
from src.monitors.status import MarketFacts, MonitorState, iso, monitor_payload, prices_payload

NOON = 1_795_348_800_000
FACTS = MarketFacts("simulator", "paper", "simulator", simulated=True)
SHORT = Trade(
    order_link_id="link",
    signal_id="signal",
    symbol="BTCUSDT",
    direction=Direction.SHORT,
    status=TradeStatus.OPEN,
    quantity=Decimal("0.5"),
    entry_price=Decimal(100),
    stop_loss=Decimal(110),
    take_profit=Decimal(80),
    risk_amount=Decimal(5),
    entry_time=NOON,
    fees=Decimal(0),
    funding=Decimal(0),
    slippage=Decimal(0),
)


def test_an_open_trade_is_valued_in_money_and_in_r() -> None:
    balance = Balance(wallet=Decimal(200), equity=Decimal(202), available=Decimal(100))
    payload = prices_payload(
        NOON, {"BTCUSDT": (96.0, 96.5, NOON)}, [(7, SHORT, Decimal(96))], balance
    )
    assert payload["openTrades"] == [
        {
            "id": 7,
            "signalId": "signal",
            "symbol": "BTCUSDT",
            "currentPrice": 96.0,
            "unrealizedPnL": 2.0,
            "unrealizedR": 0.4,
        }
    ]
    assert (payload["openPnL"], payload["openPnLPercent"], payload["openR"]) == (2.0, 1.0, 0.4)
    assert payload["prices"] == {
        "BTCUSDT": {"last": 96.0, "mark": 96.5, "time": "2026-11-22T12:00:00.000Z"}
    }


def test_what_never_happened_has_no_time_and_no_age() -> None:
    payload = monitor_payload(FACTS, MonitorState.STARTING, "Starting.", now=NOON)
    assert iso(0) is None
    assert payload["marketTime"] is None
    assert payload["dataAgeMs"] is None
    assert payload["simulated"] is True


def test_a_quarantined_symbol_is_named_with_its_reason() -> None:
    quarantined = {"BTCUSDT": "Close it on the exchange."}
    payload = monitor_payload(
        FACTS, MonitorState.RUNNING, "Following the market.", now=NOON, quarantined=quarantined
    )
    assert payload["quarantined"] == [{"symbol": "BTCUSDT", "reason": "Close it on the exchange."}]


def test_limits_are_told_with_what_is_used_and_left_of_them() -> None:
    losses = ResultGuard("daily_loss", Decimal(3), Decimal("1.25"), None)
    beyond = ResultGuard("weekly_loss", Decimal(6), Decimal("6.5"), None)
    payload = monitor_payload(
        FACTS,
        MonitorState.RUNNING,
        "Following the market.",
        now=NOON,
        guards=(losses, beyond),
        open_risk=OpenRisk(Decimal("9.95"), Decimal(30)),
    )
    assert payload["openRisk"] == {"used": 9.95, "limit": 30.0}
    told = [
        (each["used"], each["left"]) for each in cast(list[dict[str, float]], payload["guards"])
    ]
    assert told == [(1.25, 1.75), (6.5, 0.0)]
