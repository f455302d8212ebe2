"""What an account did, read from its rows: decimals, trades and words are made when asked for."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from src.backtest import account_rows as rows
from src.backtest.account_numbers import Counting
from src.backtest.account_rows import Books
from src.backtest.proposals import Proposals
from src.domain.order import Direction, FillReason
from src.domain.trade import Trade, TradeStatus
from src.engine.contract_numbers import quantity_decimals
from src.engine.identifiers import order_link_id, setup_name
from src.engine.sizing import FEE_ROUNDING, risk_of
from src.engine.whole_numbers import MONEY_DECIMALS
from src.exchange.paper.execution import REASONS
from src.strategy.compiled import Floats, Integers
from src.strategy.sentences import model_name
from src.strategy.setup_updates import SetupReader

ENVIRONMENT = "backtest"
"""The first word of every signal id and order id of a backtest."""

FIRST_ATTEMPT = 1
UNGUARDED: tuple[str, ...] = ()


def _direction(side: int) -> Direction:
    return Direction.LONG if side > 0 else Direction.SHORT


class AccountRecord:
    """The rows of an account (layout account_rows), and what they mean.

    `guard_sentences` are the guards that stood, by their number; `guard_refusals` what they said
    against single entries, by order row. Setups are named by their place among all proposals.
    """

    def __init__(
        self,
        counting: Counting,
        books: Books,
        proposals: Mapping[str, Proposals],
        readers: Mapping[str, SetupReader],
    ) -> None:
        self.counting, self.books = counting, books
        self.symbols = tuple(proposals)
        self.guard_sentences: list[tuple[str, ...]] = [UNGUARDED]
        self.guard_refusals: dict[int, tuple[str, ...]] = {}
        self._proposals, self._readers = list(proposals.values()), list(readers.values())
        self._money_unit = Decimal(1).scaleb(-counting.money_decimals)
        self._cent = 10 ** (counting.money_decimals - MONEY_DECIMALS)
        self.firsts = np.cumsum([0, *(len(found.rows) for found in self._proposals)]).tolist()

    def guard_number(self, sentences: tuple[str, ...]) -> int:
        """The number under which standing guards are noted."""
        if sentences not in self.guard_sentences:
            self.guard_sentences.append(sentences)
        return self.guard_sentences.index(sentences)

    @property
    def orders(self) -> Integers:
        """A row for every setup that was planned, in order of time."""
        return self.books.orders[: int(self.books.account[rows.ORDERED])]

    @property
    def closings(self) -> Integers:
        """The rows of closed trades, in order of their exits."""
        return self.books.closings[: int(self.books.account[rows.CLOSED])]

    @cached_property
    def closed(self) -> Integers:
        """The order rows of closed trades, in order of their exits; for when the fold is done."""
        return self.orders[self.closings.astype(np.int64)]

    @property
    def wallets(self) -> Integers:
        """(instant, wallet after it) where the wallet changed."""
        return self.books.wallets[: int(self.books.account[rows.WALLETS])]

    @property
    def traded(self) -> Integers:
        """The order rows that became trades: closed ones by their exits, then open ones by their
        entries."""
        return self.orders[np.concatenate((self.closings.astype(np.int64), self.held))]

    @property
    def held(self) -> Integers:
        """Rows of open trades, in order of entry."""
        orders = self.orders
        (held,) = np.nonzero(orders[:, rows.OUTCOME] == rows.IN_TRADE)
        entered: Integers = held[np.argsort(orders[held, rows.ENTERED].astype(np.int64))]
        return entered

    def positions(self, symbol: int, traded: Integers) -> Floats:
        """Entry price and signed quantity of a symbol's trades, as floats."""
        scale = self.counting.rows[symbol][rows.SCALE]
        unit = 10 ** quantity_decimals(self.counting.instruments[symbol])
        prices, quantities = traded[:, rows.ENTRY_PRICE] / scale, traded[:, rows.QUANTITY] / unit
        signed = quantities * traded[:, rows.SIDE]
        return np.stack((prices, signed), axis=1).astype(np.float64)

    @cached_property
    def trades(self) -> tuple[Trade, ...]:
        """Closed trades in order of their exits."""
        return self._trades(self.closings)

    @cached_property
    def open_trades(self) -> tuple[Trade, ...]:
        """Trades still open, in order of entry."""
        return self._trades(self.held)

    def trade(self, row: int) -> Trade:
        """The trade of an order that filled."""
        return self._trades(np.array([row]))[0]

    def identities(self, chosen: Integers) -> list[str]:
        """The signal ids of order rows."""
        orders, names = self.orders[chosen.astype(np.int64)], [""] * len(chosen)
        for symbol, (found, reader) in enumerate(zip(self._proposals, self._readers, strict=True)):
            (own,) = np.nonzero(orders[:, rows.SYMBOL] == symbol)
            setups = (orders[own, rows.SETUP] - self.firsts[symbol]).astype(np.int64)
            models, times = (found.rows[name][setups].tolist() for name in ("model", "armed_at"))
            sides = orders[own, rows.SIDE].tolist()
            market = f"{ENVIRONMENT}-{reader.symbol}-{reader.timeframe.word}"
            for place, model, side, time in zip(own.tolist(), models, sides, times, strict=True):
                word = model_name({"model": model}, reader.added)
                names[place] = setup_name(market, word, _direction(side), time)
        return names

    def price(self, symbol: int, counted: int) -> Decimal:
        """A count of a symbol's price units; on its tick as the instrument writes it."""
        number, instrument = self.counting.rows[symbol], self.counting.instruments[symbol]
        ticks, rest = divmod(int(counted), number[rows.TICK])
        if rest:
            return Decimal(repr(int(counted) / number[rows.SCALE]))
        return ticks * instrument.tick_size

    def money(self, counted: int) -> Decimal:
        """A count of money."""
        return int(counted) * self._money_unit

    def booked(self, counted: int) -> Decimal:
        """A count of money that was rounded when it was booked: fees and funding."""
        cents: int = int(counted) // self._cent
        return cents * FEE_ROUNDING

    def in_cents(self, counted: Integers) -> Integers:
        """Counts of such money, as they were booked."""
        booked: Integers = counted // self._cent * self._cent
        return booked

    def quantity(self, symbol: int, counted: int) -> Decimal:
        """A count of quantity units."""
        step = self.counting.rows[symbol][rows.STEP]
        return int(counted) // step * self.counting.instruments[symbol].quantity_step

    def risk(self, row: int) -> Decimal:
        """What an order's stop would cost."""
        order = self.orders[row]
        return self._risk(int(order[rows.SYMBOL]), int(order[rows.QUANTITY]), int(order[rows.LOSS]))

    def _risk(self, symbol: int, quantity: int, loss: int) -> Decimal:
        number = self.counting.rows[symbol]
        per_unit = Decimal(loss) / (number[rows.SCALE] * number[rows.RATE_ONE])
        return risk_of(self.quantity(symbol, quantity), per_unit)

    @property
    def closed_nets(self) -> Integers:
        """What each closed trade earned, counted."""
        closed = self.closed
        costs = self.in_cents(closed[:, rows.FEES]) - self.in_cents(closed[:, rows.FUNDING])
        net: Integers = closed[:, rows.GROSS] - costs
        return net

    @cached_property
    def results_in_r(self) -> tuple[float, ...]:
        """The same over the risk taken, in order of the exits."""
        named = (rows.SYMBOL, rows.QUANTITY, rows.LOSS)
        risks = map(self._risk, *(self.closed[:, column].tolist() for column in named))
        unit = self._money_unit
        nets = self.closed_nets.tolist()
        return tuple(float(net * unit / risk) for net, risk in zip(nets, risks, strict=True))

    def _trades(self, chosen: Integers) -> tuple[Trade, ...]:
        orders = self.orders[chosen.astype(np.int64)].tolist()
        return tuple(map(self._trade, orders, self.identities(chosen)))

    def _trade(self, order: list[int], identity: str) -> Trade:
        symbol = order[rows.SYMBOL]
        gross, fees = self.money(order[rows.GROSS]), self.booked(order[rows.FEES])
        funding, closed = self.booked(order[rows.FUNDING]), order[rows.OUTCOME] == rows.TRADED
        reason: FillReason | None = REASONS[order[rows.EXIT_REASON]] if closed else None
        return Trade(
            order_link_id=order_link_id(identity, FIRST_ATTEMPT),
            signal_id=identity,
            symbol=self.symbols[symbol],
            direction=_direction(order[rows.SIDE]),
            status=TradeStatus.CLOSED if closed else TradeStatus.OPEN,
            quantity=self.quantity(symbol, order[rows.QUANTITY]),
            entry_price=self.price(symbol, order[rows.ENTRY_PRICE]),
            stop_loss=self.price(symbol, order[rows.STOP]),
            take_profit=self.price(symbol, order[rows.TARGET]),
            risk_amount=self._risk(symbol, order[rows.QUANTITY], order[rows.LOSS]),
            entry_time=order[rows.ENTRY_TIME],
            fees=fees,
            funding=funding,
            slippage=self.money(order[rows.SLIPPAGE]),
            exit_price=self.price(symbol, order[rows.EXIT_PRICE]) if closed else None,
            exit_time=order[rows.EXIT_TIME] if closed else None,
            exit_reason=reason,
            gross_pnl=gross,
            realized_pnl=gross - fees + funding if closed else Decimal(0),
            ambiguous=bool(order[rows.AMBIGUOUS]),
        )

    def part(self, symbol: int, column: Integers) -> NDArray[np.int64]:
        """A symbol's share of a column over all proposals."""
        return column[self.firsts[symbol] : self.firsts[symbol + 1]].astype(np.int64)
