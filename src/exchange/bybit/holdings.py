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

    What the stream tells may be older than what was read since. Rows therefore show how new they
    are: by the sequence of the symbol's last transaction, then by their time, because a stop that
    is moved raises the time alone. A row that shows neither is believed.
    """

    def __init__(self) -> None:
        self._positions: dict[str, Position] = {}
        self._newest: dict[str, tuple[int, int]] = {}
        self._wallet = Wallet(Decimal(0), Decimal(0))
        self.wallet_is_fresh = False

    @property
    def positions(self) -> tuple[Position, ...]:
        """Open positions."""
        return tuple(self._positions.values())

    @property
    def cash(self) -> Decimal:
        """The wallet as it was read last."""
        return self._wallet.cash

    def sizes(self) -> Mapping[str, Decimal]:
        """Signed size by symbol."""
        return {p.symbol: p.quantity * int(p.direction) for p in self.positions}

    def replace_positions(self, rows: Iterable[Row], traded: Mapping[str, int]) -> None:
        """Take a complete list, which leaves out what is flat. Raises Rejected in hedge mode.

        `traded` are sequences of executions known before it was read: what the list leaves out
        has been flat since the newest.
        """
        self._positions.clear()
        for symbol, sequence in traded.items():
            self._newest[symbol] = max(self._newest.get(symbol, (-1, 0)), (sequence, 0))
        for row in rows:
            self._newest.pop(str(row["symbol"]), None)
            self.take_position(row)

    def take_position(self, row: Row) -> None:
        """Take what was told of one position, unless newer is known. Raises Rejected in hedge
        mode."""
        if row["positionIdx"] != 0:
            raise Rejected(
                f"The account holds a hedge-mode position in {row['symbol']}; close it "
                "and switch to one-way mode."
            )
        symbol, position, moment = str(row["symbol"]), position_of(row), _moment(row)
        if moment is not None:
            if moment < self._newest.get(symbol, moment):
                return
            self._newest[symbol] = moment
        if position is None:
            self._positions.pop(symbol, None)
        else:
            self._positions[symbol] = position

    def take_wallet(self, wallet: Wallet) -> None:
        """Take what was read of the wallet."""
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


def _moment(row: Row) -> tuple[int, int] | None:
    """How new a position's row is, by sequence (-1: never traded) and time; None if not shown."""
    sequence, time = row.get("seq"), row.get("updatedTime")
    return None if sequence in (None, "") or time in (None, "") else (int(sequence), int(time))
