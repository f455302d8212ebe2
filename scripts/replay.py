"""Replay recorded candles through the whole product: simulator, pybit, monitor, SQLite.

The replay is lock-step: the simulator releases the next candles only after the monitor has
committed the last ones, so it repeats exactly however often it is killed and started again.

    .venv/bin/python -m scripts.replay --candles BTCUSDT=btc.csv --candles ETHUSDT=eth.csv --days 30
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from api_server import build_monitor, lease_holder
from scripts.replay_report import print_report
from src.clock import SystemClock
from src.config import Settings, load_settings
from src.database import ENGINE_LEASE, Lease, migrate, open_database
from src.domain.candle import DAY_MS
from src.exchange.bybit.simulator_control import simulator_answers
from src.logs import configure_logging

ROOT = Path(__file__).resolve().parent.parent
WARM_UP_DAYS = 60
START_SECONDS = 30


def main(arguments: Sequence[str]) -> int:
    """Run the replay to its end and print what happened."""
    options = parse(arguments)
    options.database.parent.mkdir(parents=True, exist_ok=True)
    settings = replay_settings(options)
    configure_logging(settings.log_directory)
    with ExitStack() as stack:
        if not options.attach:
            stack.enter_context(lock_step_simulator(options))
        migrate(settings.database_url)
        started = time.monotonic()
        follow(settings)
        print_report(settings, seconds=time.monotonic() - started)
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Command line to options; `symbols` is a comma list in the order of `--candles`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--candles", action="append", default=[], metavar="SYMBOL=CSV")
    parser.add_argument("--symbols", help="with --attach: what the simulator serves")
    parser.add_argument("--days", type=int, help="trade only the last N days of the files")
    parser.add_argument("--database", type=Path, default=ROOT / "data" / "replay.db")
    parser.add_argument("--simulator-url", default="http://127.0.0.1:8898")
    parser.add_argument("--attach", action="store_true", help="use a simulator already running")
    options = parser.parse_args(arguments)
    if options.attach != bool(options.symbols) or options.attach == bool(options.candles):
        parser.error("give --candles, or --attach with --symbols")
    options.symbols = options.symbols or ",".join(name_of(pair) for pair in options.candles)
    return options


def name_of(pair: str) -> str:
    """The symbol of a `SYMBOL=CSV` pair."""
    return pair.split("=", 1)[0]


def replay_settings(options: argparse.Namespace) -> Settings:
    """Settings of a paper account of its own, independent of `.env`."""
    return load_settings(
        {
            "SECRET_KEY": "a replay serves nobody and signs nothing",
            "MARKET_DATA": "simulator",
            "SIMULATOR_URL": options.simulator_url,
            "SYMBOLS": options.symbols,
            "DATABASE_URL": f"sqlite:///{options.database}",
            "LOG_DIRECTORY": str(options.database.parent),
        }
    )


def start_time(files: Sequence[str], days: int | None) -> int:
    """Where trading begins, UTC ms: after the warm-up, or `days` before the end."""
    first, last = 0, sys.maxsize
    for name in files:
        lines = Path(name).read_text().splitlines()
        first = max(first, int(lines[1].split(",", 1)[0]))
        last = min(last, int(lines[-1].split(",", 1)[0]))
    earliest = first + (WARM_UP_DAYS + 1) * DAY_MS
    start = earliest if days is None else max(earliest, last - days * DAY_MS)
    return start - start % DAY_MS


@contextmanager
def lock_step_simulator(options: argparse.Namespace) -> Iterator[None]:
    """Serve the recorded candles until the block ends."""
    files = [pair.split("=", 1)[1] for pair in options.candles]
    port = str(urlsplit(options.simulator_url).port)
    candles = [word for pair in options.candles for word in ("--candles", pair)]
    start = str(start_time(files, options.days))
    command = ["simulator", "--lockstep", "--port", port, "--start", start, *candles]
    process = subprocess.Popen([sys.executable, "-m", "flask", *command], cwd=ROOT)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not simulator_answers(options.simulator_url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The simulator did not start; its message stands above.")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def follow(settings: Settings) -> None:
    """Run the monitor to the end of the recording under the engine lease."""
    database = open_database(settings.database_url)
    lease = Lease(database, ENGINE_LEASE, lease_holder(), SystemClock())
    while (epoch := lease.try_acquire()) is None:
        time.sleep(0.1)
    over = Event()
    keeper = Thread(target=keep, args=(lease, epoch, over))
    keeper.start()
    try:
        build_monitor(settings, "simulator", database, epoch).run(over)
    finally:
        over.set()
        keeper.join()
        lease.release(epoch)
        database.dispose()


def keep(lease: Lease, epoch: int, over: Event) -> None:
    """Renew the lease until the replay is over."""
    while not over.wait(0.5):
        if not lease.renew(epoch):
            over.set()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
