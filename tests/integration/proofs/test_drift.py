"""Paper and Demo on the same candles make the same trades."""

from decimal import Decimal
from pathlib import Path

from bench.crash.exchange import MarketPlan
from bench.drift import START, ClosedTrade, compared, report, traded
from src.domain.candle import DAY_MS

PLAN = MarketPlan(("BTCUSDT", "ETHUSDT"), START, 1)


def test_paper_and_demo_close_the_same_trades_for_the_same_reasons(tmp_path: Path) -> None:
    paper, demo = (
        traded(tmp_path / mode, PLAN, mode, DAY_MS // 2, threshold=0) for mode in ("paper", "demo")
    )
    assert len(paper) >= 4, "too quiet a market proves nothing"
    assert paper.keys() == demo.keys()
    assert all(drift.same_end for drift in compared(paper, demo))


def a_trade(direction: int, entry: str, left: str) -> dict[str, ClosedTrade]:
    one = ClosedTrade(
        "BTCUSDT-x", "BTCUSDT", direction, Decimal(1), Decimal(entry), Decimal(left), "stop",
        Decimal(0), Decimal(0),
    )  # fmt: skip
    return {one.setup: one}


def test_a_dearer_purchase_and_a_cheaper_sale_are_drift_against_demo() -> None:
    [long] = compared(a_trade(1, "10000", "20000"), a_trade(1, "10001", "19998"))
    assert [long.entry, long.exit, long.total] == [Decimal(-1), Decimal(-1), Decimal(-2)]
    [short] = compared(a_trade(-1, "10000", "20000"), a_trade(-1, "10001", "19998"))
    assert [short.entry, short.exit, short.total] == [Decimal(1), Decimal(1), Decimal(2)]


def test_a_trade_of_only_one_is_named() -> None:
    lines = report(a_trade(1, "1", "2"), {})
    assert "Only paper made BTCUSDT-x." in lines
