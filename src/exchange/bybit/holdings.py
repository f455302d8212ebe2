"""What an account holds, as Bybit last told, valued at the prices seen since."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from src.domain.errors import Rejected
from src.domain.trade import Balance, Position
from src.exchange.bybit.orders import Row, Wallet, position_of


class Holdings:
    """Positions by symbol and the USDT wallet; used by one thread.

    Bybit pushes the wallet when cash moves, never for unrealised P&L: equity is therefore counted
    here, from the wallet and the positions at their newest prices.
    """

    def __init__(self) -> None:
        self._positions: dict[str, Position] = {}
        self._wallet = Wallet(Decimal(0), Decimal(0))
        self.wallet_is_fresh = False

    @property
    def positions(self) -> tuple[Position, ...]:
        """Open positions."""
        return tuple(self._positions.values())

    @property
    def cash(self) -> Decimal:
        """The wallet as it was told last."""
        return self._wallet.cash

    def sizes(self) -> Mapping[str, Decimal]:
        """Signed size by symbol."""
        return {p.symbol: p.quantity * int(p.direction) for p in self.positions}

    def replace_positions(self, rows: Iterable[Row]) -> None:
        """Take a complete list. Raises Rejected in hedge mode."""
        self._positions.clear()
        for row in rows:
            self.take_position(row)

    def take_position(self, row: Row) -> None:
        """Take what was told of one position. Raises Rejected in hedge mode."""
        if row["positionIdx"] != 0:
            raise Rejected(
                f"The account holds a hedge-mode position in {row['symbol']}; close it "
                "and switch to one-way mode."
            )
        position = position_of(row)
        if position is None:
            self._positions.pop(str(row["symbol"]), None)
        else:
            self._positions[position.symbol] = position

    def take_wallet(self, wallet: Wallet) -> None:
        """Take what was told of the wallet."""
        self._wallet = wallet
        self.wallet_is_fresh = True

    def value_at(self, symbol: str, price: Decimal) -> None:
        """A price was seen."""
        position = self._positions.get(symbol)
        if position is not None:
            self._positions[symbol] = replace(position, mark_price=price)

    def balance(self) -> Balance:
        """The account at the newest prices."""
        unrealized = sum((p.unrealized_pnl for p in self.positions), Decimal(0))
        equity = self._wallet.cash + unrealized
        return Balance(self._wallet.cash, equity, max(equity - self._wallet.bound, Decimal(0)))
