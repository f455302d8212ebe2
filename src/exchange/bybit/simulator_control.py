"""The simulator's control API, which is not part of V5: its status and lock-step stepping."""

from dataclasses import dataclass
from typing import Any

import requests

from src.domain.errors import Rejected, Unavailable

_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class SimulatorStatus:
    """`mode` is realtime or lockstep; times are UTC ms; `anchor` is None before it is fixed."""

    mode: str
    market_time: int
    anchor: int | None
    seed: int
    symbols: tuple[str, ...]
    caught_up: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Where a lock-step market stands after a step (UTC ms), and whether that was the last."""

    market_time: int
    finished: bool


def market_status(url: str) -> SimulatorStatus:
    """Status of the simulator at `url`. Raises Unavailable."""
    content = _ask("GET", f"{url}/simulator/status")
    try:
        return SimulatorStatus(
            mode=content["mode"],
            market_time=content["market_time"],
            anchor=content["anchor"],
            seed=content["seed"],
            symbols=tuple(content["symbols"]),
            caught_up=content["caught_up"],
        )
    except KeyError as error:
        raise Unavailable(f"What answers at {url} is not the simulator.") from error


def simulator_answers(url: str) -> bool:
    """Whether a simulator serves at `url`."""
    try:
        market_status(url)
    except Unavailable:
        return False
    return True


def step(url: str) -> Step:
    """Release the next candles. Raises Unavailable, or Rejected outside lock-step."""
    content = _ask("POST", f"{url}/simulator/step")
    if content.get("retCode"):
        raise Rejected(f"Simulator: {content.get('retMsg')}")
    return Step(content["market_time"], content["finished"])


def _ask(method: str, address: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands before this machine's own simulator
        try:
            answer = session.request(method, address, timeout=_TIMEOUT)
            answer.raise_for_status()
            content: dict[str, Any] = answer.json()
        except requests.RequestException as error:
            raise Unavailable(f"The simulator does not answer: {error}") from error
    return content
