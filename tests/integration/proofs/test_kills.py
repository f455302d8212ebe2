"""`make crash` in short: after every kill the exchange and the journal tell the same story."""

from pathlib import Path

from bench.crash.command import START, run, table
from bench.crash.exchange import SECRET, MarketPlan

KILLS = 20


def test_twenty_kills_at_chosen_points_leave_both_books_the_same(tmp_path: Path) -> None:
    """Orders, positions, stops, executions and the ledger, after each one; and in all that was
    written meanwhile, errors of every kind among it, the secret of the key is not to be found."""
    found = run(tmp_path, MarketPlan(("BTCUSDT", "ETHUSDT"), START, 3), KILLS)
    assert [kill.violations for kill in found] == [[]] * KILLS
    assert len({kill.point for kill in found}) >= 8, "too few kinds of points prove little"
    assert f"| total | {KILLS} | 0 |" in table(found)
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len([file for file in written if file.suffix == ".log"]) >= 2
    assert [file for file in written if SECRET.encode() in file.read_bytes()] == []
