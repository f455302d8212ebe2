"""The perpetual contracts the simulated exchange lists: trading rules, exactly as strings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Contract:
    """Trading rules of one linear perpetual, in the strings Bybit would send.

    `typical_price` (quote currency) is where a synthetic market of this contract lives;
    `relative_volatility` is in multiples of bitcoin's and `minute_volume` in base units.
    """

    symbol: str
    tick_size: str
    quantity_step: str
    min_quantity: str
    max_quantity: str
    max_market_quantity: str
    max_leverage: str
    min_notional: str = "5"
    funding_interval_minutes: int = 480
    typical_price: float = 10.0
    relative_volatility: float = 1.5
    minute_volume: float = 10_000.0

    @property
    def base_coin(self) -> str:
        """The coin that is traded, as in `BTC` of `BTCUSDT`."""
        return self.symbol.removesuffix("USDT")

    @property
    def tick(self) -> float:
        """Price step in quote currency."""
        return float(self.tick_size)

    @property
    def price_decimals(self) -> int:
        """How many decimals prices are written with."""
        return _decimals(self.tick_size)

    def price_text(self, price: float) -> str:
        """A price with exactly the decimals of the tick."""
        return f"{price:.{self.price_decimals}f}"

    def quantity_text(self, quantity: float) -> str:
        """A quantity with exactly the decimals of the quantity step."""
        return f"{quantity:.{_decimals(self.quantity_step)}f}"


_KNOWN = {
    contract.symbol: contract
    for contract in (
        Contract(
            "BTCUSDT", "0.10", "0.001", "0.001", "1190.000", "119.000", "100.00",
            typical_price=96_000.0, relative_volatility=1.0, minute_volume=40.0,
        ),
        Contract(
            "ETHUSDT", "0.01", "0.01", "0.01", "7240.00", "724.00", "100.00",
            typical_price=3_400.0, relative_volatility=1.25, minute_volume=700.0,
        ),
        Contract(
            "SOLUSDT", "0.010", "0.1", "0.1", "79770.0", "11220.0", "100.00",
            typical_price=185.0, relative_volatility=1.5, minute_volume=6_000.0,
        ),
    )
}  # fmt: skip


def contract_for(symbol: str) -> Contract:
    """The contract of `symbol`; one this file does not know gets ordinary rules."""
    known = _KNOWN.get(symbol)
    if known is not None:
        return known
    return Contract(symbol, "0.0010", "0.1", "0.1", "100000.0", "50000.0", "50.00")


def contract_for_prices(symbol: str, prices: Iterable[str]) -> Contract:
    """The contract of `symbol` with a tick fine enough for every price text given."""
    contract = contract_for(symbol)
    decimals = max((_decimals(price) for price in prices), default=0)
    if symbol in _KNOWN and decimals <= _decimals(contract.tick_size):
        return contract
    return replace(contract, tick_size=f"{10.0**-decimals:.{decimals}f}")


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
