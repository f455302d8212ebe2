"""`/v5/position/*`, `/v5/account/*` and `/v5/user/*` of the simulated account."""

from collections.abc import Mapping
from decimal import Decimal

from aiohttp import web

from src.domain.order import Direction
from src.simulator.account.admission import Admission, protection_of, trailing_of
from src.simulator.account.exchange import Exchange
from src.simulator.account.model import PositionKey, Protection
from src.simulator.account.numbers import Parameters, integer, number, refused, text
from src.simulator.account.pages import page, window
from src.simulator.account.partial import MOST_PARTIAL
from src.simulator.account.private_endpoints import (
    PrivateEndpoints,
    holds_nothing,
    no_rows,
    require_linear,
)
from src.simulator.account.rows import Row, closed_row, wallet_row
from src.simulator.clock import wall_now

_MONEY_PAUSE_MS = 60_000
_MOST_MONEY = Decimal(100_000)
_ONE_WAY, _HEDGE = 0, 3


class AccountEndpoints:
    """Positions, leverage, protection, position mode, wallet and keys."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ledger = exchange.ledger
        self._admission = Admission(
            exchange.ledger, exchange.instrument, exchange.last, exchange.market_maximum
        )
        self._money_from = 0

    def routes(self, mount: PrivateEndpoints) -> list[web.RouteDef]:
        """The routes to mount."""
        return [
            mount.get("/v5/position/list", self.positions),
            mount.post("/v5/position/set-leverage", self.set_leverage),
            mount.post("/v5/position/trading-stop", self.trading_stop),
            mount.post("/v5/position/switch-mode", self.switch_mode),
            mount.get("/v5/position/closed-pnl", self.closed_pnl),
            mount.get("/v5/account/wallet-balance", self.wallet_balance),
            mount.get("/v5/account/info", self.info),
            mount.get("/v5/user/query-api", self.query_api),
            mount.post("/v5/account/demo-apply-money", self.apply_money),
        ]

    def positions(self, parameters: Parameters) -> Row:
        """Rows of a symbol even when flat (two in hedge mode), or every open position."""
        if holds_nothing(parameters):
            return no_rows(parameters)
        symbol = text(parameters, "symbol")
        if symbol:
            self._exchange.instrument(symbol)
            keys = [(symbol, index) for index in self._indices()]
        elif text(parameters, "settleCoin") == "USDT":
            keys = [key for key, position in self._ledger.positions.items() if position.size]
        else:
            raise refused("params error: symbol or settleCoin is needed")
        rows = [self._exchange.position_row(key) for key in keys]
        return {"category": "linear", "list": rows, "nextPageCursor": ""}

    def set_leverage(self, parameters: Parameters) -> Row:
        """Set the leverage of a symbol, the same for both sides."""
        require_linear(parameters)
        symbol = text(parameters, "symbol")
        instrument = self._exchange.instrument(symbol)
        buy, sell = number(parameters, "buyLeverage"), number(parameters, "sellLeverage")
        if buy is None or buy != sell:
            raise refused("buy leverage not equal sell leverage")
        if not 1 <= buy <= instrument.max_leverage:
            raise refused("cannot set leverage gt maxLeverage by risk limit", 110013)
        if buy == self._ledger.leverage(symbol):
            raise refused("leverage not modified", 110043)
        self._ledger.set_leverage(symbol, buy)
        for index in self._indices():
            self._exchange.tell_position((symbol, index))
        self._exchange.tell_wallet()
        return {}

    def trading_stop(self, parameters: Parameters) -> Row:
        """Set, move or ("0") take away the stop and target of an open position."""
        require_linear(parameters)
        if not text(parameters, "tpslMode") or not text(parameters, "positionIdx"):
            raise refused("params error: tpslMode and positionIdx are needed")
        key = text(parameters, "symbol"), integer(parameters, "positionIdx", 0)
        instrument = self._exchange.instrument(key[0])
        direction = self._position_direction(key)
        if text(parameters, "tpslMode") == "Partial" and not text(parameters, "trailingStop"):
            return self._add_partial(parameters, key, direction)
        before = self._exchange.protector.protection(key)
        wanted = trailing_of(parameters, protection_of(parameters, before))
        if wanted == before:
            raise refused("not modified", 34040)
        last = self._exchange.last(key[0])
        self._admission.check_protection(direction, last, wanted, instrument)
        self._exchange.protector.protect(key, wanted, self._exchange.now())
        return {}

    def _add_partial(self, parameters: Parameters, key: PositionKey, direction: Direction) -> Row:
        """Add a stop and target for a part: Partial mode never changes what is there."""
        wanted = protection_of(parameters, Protection())
        sizes = [
            number(parameters, name)
            for name, price in (("slSize", wanted.stop_loss), ("tpSize", wanted.take_profit))
            if price is not None
        ]
        size = sizes[0] if sizes else None
        if not size or len(set(sizes)) != 1:
            raise refused("params error: tpSize and slSize are needed and must be the same")
        instrument = self._exchange.instrument(key[0])
        if size % instrument.quantity_step or size > abs(self._ledger.position(key).size):
            raise refused("params error: tpSize or slSize invalid")
        children = self._ledger.children(key)
        if sum(child.stop_order_type.startswith("Partial") for child in children) >= MOST_PARTIAL:
            raise refused("The number of partial TP/SL orders exceeds the limit", 110061)
        last = self._exchange.last(key[0])
        self._admission.check_protection(direction, last, wanted, instrument)
        self._exchange.protector.protect_part(key, wanted, size, self._exchange.now())
        return {}

    def switch_mode(self, parameters: Parameters) -> Row:
        """Switch between one-way (0) and hedge (3) while nothing is open."""
        require_linear(parameters)
        mode = integer(parameters, "mode", -1) if text(parameters, "mode") else -1
        if mode not in (_ONE_WAY, _HEDGE):
            raise refused("params error: mode invalid")
        if not (text(parameters, "symbol") or text(parameters, "coin")):
            raise refused("params error: symbol or coin is needed")
        if (mode == _HEDGE) == self._ledger.hedge:
            raise refused("Position mode is not modified", 110025)
        if any(position.size for position in self._ledger.positions.values()):
            raise refused("You have an existing position, so position mode cannot switch", 110024)
        if self._ledger.live_orders():
            raise refused("You have existing orders, so position mode cannot switch", 110028)
        self._ledger.hedge = mode == _HEDGE
        return {}

    def closed_pnl(self, parameters: Parameters) -> Row:
        """Reductions of positions, net of both fees."""
        if holds_nothing(parameters):
            return no_rows(parameters)
        start, end = window(parameters, self._exchange.now())
        symbol = text(parameters, "symbol")
        chosen = [
            closed
            for closed in self._ledger.closed.values()
            if symbol in ("", closed.order.symbol) and start <= closed.time <= end
        ]
        return page(parameters, chosen, lambda c: c.sequence, closed_row, 50, 100)

    def wallet_balance(self, parameters: Parameters) -> Row:
        """The unified account."""
        if text(parameters, "accountType") != "UNIFIED":
            raise refused("accountType only support UNIFIED.")
        return {"list": [wallet_row(self._ledger)]}

    def info(self, _parameters: Parameters) -> Row:
        """Account settings."""
        return {
            "unifiedMarginStatus": 6,
            "marginMode": "REGULAR_MARGIN",
            "dcpStatus": "OFF",
            "timeWindow": 10,
            "smpGroup": 0,
            "isMasterTrader": False,
            "spotHedgingStatus": "OFF",
            "updatedTime": str(wall_now()),
        }

    def query_api(self, _parameters: Parameters) -> Row:
        """What the key may do."""
        settings = self._exchange.settings
        return {
            "id": settings.uid,
            "note": "simulator",
            "apiKey": settings.api_key,
            "readOnly": 0,
            "secret": "",
            "permissions": {
                "ContractTrade": ["Order", "Position"],
                "Wallet": [],
                "Derivatives": ["DerivativesTrade"],
            },
            "ips": ["*"],
            "type": 1,
            "uta": 1,
            "userID": int(settings.uid),
            "isMaster": True,
        }

    def apply_money(self, parameters: Parameters) -> Row:
        """Add or take (adjustType 1) play money, once a minute."""
        if not self._exchange.settings.demo:
            raise refused("Request API failed, only demo trading is supported")
        amounts = _usdt_amounts(parameters)
        now = wall_now()
        if now < self._money_from:
            raise refused("Too many visits. Exceeded the API Rate Limit.", 10006)
        total = sum(amounts, Decimal(0))
        if not 0 < total <= _MOST_MONEY:
            raise refused("params error: at most 100000 USDT can be requested")
        self._money_from = now + _MONEY_PAUSE_MS
        takes = integer(parameters, "adjustType", 0) == 1
        self._ledger.transfer(-total if takes else total, self._exchange.now())
        self._exchange.tell_wallet()
        return {}

    def _indices(self) -> tuple[int, ...]:
        return (1, 2) if self._ledger.hedge else (0,)

    def _position_direction(self, key: PositionKey) -> Direction:
        if key[1] not in self._indices():
            raise refused("position idx not match position mode")
        direction = self._ledger.position(key).direction
        if direction is None:
            raise refused("can not set tp/sl/ts for zero position")
        return direction


def _usdt_amounts(parameters: Parameters) -> list[Decimal]:
    listed = parameters.get("utaDemoApplyMoney", [{"coin": "USDT", "amountStr": "50000"}])
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        raise refused("params error: utaDemoApplyMoney invalid")
    if any(text(item, "coin") != "USDT" for item in listed):
        raise refused("params error: only USDT is held here")
    return [number(item, "amountStr") or Decimal(0) for item in listed]
