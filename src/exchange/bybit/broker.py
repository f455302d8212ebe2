"""BybitBroker: a Broker on a Bybit account, through unmodified pybit.

What it may be relied on for. An entry carries its stop and target in the one request that creates
it, and `submit` says only that it was taken. Fills come from executions alone, whether the stream
or a pull over HTTP brought them first, each once. A write whose outcome is unknown is looked up by
its client id before anything else is done. Nothing here ever cancels a stop.

The stream's thread only puts messages on a queue; `drain`, called by the one thread that owns
trading, reads them. Every new connection, and every minute, makes it pull orders, executions and
positions too, because nothing that happened in a gap is ever sent again.
"""

import logging
import queue
from collections.abc import Iterable
from decimal import Decimal

from src.domain.candle import Candle, Tick
from src.domain.errors import (
    AuthFatal,
    ClockSkew,
    ExchangeError,
    RateLimited,
    RegionBlocked,
    Rejected,
    Unavailable,
    UnknownOutcome,
)
from src.domain.order import (
    Direction,
    Fill,
    Order,
    OrderRequest,
    OrderStatus,
)
from src.domain.ports import Clock, FeedHealth, RawMessage, Report
from src.domain.trade import Balance, Position, Trade
from src.exchange.bybit.account_view import AccountView
from src.exchange.bybit.broker_settings import BrokerSettings
from src.exchange.bybit.closed_positions import closed_rows, exit_of
from src.exchange.bybit.environment import ApiKey, BybitEnvironment
from src.exchange.bybit.order_desk import OrderDesk
from src.exchange.bybit.orders import close_parameters, fixed
from src.exchange.bybit.private_stream import PrivateStream
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.stream import SupervisedStream
from src.exchange.bybit.stream_witness import StreamWitness
from src.exchange.bybit.transaction_log import AccountHistory

log = logging.getLogger(__name__)

_ONE_WAY = 0


