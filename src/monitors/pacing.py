"""Who decides when the next candle comes: the market, or (in a replay) the monitor itself."""

from typing import Protocol


class Pacer(Protocol):
    """Asked once after every committed step."""

    def release_next(self) -> int | None:
        """Ask for the next candle. Returns the close time (UTC ms) to expect, if known."""
        ...

    @property
    def finished(self) -> bool:
        """True when no candle will ever come again."""
        ...


class MarketPace:
    """The market runs by itself."""

    finished = False

    def release_next(self) -> int | None:
        """Nothing to ask for: candles come when they close."""
        return None
