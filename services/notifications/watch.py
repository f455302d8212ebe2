"""What no event of the log tells: that the engine is silent, and that a day is over."""

from collections.abc import Callable
from dataclasses import dataclass

from services.notifications.announcing import Announcer
from services.notifications.occasions import SEVERITY, Fact, Occasion
from services.notifications.timing import summary_day
from src.database import ENGINE_LEASE, Database, NotificationPreferences
from src.database.day_summary import DayReader
from src.database.lease import heartbeat
from src.database.notification_profiles import NotificationProfiles
from src.database.times import to_iso
from src.domain.ports import Clock

SILENT_MS = 30_000
LOOK_MS = 1_000


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
        self._started_at = self.clock.now()
        self._looked_at = 0

    def look(self) -> None:
        """Queue what is due."""
        now = self.clock.now()
        if abs(now - self._looked_at) < LOOK_MS:
            return
        self._looked_at = now
        for check in _CHECKS:
            check(self, now)

    def check_engine(self, now: int) -> None:
        """Once for every silence; a process that has just started waits for the engine first."""
        beat = heartbeat(self.database, ENGINE_LEASE)
        last = max(beat or 0, self._started_at)
        if now - last < SILENT_MS:
            return
        since = f"since {to_iso(beat)}" if beat else "since the start"
        occasion = Occasion.MONITOR_SILENT
        self.announcer.announce(
            Fact(occasion, str(last), SEVERITY[occasion]),
            {"detail": f"No heartbeat {since}."},
        )

    def check_summaries(self, now: int) -> None:
        """One summary for every user and day; the first look only notes the day."""
        occasion = Occasion.DAILY_SUMMARY
        for user_id in {listener.user_id for listener in self._preferences.audience(occasion)}:
            profile = self._profiles.of_user(user_id)
            date, begin, end = summary_day(profile, now)
            sent_for = self._profiles.summary_sent_for(user_id)
            if sent_for == date:
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
