"""`flask simulator`: run the simulated exchange until told to stop."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from src.domain.errors import InvalidInput
from src.simulator.account.model import AccountSettings
from src.simulator.account.store import AccountStore, account_file
from src.simulator.bars import DAY_MS
from src.simulator.clock import (
    CATCH_UP_MS,
    DEFAULT_SPEED,
    LockStepClock,
    MarketClock,
    RealTimeClock,
    wall_now,
)
from src.simulator.faults.fault import Script, script_of_file
from src.simulator.feed import Feed
from src.simulator.recorded import RecordedFeed, shift_for_history
from src.simulator.server import Simulator
from src.simulator.state import DEFAULT_SEED, StoredState
from src.simulator.synthetic import SyntheticFeed

HISTORY_MS = 63 * DAY_MS
_PARENT_CHECK_SECONDS = 0.5

log = logging.getLogger(__name__)


def simulator_command(
    port: int,
    candles: Sequence[str],
    speed: float | None,
    seed: int | None,
    lockstep: bool,
    start: int | None,
    data_directory: Path,
    exit_with_parent: bool,
    symbols: Sequence[str],
    end: int | None = None,
    host: str = "127.0.0.1",
    api_key: str | None = None,
    api_secret: str | None = None,
    faults: Path | None = None,
    keep_account: bool | None = None,
    demo: bool = True,
    balance: Decimal | None = None,
) -> None:
    """Serve a market until SIGTERM, SIGINT or (if asked) the parent's death.

    `candles` are `SYMBOL=path` texts; without any the market is synthetic and holds `symbols`.
    `start` and `end` (UTC ms, lock-step only) are where the clock stands at first and at last.
    `api_key` and `api_secret` open an account with `balance` (USDT) of play money; without them
    only market data is served. `faults` is a script of what goes wrong. `keep_account`: whether
    the account outlives the process (default: in real time); a kept lock-step market goes on where
    it stopped. `demo`: whether the account follows the rules of Demo Trading. Raises InvalidInput.
    """
    account = account_of(api_key, api_secret, demo, balance)
    script = Script() if faults is None else script_of_file(faults)
    files = candle_files(candles)
    feed: Feed
    clock: MarketClock
    store = None
    if account is not None and (not lockstep if keep_account is None else keep_account):
        store = AccountStore(account_file(data_directory, account))
    if lockstep:
        if store is not None and store.traded_until is not None:
            start = store.traded_until
        feed, clock = lockstep_market(files, symbols, seed, start, end)
    else:
        feed, clock = realtime_market(files, symbols, seed, speed, data_directory)
    parent = os.getppid() if exit_with_parent else None
    run_simulator(host, port, feed, clock, parent, account, script, store)


def run_simulator(
    host: str,
    port: int,
    feed: Feed,
    clock: MarketClock,
    parent: int | None = None,
    account: AccountSettings | None = None,
    faults: Script | None = None,
    store: AccountStore | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, or until process `parent` is no longer the parent."""
    simulator = partial(Simulator, feed, clock, account, faults, store)
    asyncio.run(_serve(host, port, feed, clock, parent, simulator))


def account_of(
    api_key: str | None,
    api_secret: str | None,
    demo: bool = True,
    balance: Decimal | None = None,
) -> AccountSettings | None:
    """The account the key opens, None without a key. Raises InvalidInput for half a key."""
    if not api_key and not api_secret:
        return None
    if not api_key or not api_secret:
        raise InvalidInput("--api-key and --api-secret belong together.", "api_key")
    account = AccountSettings(api_key, api_secret, demo=demo)
    return account if balance is None else replace(account, balance=balance)


def candle_files(candles: Sequence[str]) -> dict[str, Path]:
    """`SYMBOL=path` texts as a mapping. Raises InvalidInput for anything else."""
    files: dict[str, Path] = {}
    for text in candles:
        symbol, separator, path = text.partition("=")
        if not (symbol and separator and path):
            raise InvalidInput(f"--candles takes SYMBOL=path, not '{text}'.", "candles")
        files[symbol] = Path(path)
    return files


def lockstep_market(
    files: dict[str, Path],
    symbols: Sequence[str],
    seed: int | None,
    start: int | None,
    end: int | None = None,
) -> tuple[Feed, LockStepClock]:
    """A market with its own recorded times, standing at `start` until it is stepped to `end`."""
    feed: Feed
    if files:
        feed = RecordedFeed(files)
        begin = feed.first_time + HISTORY_MS if start is None else start
    else:
        begin = wall_now() - CATCH_UP_MS if start is None else start
        feed = SyntheticFeed(symbols, DEFAULT_SEED if seed is None else seed, begin)
    if begin <= feed.first_time or (feed.end_time is not None and begin > feed.end_time):
        raise InvalidInput(
            f"--start must lie inside the candles, after {_utc(feed.first_time)}.", "start"
        )
    ends = [time for time in (end, feed.end_time) if time is not None]
    return feed, LockStepClock(begin, min(ends, default=None))


def realtime_market(
    files: dict[str, Path],
    symbols: Sequence[str],
    seed: int | None,
    speed: float | None,
    data_directory: Path,
) -> tuple[Feed, RealTimeClock]:
    """A market that catches up with the wall clock; the same after every restart."""
    source = "recorded " + ",".join(sorted(files)) if files else "synthetic"
    state = StoredState.load(data_directory, seed, source, wall_now())
    feed: Feed
    if files:
        recorded = RecordedFeed(files)
        begin = state.origin - CATCH_UP_MS
        feed = recorded.moved(shift_for_history(recorded.first_time, begin, HISTORY_MS))
    else:
        feed = SyntheticFeed(symbols, state.seed, state.origin)
    pace = DEFAULT_SPEED if speed is None else speed
    return feed, RealTimeClock(state, pace, end=feed.end_time)


async def _serve(
    host: str,
    port: int,
    feed: Feed,
    clock: MarketClock,
    parent: int | None,
    make: Callable[[], Simulator],
) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for received in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(received, stopping.set)
    simulator = make()
    try:
        bound = await simulator.start(host, port)
    except OSError as error:
        await simulator.stop()
        raise InvalidInput(
            f"The simulator cannot listen on {host}:{port}: {error.strerror}.", "port"
        ) from error
    log.info(
        "Simulated exchange on http://%s:%d: %s; %s, %s; market time %s, history from %s.",
        host, bound, feed.description, ", ".join(feed.symbols), clock.mode,
        _utc(clock.now()), _utc(feed.first_time),
    )  # fmt: skip
    try:
        while not stopping.is_set():
            if parent is not None and os.getppid() != parent:
                log.info("The process that started this simulator is gone; stopping.")
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _PARENT_CHECK_SECONDS)
    finally:
        await simulator.stop()
        log.info("Simulated exchange stopped.")


def _utc(time: int) -> str:
    return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
