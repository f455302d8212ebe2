"""Discipline guards: when no new entry may be made, whatever the setup says.

Three of them look back: a loss limit for the day, one for the week, and a cooldown after a losing
streak. They are a fold over the closed trades alone, so a restart that reads those trades stands
exactly where the process before it stood. Once reached, a limit stands until its day or week is
over, even if another open trade wins in between. Days and weeks begin at 00:00 UTC (weeks on
Monday) of market time.

The others look at one entry: the risk that would be open with it, how far its price lies from the
market, and the spread. Each refusal is a sentence kept with the signal.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from src.domain.candle import DAY_MS
from src.domain.events import GuardTripped
from src.domain.trade import TradeResult

DAILY_LOSS = "daily_loss"
WEEKLY_LOSS = "weekly_loss"
LOSING_STREAK = "losing_streak"

WEEK_MS = 7 * DAY_MS
_FIRST_MONDAY = 4 * DAY_MS
_KEPT_RESULTS = 200
_KEPT_MS = 2 * WEEK_MS


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """What the owner allows; zero switches a guard off.

    Loss limits are in R, positive. `losing_streak` losses in a row stop entries for `cooldown_ms`,
    and so does every further loss until a trade wins. `max_open_risk` is the share of equity that
    all stops together may cost, `max_entry_distance` a share of the last price and `max_spread`
    a share of the price between bid and ask.
    """

    daily_loss_limit: Decimal = Decimal(0)
    weekly_loss_limit: Decimal = Decimal(0)
    losing_streak: int = 0
    cooldown_ms: int = 0
    max_open_risk: Decimal = Decimal(0)
    max_entry_distance: Decimal = Decimal(0)
    max_spread: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry before it is intended, in quote currency.

    `open_risk` is what the stops of everything open or resting would cost, `added_risk` what this
    entry adds. `last` is None before any price was seen, `spread` (a share of the price) None
    while no recent quote is known, as in a replay of candles.
    """

    symbol: str
    entry: Decimal
    last: Decimal | None
    spread: Decimal | None
    open_risk: Decimal
    added_risk: Decimal
    equity: Decimal


@dataclass(frozen=True, slots=True)
class ResultGuard:
    """Where one of the guards that look back stands now, in R (or losses in a row)."""

    guard: str
    limit: Decimal
    used: Decimal
    tripped: GuardTripped | None


def day_start(time: int) -> int:
    """First instant of the UTC day of `time`, both UTC ms."""
    return time - time % DAY_MS


def week_start(time: int) -> int:
    """First instant of the UTC week (from Monday) of `time`, both UTC ms."""
    return time - (time - _FIRST_MONDAY) % WEEK_MS


