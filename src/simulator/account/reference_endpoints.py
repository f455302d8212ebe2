"""Signed reference data: fee rates, coins and the account's transaction log."""

from aiohttp import web

from src.simulator.account.exchange import Exchange
from src.simulator.account.numbers import Parameters, fixed, refused, text
from src.simulator.account.private_endpoints import PrivateEndpoints, require_linear
from src.simulator.account.rows import Row
from src.simulator.account.transactions import transaction_page

_FEE_RATES_A_SECOND = 5


class ReferenceEndpoints:
    """What clients ask at their start and accountants afterwards."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self, mount: PrivateEndpoints) -> list[web.RouteDef]:
        """The routes to mount."""
        return [
            mount.get("/v5/account/fee-rate", self.fee_rate, _FEE_RATES_A_SECOND),
            mount.get("/v5/account/transaction-log", self.transaction_log),
            mount.get("/v5/asset/coin/query-info", self.coins, _FEE_RATES_A_SECOND),
        ]

    def fee_rate(self, parameters: Parameters) -> Row:
        """Maker and taker rates; Demo Trading does not serve them."""
        require_linear(parameters)
        if self._exchange.settings.demo:
            raise refused("params error: not supported in demo trading")
        symbol, costs = text(parameters, "symbol"), self._exchange.ledger.costs
        if symbol:
            self._exchange.instrument(symbol)
        listed = [
            {
                "symbol": name,
                "takerFeeRate": fixed(costs.taker_fee_rate),
                "makerFeeRate": fixed(costs.maker_fee_rate),
            }
            for name in ([symbol] if symbol else self._exchange.symbols)
        ]
        return {"category": "linear", "list": listed}

    def transaction_log(self, parameters: Parameters) -> Row:
        """Every change of the wallet, newest first."""
        return transaction_page(parameters, self._exchange.ledger, self._exchange.now())

    def coins(self, _parameters: Parameters) -> Row:
        """The one coin the account holds."""
        chain = {
            "chain": "ETH", "chainType": "ERC20", "confirmation": "6", "withdrawFee": "10",
            "depositMin": "0", "withdrawMin": "20", "chainDeposit": "0", "chainWithdraw": "0",
            "minAccuracy": "6", "withdrawPercentageFee": "0",
        }  # fmt: skip
        coin = {"name": "USDT", "coin": "USDT", "remainAmount": "0", "chains": [chain]}
        return {"rows": [coin]}
