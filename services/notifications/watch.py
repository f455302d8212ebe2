"""What no event of the log tells: that the engine is silent, and that a day is over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.notifications.announcing import Announcer
from services.notifications.occasions import SEVERITY, Fact, Occasion
from services.notifications.timing import summary_day
from src.database import ENGINE_LEASE, Database, NotificationPreferences
from src.database.day_summary import DayReader
from src.database.lease import SILENT_MS, Life, life_of
from src.database.notification_profiles import NotificationProfiles
from src.database.times import to_iso
from src.domain.ports import Clock

LOOK_MS = 1_000
NEWS_MS = 3_600_000
"""How long the end of a silence is worth a message."""


@dataclass
class Watch:
    """Looks once a second, in the thread that delivers: it lives when the engine does not."""

    database: Database
    environment: str
    announcer: Announcer
    clock: Clock

    def __post_init__(self) -> None:
        self._profiles = NotificationProfiles(self.database)
        self._preferences = NotificationPreferences(self.database)
        self._days = DayReader(self.database, self.environment)
        self._awake_since = self._looked_at = self.clock.now() - LOOK_MS
        self._told_until: int | None = None

    def look(self) -> None:
        """Queue what is due."""
        now = self.clock.now()
        passed = abs(now - self._looked_at)
        if passed < LOOK_MS:
            return
        if passed >= SILENT_MS:
            self._awake_since = now
        self._looked_at = now
        for check in _CHECKS:
            check(self, now)

    def check_engine(self, now: int) -> None:
        """Tell of every silence once, and once of its end, whichever process looks.

        A process that has just started or slept itself waits for the engine first.
        """
        life = life_of(self.database, ENGINE_LEASE) or Life(None, None, None)
        self._tell_end(life, now)
        alive_at = life.alive_at
        if now - max(alive_at or 0, self._awake_since) >= SILENT_MS:
            since = f"since {to_iso(alive_at)}" if alive_at else "since the start"
            self._tell_silence(str(alive_at), {"detail": f"No sign of life {since}."})

    def _tell_end(self, life: Life, now: int) -> None:
        begun, ended = life.silent_from, life.silent_until
        if begun is None or ended is None or ended == self._told_until or now - ended > NEWS_MS:
            return
        seconds = round((ended - begun) / 1000)
        detail = f"It was silent from {to_iso(begun)} to {to_iso(ended)}, {seconds} seconds."
        self._tell_silence(f"{begun}:over", {"detail": detail, "over": True})
        self._told_until = ended

    def _tell_silence(self, subject: str, payload: Mapping[str, object]) -> None:
        occasion = Occasion.MONITOR_SILENT
        self.announcer.announce(Fact(occasion, subject, SEVERITY[occasion]), payload)

    def check_summaries(self, now: int) -> None:
        """One summary for every user and day; the first look only notes the day."""
        occasion = Occasion.DAILY_SUMMARY
        for user_id in {listener.user_id for listener in self._preferences.audience(occasion)}:
            profile = self._profiles.of_user(user_id)
            date, begin, end = summary_day(profile, now)
            sent_for = self._profiles.summary_sent_for(user_id)
            # ISO dates sort as text: an hour that was moved back repeats no day.
            if sent_for is not None and sent_for >= date:
                continue
            if sent_for is not None:
                day = self._days.summary(begin, end)
                self.announcer.announce(
                    Fact(occasion, f"{date}:{user_id}", SEVERITY[occasion]),
                    {"date": date, "from": to_iso(begin), "to": to_iso(end), **day.facts()},
                    user_id,
                )
            self._profiles.mark_summary(user_id, date)


_CHECKS: tuple[Callable[[Watch, int], None], ...] = (Watch.check_engine, Watch.check_summaries)
