"""What is known of the account: requests sent, orders ended, executions, positions compared."""

import logging
from collections.abc import Iterable
from decimal import Decimal

from src.domain.candle import DAY_MS
from src.domain.errors import Rejected
from src.domain.order import Fill, FillReason, FundingPayment, Order, OrderRequest, OrderStatus
from src.domain.ports import RawMessage, Report
from src.exchange.bybit.holdings import Holdings
from src.exchange.bybit.orders import (
    TRADES,
    Execution,
    Row,
    execution_of,
    is_entry,
    number,
    order_of,
    wallet_of,
)
from src.exchange.bybit.round_trips import ExecutionBook
from src.exchange.bybit.signed_client import Pages, SignedClient
from src.exchange.bybit.stream_witness import StreamWitness
from src.exchange.bybit.transaction_log import AccountHistory, LogReader, funding_key

log = logging.getLogger(__name__)

_WINDOW_MS = 7 * DAY_MS
_REMEMBERED = 1000
_ORDERS_PER_PAGE = 50
_EXECUTIONS_PER_PAGE = 100
_SWALLOWED = "it was filled into a position that another hand held, so nothing of it is open"


class AccountView:
    """The reading half of a broker; used by one thread. Messages and pulls may repeat facts."""

    def __init__(
        self,
        client: SignedClient,
        booked: Iterable[str],
        requests: Iterable[OrderRequest],
        since: int | None,
        witness: StreamWitness,
        history: AccountHistory,
    ) -> None:
        self._client = client
        self._witness = witness
        self._book = ExecutionBook(booked)
        self._requests = {request.order_link_id: request for request in requests}
        self._unfilled = set(self._requests)
        # The newest execution of an entry dates its trade; the first may be older.
        self._since = None if since is None else since - _WINDOW_MS
        self._ended: dict[str, Decimal] = {}
        self._untold: list[Order] = []
        self._triggers: dict[str, Decimal] = {}
        self._triggers_wanted: set[str] = set()
        self._resting: dict[str, Order] = {}
        self._log = LogReader(client, history)
        self._funded = {funding_key(one.symbol, one.time) for one in history.payments}
        self._cash_read: Decimal | None = None
        self.holdings = Holdings()
        self.discrepancies: tuple[str, ...] = ()
        self.pulled_at = 0

    def remember(self, request: OrderRequest) -> None:
        """An entry is about to be sent."""
        self._requests[request.order_link_id] = request
        self._unfilled.add(request.order_link_id)
        _trim(self._requests)

    def forget(self, link_id: str) -> None:
        """It was refused, so nothing will ever be heard of it."""
        self._requests.pop(link_id, None)
        self._unfilled.discard(link_id)

    def request(self, link_id: str) -> OrderRequest | None:
        """The request of an entry sent, or believed alive, here."""
        return self._requests.get(link_id)

    def take_message(self, message: RawMessage) -> bool:
        """Take a stream message; False when it cannot be understood."""
        rows, topic = message.get("data"), message.get("topic")
        if not isinstance(rows, list):
            return False
        try:
            for row in rows:
                if topic == "order":
                    self.take_order(row)
                    self._witness.heard(str(row["orderLinkId"]))
                elif topic == "execution":
                    self._take_execution(execution_of(row))
                    self._witness.heard(str(row["execId"]))
                elif topic == "position":
                    self.holdings.take_position(row)
                elif topic == "wallet":
                    self._take_wallet(row)
        except (Rejected, KeyError, ValueError, TypeError, ArithmeticError) as error:
            log.warning("A message of topic %s could not be understood: %r", topic, error)
            return False
        return True

    def take_order(self, row: Row) -> None:
        """Take what was told of one order. A trigger that still waits may move unheard."""
        trigger = number(row["triggerPrice"])
        if trigger and row["orderStatus"] != "Untriggered":
            self._triggers[str(row["orderId"])] = trigger
            self._triggers_wanted.discard(str(row["orderId"]))
            _trim(self._triggers)
        if not is_entry(row) or row["orderLinkId"] in self._ended:
            return
        order = order_of(row, self._requests.get(row["orderLinkId"]))
        if order.status is OrderStatus.ACCEPTED:
            self._resting[row["orderLinkId"]] = order
            return
        self._resting.pop(row["orderLinkId"], None)
        self._ended[row["orderLinkId"]] = number(row["cumExecQty"])
        _trim(self._ended)
        if order.status is not OrderStatus.FILLED:
            self._unfilled.discard(row["orderLinkId"])
            self._untold.append(order)

    def pull(self, now: int) -> None:
        """Read live and ended orders, executions and positions over HTTP.

        Raises errors of the ExchangeError tree; what was read until then is kept.
        """
        self._witness.reading_begins()
        # An order sent may have ended before anybody told that it rested.
        before = self._resting.keys() | self._unfilled
        self._pull_live_orders()
        if not self.pulled_at or before - self._resting.keys() - self._ended.keys():
            self._pull_ended_orders()
        if self._since is not None:
            self._pull_old_executions(self._since, now)
            self._since = None
        self._pull_recent_executions()
        if self._triggers_wanted:
            self._pull_ended_orders()
            self._triggers_wanted.clear()
        self._pull_positions()
        self.read_log(now)
        self._witness.reading_ends()
        self.pulled_at = now

    def pull_wallet(self) -> None:
        """Read the wallet. Raises errors of the ExchangeError tree."""
        wallet = self._client.read(
            "get_wallet_balance", lambda result: wallet_of(result["list"][0]),
            accountType="UNIFIED", coin="USDT",
        )  # fmt: skip
        self.holdings.take_wallet(wallet)

    def resting(self) -> tuple[Order, ...]:
        """Entries that may still fill."""
        return tuple(self._resting.values())

    def half_left(self) -> list[str]:
        """Entries sent here that still rest although their position is already being left."""
        return [name for name in self._book.half_left(self._ended) if name in self._unfilled]

    def lacks_a_trigger(self) -> bool:
        """Whether a stop or target was executed before its order was heard to have been triggered,
        so that nobody can tell what the execution slipped. A pull finds it."""
        return bool(self._triggers_wanted)

    def cash_moved(self) -> bool:
        """Whether the wallet has changed since the transaction log was read last."""
        return self._cash_read not in (None, self.holdings.cash)

    def read_log(self, now: int) -> None:
        """Read what else moved the wallet. Raises errors of the ExchangeError tree."""
        cash = self.holdings.cash
        self._log.read(now)
        self._cash_read = cash

    def reports(self) -> list[Report]:
        """What became certain since the last call, transfers before all else."""
        facts = self._book.reports(self._ended, self._reference)
        self._unfilled -= {fact.order_link_id for fact in facts}
        orders, self._untold = self._untold + self._swallowed(), []
        money = sorted([*facts, *self._log.funding()], key=lambda fact: fact.time)
        first = [fact for fact in money if isinstance(fact, Fill) or self._is_first_word(fact)]
        return [*self._log.transfers(), *first, *orders]

    def _swallowed(self) -> list[Order]:
        """Entries that another hand's position took in."""
        known = self._unfilled & self._ended.keys() & self._requests.keys()
        ended = {name: self._ended[name] for name in known}
        names = self._book.opened_nothing(ended) if ended else []
        self._unfilled.difference_update(names)
        return [Order(self._requests[name], OrderStatus.CANCELLED, _SWALLOWED) for name in names]

    def _take_wallet(self, row: Row) -> None:
        """A message tells of the coins that changed, and USDT need not be among them. It may be
        older than what was read since, and does not show it: the wallet has to be read again."""
        if any(coin["coin"] == "USDT" for coin in row["coin"]):
            self.holdings.wallet_is_fresh = False

    def _is_first_word(self, payment: FundingPayment) -> bool:
        """Whether neither an execution nor the log has told of this funding before."""
        key = funding_key(payment.symbol, payment.time)
        if key in self._funded:
            return False
        self._funded.add(key)
        return True

    def _pull_live_orders(self) -> None:
        rows = [row for page in self._orders("get_open_orders") for row in page]
        self._resting.clear()
        for row in rows:
            self.take_order(row)

    def _pull_ended_orders(self) -> None:
        """Newest first, until everything on a page was known."""
        for rows in self._orders("get_order_history"):
            known = [row["orderLinkId"] in self._ended for row in rows if is_entry(row)]
            for row in rows:
                self.take_order(row)
            if known and all(known):
                return

    def _orders(self, name: str) -> Pages:
        return self._client.pages(
            name, category="linear", settleCoin="USDT", limit=_ORDERS_PER_PAGE
        )

    def _reference(self, execution: Execution) -> Decimal | None:
        """The price an execution was meant for: the entry's price, or the stop's trigger."""
        request = self._requests.get(execution.order_link_id)
        return self._triggers.get(execution.order_id) if request is None else request.price

    def _take_execution(self, execution: Execution) -> bool:
        """Take an execution; False when it was known."""
        is_new = self._book.add(execution)
        triggered = execution.reason in (FillReason.STOP, FillReason.TARGET)
        if is_new and triggered and execution.order_id not in self._triggers:
            self._triggers_wanted.add(execution.order_id)
        return is_new

    def _pull_recent_executions(self) -> None:
        """The last seven days, newest first, until nothing on a page is new."""
        pages = self._client.pages("get_executions", category="linear", limit=_EXECUTIONS_PER_PAGE)
        for rows in pages:
            new = [self._found(execution_of(row)) for row in rows]
            if not any(new):
                return

    def _found(self, execution: Execution) -> bool:
        is_new = self._take_execution(execution)
        if is_new and execution.kind in TRADES:
            self._witness.found(execution.execution_id)
        return is_new

    def _pull_old_executions(self, since: int, now: int) -> None:
        for start in range(since, now, _WINDOW_MS):
            pages = self._client.pages(
                "get_executions", category="linear", limit=_EXECUTIONS_PER_PAGE,
                startTime=start, endTime=min(start + _WINDOW_MS, now) - 1,
            )  # fmt: skip
            for rows in pages:
                for row in rows:
                    self._take_execution(execution_of(row))

    def _pull_positions(self) -> None:
        """Positions must be what the executions add up to. Raises Rejected in hedge mode."""
        pages = self._client.pages("get_positions", category="linear", settleCoin="USDT")
        listed = [row for rows in pages for row in rows]
        self.holdings.replace_positions(listed, self._book.sequences())
        held = self.holdings.sizes()
        added = self._book.sizes()
        self.discrepancies = tuple(
            f"{symbol}: the exchange holds {held.get(symbol, Decimal(0))}, the executions add up "
            f"to {added.get(symbol, Decimal(0))}."
            for symbol in sorted(held.keys() | added.keys())
            if held.get(symbol, Decimal(0)) != added.get(symbol, Decimal(0))
        )
        for sentence in self.discrepancies:
            log.warning("%s", sentence)


def _trim(memory: dict[str, OrderRequest] | dict[str, Decimal]) -> None:
    """Forget the oldest beyond the limit."""
    while len(memory) > _REMEMBERED:
        del memory[next(iter(memory))]
