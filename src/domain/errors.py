"""The one error tree. Foreign errors are translated into it at the border.

Every message is a sentence for the person who has to act on it.
"""


class TradingSystemError(Exception):
    """Root of every error this system raises on purpose."""


class SettingsError(TradingSystemError):
    """A setting is missing or wrong; the message names it and what to write instead."""


class InvalidCandle(TradingSystemError):
    """A candle that cannot be true (NaN, high below low, price not positive, time going back)."""


class InvalidInput(TradingSystemError):
    """A person's input is wrong. `field` names what to change."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Unauthenticated(TradingSystemError):
    """No valid credentials were given."""


class NotFound(TradingSystemError):
    """What was asked for is not there, or not the asker's."""


class Conflict(TradingSystemError):
    """What was asked for contradicts what is already there."""


class RefusedOrder(TradingSystemError):
    """An order the engine or the venue will not take; the message is the reason kept with it."""


class LeaseLost(TradingSystemError):
    """This process no longer owns the engine; nothing it decided may be written."""


class ExchangeError(TradingSystemError):
    """Root of what an exchange answers, in the words of bybit.md section 5."""


class Unavailable(ExchangeError):
    """The exchange cannot be reached or failed to answer a read; try again later."""


class RateLimited(ExchangeError):
    """Too many requests. `until` is the wall time (UTC ms) from which to try again."""

    def __init__(self, message: str, until: int) -> None:
        super().__init__(message)
        self.until = until


class ClockSkew(ExchangeError):
    """This machine's clock and the exchange's differ by more than is safe."""


class AuthFatal(ExchangeError):
    """The key is wrong, expired or lacks a permission; trading stops until a person acts."""


class RegionBlocked(ExchangeError):
    """The exchange refuses this network's region."""


class NotFitToTrade(ExchangeError):
    """The account or its key is not as trading needs it; the message says what to change."""


class Rejected(ExchangeError):
    """The exchange understood the request and refused it; repeating it cannot help."""


class UnknownOutcome(ExchangeError):
    """A write whose outcome is not known; query by client id before doing anything else."""
