"""Bybit through pybit: the only room that speaks of klines, retCodes and topics."""

from src.exchange.bybit.broker import BybitBroker
from src.exchange.bybit.broker_settings import BrokerSettings
from src.exchange.bybit.environment import (
    DEMO,
    LIVE,
    TESTNET,
    ApiKey,
    BybitEnvironment,
    simulator_environment,
)
from src.exchange.bybit.market_data import BybitMarketData
from src.exchange.bybit.reachability import bybit_answers
from src.exchange.bybit.stream import StreamSettings
from src.exchange.bybit.transaction_log import AccountHistory
from src.exchange.bybit.wallet import AccountStatement, account_statement, account_wallet

__all__ = [
    "DEMO",
    "LIVE",
    "TESTNET",
    "AccountHistory",
    "AccountStatement",
    "ApiKey",
    "BrokerSettings",
    "BybitBroker",
    "BybitEnvironment",
    "BybitMarketData",
    "StreamSettings",
    "account_statement",
    "account_wallet",
    "bybit_answers",
    "simulator_environment",
]