class Guards:
    """The guards of one account, built from the results of its closed trades."""

    def __init__(self, settings: GuardSettings, results: Iterable[TradeResult] = ()) -> None:
        self._settings = settings
        self._results: list[TradeResult] = sorted(results, key=_order)
        self._trips = self._fold()

    def on_closed(self, result: TradeResult) -> tuple[GuardTripped, ...]:
        """Take the result of a trade that has just closed; the guards that trip by it."""
        before = set(self._trips)
        insort(self._results, result, key=_order)
        self._forget_old()
        self._trips = self._fold()
        return tuple(trip for trip in self._trips if trip not in before)

    def standing(self, now: int) -> tuple[GuardTripped, ...]:
        """The guards that forbid new entries at `now` (UTC ms market time)."""
        return tuple(trip for trip in self._trips if trip.at <= now < trip.until)

    def overview(self, now: int) -> tuple[ResultGuard, ...]:
        """Every guard that looks back and is switched on, and how much of it is used at `now`."""
        settings = self._settings
        standing = {trip.guard: trip for trip in self.standing(now)}
        used = {
            DAILY_LOSS: -self._sum_since(day_start(now)),
            WEEKLY_LOSS: -self._sum_since(week_start(now)),
            LOSING_STREAK: Decimal(self._streak()),
        }
        limits = {
            DAILY_LOSS: settings.daily_loss_limit,
            WEEKLY_LOSS: settings.weekly_loss_limit,
            LOSING_STREAK: Decimal(settings.losing_streak),
        }
        return tuple(
            ResultGuard(guard, limit, max(used[guard], Decimal(0)), standing.get(guard))
            for guard, limit in limits.items()
            if limit
        )

    def entry_refusals(self, facts: EntryFacts) -> list[str]:
        """Reasons against this one entry."""
        checks = (self._open_risk(facts), self._distance(facts), self._spread(facts))
        return [sentence for sentence in checks if sentence is not None]

    def _open_risk(self, facts: EntryFacts) -> str | None:
        allowed = facts.equity * self._settings.max_open_risk
        risk = facts.open_risk + facts.added_risk
        if not self._settings.max_open_risk or risk <= allowed:
            return None
        return (
            f"With this entry {risk:.2f} would be at risk to the stops; the open-risk limit is "
            f"{allowed:.2f} ({_percent(self._settings.max_open_risk)} of equity)."
        )

    def _distance(self, facts: EntryFacts) -> str | None:
        limit = self._settings.max_entry_distance
        if not limit:
            return None
        if facts.last is None:
            return f"The last price of {facts.symbol} is not known, so the entry cannot be judged."
        distance = abs(facts.entry - facts.last) / facts.last
        if distance <= limit:
            return None
        return (
            f"The entry lies {_percent(distance)} away from the last price; the price-distance "
            f"limit is {_percent(limit)}."
        )

    def _spread(self, facts: EntryFacts) -> str | None:
        limit = self._settings.max_spread
        if not limit or facts.spread is None or facts.spread <= limit:
            return None
        return (
            f"The spread of {facts.symbol} is {_percent(facts.spread)}; the limit is "
            f"{_percent(limit)}."
        )

    def _sum_since(self, time: int) -> Decimal:
        results = (r.result_in_r for r in self._results if r.closed_at >= time)
        return sum(results, Decimal(0))

    def _streak(self) -> int:
        streak = 0
        for result in self._results:
            streak = streak + 1 if result.result_in_r < 0 else 0
        return streak

    def _fold(self) -> tuple[GuardTripped, ...]:
        """The newest trip of each guard, in order of guard."""
        found = (
            self._newest_loss_trip(DAILY_LOSS),
            self._newest_loss_trip(WEEKLY_LOSS),
            self._newest_streak_trip(),
        )
        return tuple(trip for trip in found if trip is not None)

    def _newest_loss_trip(self, guard: str) -> GuardTripped | None:
        daily = guard == DAILY_LOSS
        limit = self._settings.daily_loss_limit if daily else self._settings.weekly_loss_limit
        length = DAY_MS if daily else WEEK_MS
        start, total, trip = -1, Decimal(0), None
        for result in self._results if limit else ():
            period = (day_start if daily else week_start)(result.closed_at)
            if period != start:
                start, total = period, Decimal(0)
            total += result.result_in_r
            if total <= -limit and (trip is None or trip.until != start + length):
                until = start + length
                words = "Daily" if daily else "Weekly"
                sentence = (
                    f"{words} loss limit reached: {-total:.2f} R lost, {limit.normalize():f} R "
                    f"allowed; no new entries until {_moment(until)}."
                )
                trip = GuardTripped(guard, sentence, result.closed_at, until)
        return trip

    def _newest_streak_trip(self) -> GuardTripped | None:
        limit, streak, trip = self._settings.losing_streak, 0, None
        for result in self._results if limit else ():
            streak = streak + 1 if result.result_in_r < 0 else 0
            if streak >= limit:
                until = result.closed_at + self._settings.cooldown_ms
                sentence = (
                    f"Cooldown after {streak} losses in a row: no new entries until "
                    f"{_moment(until)}."
                )
                trip = GuardTripped(LOSING_STREAK, sentence, result.closed_at, until)
        return trip

    def _forget_old(self) -> None:
        """Keep what the guards can still need: see `StoredBook.results`."""
        since = self._results[-1].closed_at - _KEPT_MS
        surplus = len(self._results) - _KEPT_RESULTS
        while surplus > 0 and self._results[0].closed_at < since:
            del self._results[0]
            surplus -= 1


def _order(result: TradeResult) -> tuple[int, Decimal, str]:
    """By time; of results of one instant the worst first, so that the order they arrived in,
    which a restart does not know, changes nothing."""
    return (result.closed_at, result.result_in_r, result.order_link_id)


def _moment(time: int) -> str:
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _percent(share: Decimal) -> str:
    return f"{float(share * 100):.3g} %"
