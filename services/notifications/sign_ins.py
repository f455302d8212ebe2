"""Tells a user of a sign-in from a browser that was not seen before."""

import hashlib
import re

from services.auth import Identity
from services.notifications.announcing import Announcer
from services.notifications.occasions import SEVERITY, Fact, Occasion
from src.database import Database
from src.database.notification_profiles import KnownDevices
from src.database.times import to_iso
from src.domain.ports import Clock

_VERSIONS = re.compile(r"[\d._]+")
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl", "python")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Macintosh": "macOS", "python": "Python"}


class SignInNotices:
    """Remembers browsers; the first of an account is no news."""

    def __init__(self, database: Database, announcer: Announcer, clock: Clock) -> None:
        self._devices = KnownDevices(database)
        self._announcer = announcer
        self._clock = clock

    def signed_in(self, identity: Identity, browser: str, address: str) -> None:
        """`browser` is the User-Agent header, `address` where the request came from."""
        now = self._clock.now()
        # Versions change by themselves every few weeks; that is not another browser.
        digest = hashlib.sha256(_VERSIONS.sub("", browser).encode()).hexdigest()
        if not self._devices.saw(identity.user_id, digest, now):
            return
        occasion = Occasion.NEW_LOGIN
        self._announcer.announce(
            Fact(occasion, identity.session_id, SEVERITY[occasion]),
            {"browser": _name(browser), "address": address, "time": to_iso(now)},
            identity.user_id,
        )


def _name(browser: str) -> str:
    """Such as `Firefox on Linux`. Headers are a stranger's words, so none of them is repeated."""
    found = next((word for word in _BROWSERS if word in browser), None)
    system = next((word for word in _SYSTEMS if word in browser), None)
    program = "an unknown program" if found is None else _NAMES.get(found, found)
    return program if system is None else f"{program} on {_NAMES.get(system, system)}"
