"""Where prices come from, settled once per installation.

`MARKET_DATA=auto` asks Bybit once, at the first start, and stores the answer: a market that
changed by itself between two starts would mix real and generated trades. `flask market use` is
the only way to change it.
"""

from collections.abc import Callable
from typing import Protocol

from src.domain.errors import SettingsError

MARKETS = ("bybit", "simulator")
SETTING = "market_data"


class SettingStore(Protocol):
    """Settings kept in the database."""

    def get(self, key: str) -> str | None:
        """The stored value, if any."""
        ...

    def set(self, key: str, value: str) -> None:
        """Store a value."""
        ...


def settle_market(
    requested: str, store: SettingStore, bybit_answers: Callable[[], bool]
) -> tuple[str, str]:
    """The market to use and a sentence that says why.

    `requested` is MARKET_DATA: auto, bybit or simulator.
    """
    if requested in MARKETS:
        return requested, f"MARKET_DATA={requested}."
    stored = store.get(SETTING)
    if stored in MARKETS:
        return stored, (
            f"MARKET_DATA=auto was settled as {stored} at an earlier start; "
            "`flask market use bybit|simulator` changes it."
        )
    if bybit_answers():
        chosen, why = "bybit", "MARKET_DATA=auto: Bybit answered, so its prices are used."
    else:
        chosen, why = (
            "simulator",
            (
                "MARKET_DATA=auto: Bybit did not answer, so a SIMULATED market is used. "
                "Its prices are generated and prove nothing about real trading."
            ),
        )
    store.set(SETTING, chosen)
    return chosen, why


def settled_market(requested: str, store: SettingStore) -> str:
    """`bybit` or `simulator`, asking nobody.

    Raises SettingsError when `auto` was never settled.
    """
    if requested in MARKETS:
        return requested
    stored = store.get(SETTING)
    if stored is None:
        raise SettingsError("The market is not settled yet: run `flask prepare` first.")
    return stored
