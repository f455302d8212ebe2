"""What a use case may refuse besides the domain's own errors."""

from src.domain.errors import TradingSystemError


class TooManyAttempts(TradingSystemError):
    """Asked too often. `retry_after` is how many seconds to wait, at least 1."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
