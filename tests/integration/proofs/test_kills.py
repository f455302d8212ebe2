"""`make crash` in short: after every kill the exchange and the journal tell the same story."""

from pathlib import Path

from bench.crash.command import START, run, table
from bench.crash.exchange import MarketPlan

KILLS = 20


def test_twenty_kills_at_chosen_points_leave_both_books_the_same(tmp_path: Path) -> None:
    """Orders, positions, stops, executions and the ledger, after each one."""
    found = run(tmp_path, MarketPlan(("BTCUSDT", "ETHUSDT"), START, 3), KILLS)
    assert [kill.violations for kill in found] == [[]] * KILLS
    assert len({kill.point for kill in found}) >= 8, "too few kinds of points prove little"
    assert f"| total | {KILLS} | 0 |" in table(found)
