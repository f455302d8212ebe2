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
from decimal import Decimal

from src.domain.events import GuardTripped
from src.domain.trade import TradeResult
from src.engine.guard_folds import (
    DAILY_LOSS,
    LOSING_STREAK,
    WEEK_MS,
    WEEKLY_LOSS,
    LossFold,
    StreakFold,
    day_start,
    week_start,
)

_KEPT_RESULTS = 200
_KEPT_MS = 2 * WEEK_MS

_Fold = LossFold | StreakFold


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

    @property
    def left(self) -> Decimal:
        """How much more it takes until it stands in the way."""
        return max(self.limit - self.used, Decimal(0))


@dataclass(frozen=True, slots=True)
class OpenRisk:
    """What the stops of everything open or resting would cost, and the most that may be; in quote
    currency."""

    used: Decimal
    limit: Decimal


class Guards:
    """The guards of one account, built from the results of its closed trades."""

    def __init__(self, settings: GuardSettings, results: Iterable[TradeResult] = ()) -> None:
        self._settings = settings
        self._results: list[TradeResult] = sorted(results, key=_order)
        self._folds = self._fold()
        self._trips = self._newest_trips()

    @property
    def max_open_risk(self) -> Decimal:
        """The share of equity that all stops together may cost; zero is no limit."""
        return self._settings.max_open_risk

    @property
    def judge_entries(self) -> bool:
        """Whether a guard that looks at one entry is switched on."""
        settings = self._settings
        return bool(settings.max_open_risk or settings.max_entry_distance or settings.max_spread)

    @property
    def judge_results(self) -> bool:
        """Whether a guard that looks back at closed trades is switched on."""
        return bool(self._folds)

    def on_closed(self, result: TradeResult) -> tuple[GuardTripped, ...]:
        """Take the result of a trade that has just closed; the guards that trip by it."""
        if not self._folds:
            return ()
        told = {_when(trip) for trip in self._trips}
        if self._results and _order(result) < _order(self._results[-1]):
            insort(self._results, result, key=_order)
            self._folds = self._fold()
        else:
            self._results.append(result)
            for fold in self._folds:
                fold.take(result)
        self._forget_old()
        self._trips = self._newest_trips()
        return tuple(trip for trip in self._trips if _when(trip) not in told)

    def on_corrected(self, result: TradeResult) -> None:
        """Take another result of a trade that closed before; nobody is told of what that trips."""
        others = [one for one in self._results if one.order_link_id != result.order_link_id]
        if len(others) < len(self._results):
            self._results = others
            insort(self._results, result, key=_order)
            self._folds = self._fold()
            self._trips = self._newest_trips()

    def standing(self, now: int) -> tuple[GuardTripped, ...]:
        """The guards that forbid new entries at `now` (UTC ms market time)."""
        if not self._trips:
            return ()
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

    def _fold(self) -> tuple[_Fold, ...]:
        """The guards that look back and are switched on, told every result there is."""
        settings = self._settings
        losses = (
            (DAILY_LOSS, settings.daily_loss_limit),
            (WEEKLY_LOSS, settings.weekly_loss_limit),
        )
        folds: list[_Fold] = [LossFold(guard, limit) for guard, limit in losses if limit]
        if settings.losing_streak:
            folds.append(StreakFold(settings.losing_streak, settings.cooldown_ms))
        for result in self._results:
            for fold in folds:
                fold.take(result)
        return tuple(folds)

    def _newest_trips(self) -> tuple[GuardTripped, ...]:
        return tuple(fold.trip for fold in self._folds if fold.trip is not None)

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


def _when(trip: GuardTripped) -> tuple[str, int, int]:
    """What makes a tripping another one: the sentence of one may count late results of its
    instant too."""
    return (trip.guard, trip.at, trip.until)


def _percent(share: Decimal) -> str:
    return f"{float(share * 100):.3g} %"
