"""`kill -9` at ten random moments of a lock-step replay changes nothing about what was traded."""

import os
import random
import signal
from functools import partial
from pathlib import Path
from typing import Any

from src.domain.candle import DAY_MS
from src.exchange.bybit.simulator_control import market_status
from tests.product import wait_until
from tests.replay import (
    REPLAY_DAYS,
    START,
    Replay,
    lock_step_market,
    rows,
    start_replay,
)

KILLS = 10

WHAT_WAS_TRADED = {
    "signals": "SELECT * FROM signals ORDER BY signal_id",
    "paper_trades": "SELECT * FROM paper_trades ORDER BY order_link_id",
    "orders": "SELECT * FROM orders ORDER BY order_link_id",
    "fills": "SELECT * FROM fills ORDER BY execution_id",
    "funding": "SELECT * FROM funding_payments ORDER BY execution_id",
    "equity": "SELECT * FROM equity ORDER BY time",
    "venue": "SELECT * FROM venue_state",
    "candles": "SELECT count(*), sum(close) FROM candles",
}
WRITTEN_AT = {"id", "created_date", "created_at"}


def market_reached(url: str, moment: int) -> bool:
    return market_status(url).market_time >= moment


def what_was_traded(database: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {key: value for key, value in row.items() if key not in WRITTEN_AT}
            for row in rows(database, query)
        ]
        for name, query in WHAT_WAS_TRADED.items()
    }


def test_a_replay_killed_ten_times_trades_exactly_like_one_that_was_not(
    whole_replay: Replay, tmp_path: Path
) -> None:
    """Same signals, orders, fills, trades, equity and venue state, row by row."""
    killed = tmp_path / "trading.db"
    chance = random.Random(20251013)
    moments = sorted(START + chance.randrange(REPLAY_DAYS * DAY_MS) for _ in range(KILLS))
    with lock_step_market(REPLAY_DAYS) as url:
        for moment in moments:
            replay = start_replay(url, killed)
            wait_until(partial(market_reached, url, moment), 120, "the moment to kill")
            os.kill(replay.pid, signal.SIGKILL)
            replay.wait(timeout=30)
        assert start_replay(url, killed).wait(timeout=300) == 0
    expected = what_was_traded(whole_replay.database)
    assert len(expected["paper_trades"]) >= 3, "too quiet a market proves nothing"
    actual = what_was_traded(killed)
    for name, found in expected.items():
        assert actual[name] == found, f"{name} differ after the kills"