class BybitBroker:
    """One Bybit account. Implements `src.domain.ports.Broker`; `start` before use, `close` after.

    `booked` are the execution ids the journal already holds, `requests` the entries it believes
    alive, and `since` (the exchange's UTC ms) the oldest thing it still waits for: None means the
    last seven days. `history` is from where on the transaction log is wanted.
    """

    def __init__(
        self,
        environment: BybitEnvironment,
        key: ApiKey,
        clock: Clock,
        booked: Iterable[str] = (),
        requests: Iterable[OrderRequest] = (),
        since: int | None = None,
        settings: BrokerSettings | None = None,
        history: AccountHistory | None = None,
    ) -> None:
        self._clock = clock
        self._settings = settings or BrokerSettings()
        self._client = SignedClient(environment, key, clock, self._settings.timeout)
        self._witness = StreamWitness(clock, self._settings.deaf_after_ms)
        known = history or AccountHistory()
        self._view = AccountView(self._client, booked, requests, since, self._witness, known)
        self._desk = OrderDesk(self._client, self._view, clock, self._settings)
        self._messages: queue.SimpleQueue[RawMessage] = queue.SimpleQueue()
        self._pull_wanted = True
        self._pull_after = 0
        self._wallet_after = 0
        self._log_after = 0
        self._measured_at = 0
        self._unread: str | None = None
        stream_settings = self._settings.stream

        def build() -> PrivateStream:
            return PrivateStream(environment.private_ws, stream_settings.connect_timeout, key)

        self._stream = SupervisedStream(
            "account", build, {}, self._messages.put, clock, stream_settings, self._connected
        )
        self._started = False

    def start(self) -> None:
        """Check the clock, force one-way mode, read the account, then stream.

        Waits until the stream was connected or failed to be; then `complaints` says so.
        Raises ClockSkew, or Rejected when positions or orders forbid one-way mode.
        """
        self._desk.check_clock()
        self._client.settle("switch_position_mode", category="linear", coin="USDT", mode=_ONE_WAY)
        self._pull()
        self._started = True
        self._stream.start()
        self._stream.wait(self._settings.stream.connect_timeout)

    def close(self) -> None:
        """End the stream and release the connections. Safe to call twice."""
        self._client.close()
        if self._started:
            self._stream.close()
            self._started = False

    def health(self) -> FeedHealth:
        """Freshness of the account's stream."""
        return self._stream.health()

    @property
    def discrepancies(self) -> tuple[str, ...]:
        """Sentences on positions that differ from what the executions add up to."""
        return self._view.discrepancies

    def refresh(self) -> None:
        """Let the next `drain` read the whole account over HTTP. May be called by any thread."""
        self._pull_wanted = True

    def submit(self, request: OrderRequest) -> Order:
        """Send an entry with its stop and target; never tells of a fill.

        A refusal is an order with status REJECTED. Raises UnknownOutcome when Bybit could not be
        asked what became of it.
        """
        self._view.holdings.wallet_is_fresh = False
        order = self._desk.submit(request)
        if order.status is OrderStatus.ACCEPTED:
            self._witness.sent(request.order_link_id)
        return order

    def cancel(self, order_link_id: str) -> None:
        """Withdraw a resting entry. No error if it is already gone or never was."""
        self._view.holdings.wallet_is_fresh = False
        self._desk.cancel(order_link_id)

    def cancel_entries(self, symbol: str) -> None:
        """Withdraw every resting entry of a symbol; stops and targets stay."""
        self._view.holdings.wallet_is_fresh = False
        self._client.settle(
            "cancel_all_orders", category="linear", symbol=symbol, orderFilter="Order"
        )

    def order(self, order_link_id: str) -> Order | None:
        """Bybit's word on an order; None if it never arrived."""
        return self._desk.order(order_link_id)

    def close_position(
        self, symbol: str, direction: Direction, quantity: Decimal, order_link_id: str
    ) -> None:
        """Close a position at market by an order that can do nothing but reduce it.

        No error if the stop was faster. Raises Rejected otherwise.
        """
        self._desk.send_once(
            order_link_id, close_parameters(symbol, direction, quantity, order_link_id)
        )

    def set_protection(self, symbol: str, stop_loss: Decimal, take_profit: Decimal) -> None:
        """Give an open position this stop and target. Raises Rejected."""
        source = self._settings.stop_trigger
        self._client.settle(
            "set_trading_stop", category="linear", symbol=symbol, positionIdx=0, tpslMode="Full",
            stopLoss=fixed(stop_loss), slTriggerBy=source, slOrderType="Market",
            takeProfit=fixed(take_profit), tpTriggerBy=source, tpOrderType="Market",
        )  # fmt: skip

    def forgotten_exit(self, trade: Trade) -> Fill | None:
        """How a position that is gone was left, by its closed P&L; None when that is not clear."""
        rows = closed_rows(self._client, trade.symbol, trade.entry_time, self._clock.now())
        return exit_of(trade, rows)

    def positions(self) -> tuple[Position, ...]:
        """Open positions as Bybit last told, with the stop and target it watches."""
        return self._view.holdings.positions

    def resting(self) -> tuple[Order, ...]:
        """Entries that may still fill, by whomever they were sent under an id."""
        return self._view.resting()

    def complaints(self) -> tuple[str, ...]:
        """Why nothing new may be traded now: the stream, the clock or the account's silence."""
        found = [self._desk.clock.complaint(), self._unread]
        if not self.health().connected:
            found.append("The account's stream is down; it is read over HTTP until it is back.")
        return tuple(sentence for sentence in found if sentence is not None)

    def observe(self, fact: Candle | Tick) -> None:
        """Value positions: Bybit matches by itself, but does not push what that does to equity."""
        price = fact.close if isinstance(fact, Candle) else fact.mark
        self._view.holdings.value_at(fact.symbol, Decimal(repr(price)))

    def drain(self) -> list[Report]:
        """What happened since the last call, oldest first, each execution id once.

        An account that cannot be read now is read again later. Raises AuthFatal and RegionBlocked.
        """
        self._read_messages()
        self._give_up_a_deaf_stream()
        if self._view.lacks_a_trigger():
            self.refresh()
        if self._pull_is_due():
            self._try_to_pull()
        self._read_wallet_if_stale()
        self._read_log_if_cash_moved()
        for link_id in self._view.half_left():
            log.warning("%s is being left while its entry still rests; withdrawing it.", link_id)
            self._withdraw(link_id)
        reports = self._view.reports()
        if reports:
            self._view.holdings.wallet_is_fresh = False
        return reports

    def balance(self) -> Balance:
        """The account's USDT; read again after anything that moves it, valued at prices seen."""
        self._read_wallet_if_stale()
        return self._view.holdings.balance()

    def snapshot(self) -> str | None:
        """None: Bybit keeps its own state."""
        return None

    def _withdraw(self, link_id: str) -> None:
        try:
            self._desk.cancel(link_id)
        except (Unavailable, RateLimited, UnknownOutcome, Rejected) as error:
            log.warning("%s could not be withdrawn now: %s", link_id, error)
        self.refresh()

    def _read_messages(self) -> None:
        while True:
            try:
                message = self._messages.get_nowait()
            except queue.Empty:
                return
            if not self._view.take_message(message):
                self.refresh()

    def _connected(self) -> None:
        """Called on the stream's thread, once everything is subscribed."""
        self._witness.connected()
        self.refresh()

    def _give_up_a_deaf_stream(self) -> None:
        complaint = self._witness.complaint()
        if complaint is not None:
            self._stream.rebuild(complaint)

    def _pull_is_due(self) -> bool:
        now = self._clock.now()
        settings = self._settings
        if self._pull_wanted:
            return now >= self._pull_after
        every = settings.pull_every_ms if self.health().connected else settings.pull_again_ms
        return now >= self._view.pulled_at + every

    def _try_to_pull(self) -> None:
        """Read the account; if that fails, complain and let it be read again soon."""
        try:
            self._pull()
        except (AuthFatal, RegionBlocked):
            raise
        except ExchangeError as error:
            self._pull_after = self._clock.now() + self._settings.pull_again_ms
            self._pull_wanted = True
            self._unread = f"The account cannot be read: {error}"
            log.warning("%s", self._unread)
        else:
            self._unread = None

    def _read_wallet_if_stale(self) -> None:
        now = self._clock.now()
        if self._view.holdings.wallet_is_fresh or now < self._wallet_after:
            return
        try:
            self._view.pull_wallet()
        except (Unavailable, RateLimited, ClockSkew) as error:
            self._wallet_after = now + self._settings.pull_again_ms
            log.warning("The wallet could not be read: %s", error)

    def _read_log_if_cash_moved(self) -> None:
        """A deposit must be known before the equity it adds to is taken for a result."""
        now = self._clock.now()
        if not self._view.cash_moved() or now < self._log_after:
            return
        try:
            self._view.read_log(now)
        except (Unavailable, RateLimited, ClockSkew) as error:
            self._log_after = now + self._settings.pull_again_ms
            log.warning("The transaction log could not be read: %s", error)

    def _pull(self) -> None:
        # Cleared first: a connection made while the pull runs asks for another one.
        self._pull_wanted = False
        now = self._clock.now()
        self._view.pull(now)
        # Either way: a clock that was set back must be measured at once.
        if abs(now - self._measured_at) >= self._settings.measure_every_ms:
            self._desk.clock.measure()
            self._view.holdings.wallet_is_fresh = False
            self._measured_at = now
