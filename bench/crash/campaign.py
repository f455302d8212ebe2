"""Kill, start again, compare; as often as asked."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.crash.account import OwnerAccount
from bench.crash.exchange import KEY, SECRET, ExchangeProcess, MarketPlan
from bench.crash.invariants import Books
from bench.crash.journal import JournalWatch
from bench.crash.points import Point, drawn, weather
from bench.crash.trader import TraderProcess, trading_environment
from src.database import migrate, open_database

STEP_SECONDS = 60.0
START_SECONDS = 120.0
AGREEMENT_SECONDS = 90.0
_UNSETTLED_SECONDS = 12.0
_STANDSTILL_SECONDS = 2.5
_MOST_STEPS = 120
_BLIND_STEPS = 3
_POLL = 0.0005
_TRAP_EVERY = 0.004


@dataclass(slots=True)
class Kill:
    """One kill and what was found afterwards. `seconds` from the start of the monitor's following
    until both books agreed; `point` as it really was."""

    number: int
    point: str
    steps: int
    seconds: float
    violations: list[str] = field(default_factory=list)


class Campaign:
    """One market, one account, one database, many kills. `end` kills what still runs."""

    def __init__(self, folder: Path, plan: MarketPlan) -> None:
        self._chance = Random(plan.seed)  # noqa: S311 - repeatable draws, not secrets
        self._seed = plan.seed
        self.exchange = ExchangeProcess(folder, plan)
        url = self.exchange.url
        environment = trading_environment(folder, url, plan.symbols, KEY, SECRET)
        self.trader = TraderProcess(environment)
        migrate(environment["DATABASE_URL"])
        self.database = open_database(environment["DATABASE_URL"])
        self.journal = JournalWatch(folder / "trading.db")
        self.account = OwnerAccount(url, KEY, SECRET)
        self.deaths = {"trading process": 0, "exchange": 0}
        self._step_began = 0.0
        self._target = 0

    def begin(self) -> None:
        """Start both and wait until the market is followed."""
        self.exchange.start()
        self._restart()

    def end(self) -> None:
        """Kill both and close the books."""
        self.trader.kill()
        self.exchange.kill()
        self.journal.close()
        self.account.close()
        self.database.dispose()

    def kill(self, number: int) -> Kill:
        """Reach one point, kill there, start again, and compare the books."""
        point = drawn(self._chance)
        trap = [] if point.trap is None or point.recovering else [point.trap]
        faults = [*weather(self._chance), *point.before, *trap]
        self.exchange.arm(self._seed * 1000 + number, faults)
        name, steps = self._reach(point, bool(trap))
        self._strike(point)
        if point.exchange:
            self.exchange.start()
        if point.recovering:
            self._die_recovering(point)
        epoch = self.journal.epoch if point.trader else self.journal.epoch - 1
        if not self.trader.alive:
            self.trader.start()
        self._await_following(epoch)
        found = Kill(number, name, steps, 0.0)
        found.seconds, found.violations = self.compare()
        return found

    def compare(self) -> tuple[float, list[str]]:
        """How long it took until the books agreed, and on what they did not in the end.

        The market stands still, but a close at market needs a next price: from time to time one
        more step gives it.
        """
        self.exchange.disarm()
        began = moved = time.monotonic()
        while True:
            if time.monotonic() - moved > _STANDSTILL_SECONDS:
                self.step()
                moved = time.monotonic()
            books = Books(self.account, self.journal, self.database)
            violations = books.violations()
            waited = time.monotonic() - began
            if not violations or waited > AGREEMENT_SECONDS:
                return waited, violations
            time.sleep(0.1)

    def step(self) -> None:
        """One step of the market, waited for."""
        self._begin_step()
        while not self._step_is_over():
            time.sleep(_POLL)

    def _reach(self, point: Point, trapped: bool) -> tuple[str, int]:
        """Step until the process is at the point; where it was in truth, and after how many."""
        sprung = self._sprung(point, trapped)
        for steps in range(1, _MOST_STEPS + 1):
            self._begin_step()
            if point.blind and steps == _BLIND_STEPS:
                time.sleep(point.delay)
                return point.name, steps
            while not self._step_is_over():
                if sprung():
                    return point.name, steps
                time.sleep(_POLL)
            if sprung():
                return point.name, steps
            if point.recovering and steps == _BLIND_STEPS:
                return point.name, steps
        return "any moment", _MOST_STEPS

    def _sprung(self, point: Point, trapped: bool) -> Callable[[], bool]:
        if trapped:
            return self._trap_watch()
        reading = point.reading
        if reading is None:
            return lambda: False
        seen = [reading(self.journal)]

        def changed() -> bool:
            now = reading(self.journal)
            if now != seen[-1]:
                seen.append(now)
            return len(seen) > point.changes

        return changed

    def _trap_watch(self) -> Callable[[], bool]:
        asked = [0.0]

        def sprung() -> bool:
            if time.monotonic() - asked[0] < _TRAP_EVERY:
                return False
            asked[0] = time.monotonic()
            return self.exchange.happened()[-1] > 0

        return sprung

    def _die_recovering(self, point: Point) -> None:
        """Start, and kill once more while the account is being read."""
        self.exchange.arm(self._seed, [] if point.trap is None else [point.trap])
        self.trader.start()
        sprung = self._trap_watch()
        epoch, deadline = self.journal.epoch, time.monotonic() + START_SECONDS
        while not sprung() and self.journal.running(epoch) is None:
            if time.monotonic() > deadline:
                raise RuntimeError("the start reached neither its trap nor its end")
            time.sleep(_POLL)
        self.trader.kill()
        self.deaths["trading process"] += 1

    def _strike(self, point: Point) -> None:
        """`kill -9`."""
        if point.exchange:
            self.exchange.kill()
            self.deaths["exchange"] += 1
        if point.trader:
            self.trader.kill()
            self.deaths["trading process"] += 1

    def _begin_step(self) -> None:
        self._target = self.exchange.step().market_time
        self._step_began = time.monotonic()

    def _step_is_over(self) -> bool:
        """Whether the step was traded on and its orders answered. Raises when it never is."""
        waited = time.monotonic() - self._step_began
        if self.journal.reached >= self._target and (
            not self.journal.unsettled or waited > _UNSETTLED_SECONDS
        ):
            return True
        if waited > STEP_SECONDS:
            raise RuntimeError(f"the candle that closed at {self._target} was never traded on")
        return False

    def _restart(self) -> None:
        epoch = self.journal.epoch
        self.trader.start()
        self._await_following(epoch)

    def _await_following(self, epoch: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.journal.running(epoch) is None or self.journal.reached < self._target:
            if time.monotonic() > deadline:
                raise RuntimeError("the trading process does not follow the market again")
            time.sleep(0.01)
