"""/api/monitor/commands: what people ask of the engine, and what became of it."""

from decimal import Decimal

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from werkzeug.exceptions import NotFound

from src.database import Commands, TradeReader
from src.database.exposure_reader import read_exposure
from src.domain.errors import Conflict, InvalidInput
from src.web.command_schemas import (
    CommandAnswer,
    CommandHistory,
    CommandPath,
    CommandWish,
    Exposure,
)
from src.web.dependencies import WebDependencies
from src.web.documentation import BEARER, failures
from src.web.guard import current_identity

NEWEST = 20
_CONFIRMED = {"close_all", "kill", "resume"}
_MOVES = {"move_stop", "move_target"}
_OF_A_TRADE = {"close_trade", *_MOVES}


def command_blueprint(dependencies: WebDependencies) -> APIBlueprint:
    """The routes of commands; each needs a token. The trading worker carries them out."""
    environment = dependencies.facts.environment
    commands = Commands(dependencies.database, environment, dependencies.clock)
    trades = TradeReader(dependencies.database, environment)
    blueprint = APIBlueprint(
        "commands",
        __name__,
        url_prefix="/api/monitor",
        abp_tags=[Tag(name="commands")],
        abp_security=BEARER,
        abp_responses=failures(401),
    )

    @blueprint.get("/commands", responses={200: CommandHistory})
    def newest() -> dict[str, object]:
        """Get the newest commands and whether entries are paused or killed"""
        standing = commands.standing()
        return {
            "commands": commands.newest(NEWEST),
            "paused": standing.paused_by is not None,
            "killed": standing.killed_by is not None,
        }

    @blueprint.get("/exposure", responses={200: Exposure})
    def exposure() -> dict[str, object]:
        """Get what closing everything and withdrawing every entry would touch now"""
        now = read_exposure(dependencies.database, environment)
        return {
            "positions": now.positions,
            "positionsValue": now.positions_value,
            "unrealizedPnL": now.unrealized_pnl,
            "entries": now.entries,
            "entriesValue": now.entries_value,
        }

    @blueprint.post("/commands", responses={202: CommandAnswer, **failures(400, 409, 413, 415)})
    def request(body: CommandWish) -> tuple[dict[str, object], int]:
        """Ask the engine to pause, resume, withdraw, close, move a stop or target, or kill"""
        payload = _payload(body)
        if body.type in _OF_A_TRADE and not trades.is_open(str(body.signal_id)):
            raise Conflict(f"There is no open trade of {body.signal_id}.")
        view = commands.request(body.type, payload, current_identity().email)
        return {"command": view}, 202

    @blueprint.get("/commands/<int:command_id>", responses={200: CommandAnswer, **failures(404)})
    def one(path: CommandPath) -> dict[str, object]:
        """Get what became of a command"""
        view = commands.find(path.command_id)
        if view is None:
            raise NotFound("There is no such command.")
        return {"command": view}

    return blueprint


def _payload(body: CommandWish) -> dict[str, object]:
    """What is stored with the command. Raises InvalidInput."""
    if body.type in _CONFIRMED and not body.confirm:
        raise InvalidInput(f"{body.type} needs confirm: true.", field="confirm")
    if body.type in _OF_A_TRADE and not body.signal_id:
        raise InvalidInput(f"{body.type} needs the signalId of an open trade.", field="signalId")
    if body.type not in _OF_A_TRADE and body.signal_id is not None:
        raise InvalidInput(f"{body.type} takes no signalId.", field="signalId")
    about = {"signalId": body.signal_id} if body.type in _OF_A_TRADE else {}
    return about | _level(body)


def _level(body: CommandWish) -> dict[str, object]:
    """Where a stop or target shall go: the price as text, or break-even. Raises InvalidInput."""
    if body.break_even and (body.type != "move_stop" or body.price is not None):
        raise InvalidInput("breakEven is for move_stop, instead of a price.", field="breakEven")
    if body.type not in _MOVES:
        if body.price is not None:
            raise InvalidInput(f"{body.type} takes no price.", field="price")
        return {}
    if body.break_even:
        return {"breakEven": True}
    if body.price is None:
        raise InvalidInput(f"{body.type} needs a price.", field="price")
    return {"price": f"{Decimal(repr(body.price)):f}"}
