"""/api/health: is it up, what is it, and does its monitor beat."""

from datetime import datetime, timedelta

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from src.database import LiveState
from src.database.times import to_iso
from src.domain.ports import Clock
from src.web.dependencies import WebFacts
from src.web.documentation import failures
from src.web.guard import public
from src.web.responses import Health

HEALTHY_STATES = frozenset({"starting", "warming_up", "running"})
SILENCE_MS = 15_000


def health_blueprint(facts: WebFacts, live: LiveState, clock: Clock) -> APIBlueprint:
    """The one route of health; open to everyone, so that a supervisor needs no account."""
    blueprint = APIBlueprint("health", __name__, url_prefix="/api", abp_tags=[Tag(name="health")])

    @blueprint.get("/health", responses={200: Health, **failures()})
    @public
    def health() -> dict[str, object]:
        """Is the system up, and does its monitor follow the market?"""
        now = clock.now()
        newest = live.read("monitor")
        monitor = None if newest is None else _public_part(newest[1])
        return {
            "status": "ok" if _beats(monitor, now) else "degraded",
            "version": facts.version,
            "environment": facts.environment,
            "mode": facts.mode,
            "marketData": facts.market_data,
            "simulated": facts.simulated,
            "monitor": monitor,
            "time": to_iso(now),
        }

    return blueprint


def _public_part(monitor: dict[str, object]) -> dict[str, object]:
    """The state without what is only for those who signed in: what the strategy waits for, how
    much was lost and what the account holds."""
    shown: dict[str, object] = {**monitor, "symbols": []}
    hidden: dict[str, object] = {"guards": [], "quarantined": [], "openRisk": None}
    shown |= {name: nothing for name, nothing in hidden.items() if name in monitor}
    if monitor.get("entriesPaused") is not None:
        shown["entriesPaused"] = "New entries are paused."
    return shown


def _beats(monitor: dict[str, object] | None, now: int) -> bool:
    """Whether the monitor is in a good state and said so lately. `now` is UTC ms."""
    if monitor is None or monitor.get("state") not in HEALTHY_STATES:
        return False
    heartbeat = datetime.fromisoformat(str(monitor["heartbeatAt"]))
    age = datetime.fromtimestamp(now / 1000, heartbeat.tzinfo) - heartbeat
    return age < timedelta(milliseconds=SILENCE_MS)
