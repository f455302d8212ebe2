"""A recording played as if it were happening now."""

from pathlib import Path

from src.domain.candle import Timeframe
from src.simulator.bars import DAY_MS, aggregate
from src.simulator.clock import CATCH_UP_MS, wall_now
from src.simulator.command import HISTORY_MS, realtime_market
from src.simulator.synthetic import SyntheticFeed
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import Follower, market_data

RECORDED_AT = 1_767_225_600_000
RECORDED_DAYS = 80


def recording(directory: Path) -> Path:
    feed = SyntheticFeed(("BTCUSDT",), 2, RECORDED_AT + 68 * DAY_MS)
    bars = aggregate(
        feed.bars("BTCUSDT", RECORDED_AT, RECORDED_AT + RECORDED_DAYS * DAY_MS), 300_000
    )
    rows = zip(bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)
    file = directory / "recording.csv"
    file.write_text(
        "timestamp,open,high,low,close,volume\n"
        + "".join(
            f"{time},{o:.1f},{h:.1f},{low:.1f},{c:.1f},{v:.3f}\n" for time, o, h, low, c, v in rows
        )
    )
    return file


def test_it_has_its_history_behind_it_and_is_the_same_after_a_restart(tmp_path: Path) -> None:
    files = {"BTCUSDT": recording(tmp_path)}
    first, _ = realtime_market(files, [], None, None, tmp_path)
    again, _ = realtime_market(files, [], None, None, tmp_path)
    assert first.first_time == again.first_time
    assert first.first_time <= wall_now() - CATCH_UP_MS - HISTORY_MS
    assert (first.first_time - RECORDED_AT) % (7 * DAY_MS) == 0


def test_its_candles_are_played_into_the_present(tmp_path: Path) -> None:
    feed, clock = realtime_market({"BTCUSDT": recording(tmp_path)}, [], None, 100_000.0, tmp_path)
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        follower.wait_for_candles(40)
        streamed = follower.candles
        market.close()
    original = aggregate(
        feed.bars("BTCUSDT", streamed[0].open_time, streamed[-1].close_time), 300_000
    )
    assert [candle.close for candle in streamed] == original.close.tolist()
    assert all(candle.timeframe is Timeframe.M5 for candle in streamed)
