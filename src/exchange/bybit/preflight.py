"""What must be true of host, key and account before anything is traded, each with its remedy."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from src.domain.errors import (
    AuthFatal,
    ExchangeError,
    NotFitToTrade,
    RateLimited,
    RegionBlocked,
    Rejected,
    Unavailable,
)
from src.domain.ports import Clock
from src.exchange.bybit.clock_check import ClockCheck
from src.exchange.bybit.environment import ApiKey, BybitEnvironment
from src.exchange.bybit.orders import number, wallet_of
from src.exchange.bybit.signed_client import SignedClient

log = logging.getLogger(__name__)

_TIMEOUT = 10.0
_UNIFIED = (3, 4, 5, 6)
_SITES = {
    "live": "bybit.com",
    "demo": "Demo Trading of bybit.com",
    "testnet": "testnet.bybit.com",
    "simulator": "the settings of the simulator",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `remedy` is empty when all is well; a warning does not stop trading.

    `cause` is what the exchange raised, if that is why the check failed.
    """

    name: str
    finding: str
    remedy: str = ""
    is_warning: bool = False
    cause: ExchangeError | None = None

    @property
    def passed(self) -> bool:
        """Whether trading may start as far as this check is concerned."""
        return self.is_warning or not self.remedy


def require_fit(
    environment: BybitEnvironment,
    key: ApiKey,
    clock: Clock,
    symbols: Sequence[str],
    uid: str | None = None,
) -> None:
    """Raise NotFitToTrade with a sentence for every failed check.

    What a later try may mend, and a region that is shut out, is raised as it is.
    """
    checks = preflight(environment, key, clock, symbols, uid)
    for check in checks:
        if check.remedy:
            log.warning("%s: %s %s", check.name, check.finding, check.remedy)
    failed = [check for check in checks if not check.passed]
    for check in failed:
        if isinstance(check.cause, (RegionBlocked, Unavailable, RateLimited)):
            raise check.cause
    if failed:
        raise NotFitToTrade(" ".join(f"{c.name}: {c.finding} {c.remedy}" for c in failed))


def preflight(
    environment: BybitEnvironment,
    key: ApiKey,
    clock: Clock,
    symbols: Sequence[str],
    uid: str | None = None,
) -> list[Check]:
    """Every check that could be made; none after one without which the others mean nothing.

    `uid` is the account that must be meant, None where any may be.
    """
    client = SignedClient(environment, key, clock, _TIMEOUT)
    try:
        return _Preflight(client, environment, symbols, uid).run(clock)
    finally:
        client.close()


class _Preflight:
    """One run of the checks."""

    def __init__(
        self,
        client: SignedClient,
        environment: BybitEnvironment,
        symbols: Sequence[str],
        uid: str | None,
    ) -> None:
        self._client = client
        self._environment = environment
        self._symbols = symbols
        self._uid = uid
        self._traded: list[str] = []

    def run(self, clock: Clock) -> list[Check]:
        host = self._guarded("host", lambda: self._host(clock))
        if not host[0].passed:
            return host
        key = self._guarded("key", self._key)
        if not key[0].passed and isinstance(key[0].cause, AuthFatal | RegionBlocked):
            return [*host, *key]
        checks = (
            ("account", self._account),
            ("instruments", self._instruments),
            ("position mode", self._position_mode),
            ("balance", self._balance),
        )
        return [*host, *key, *(c for name, ask in checks for c in self._guarded(name, ask))]

    def _guarded(self, name: str, ask: Callable[[], list[Check]]) -> list[Check]:
        try:
            return ask()
        except ExchangeError as error:
            return [Check(name, f"{error}", _remedy_of(error, self._environment), cause=error)]

    def _host(self, clock: Clock) -> list[Check]:
        measured = ClockCheck(self._client, clock)
        measured.measure()
        where = f"{self._environment.rest_url} answers ({self._environment.kind})."
        complaint = measured.complaint()
        drift = f"This machine's clock differs by {abs(measured.skew_ms)} ms."
        remedy = "" if complaint is None else "Set it by NTP; at most 500 ms are allowed."
        return [Check("host", where), Check("clock", drift, remedy)]

    def _key(self) -> list[Check]:
        try:
            facts = self._client.read("get_api_key_information", dict)
        except Rejected as refused:
            if self._environment.kind != "demo":
                raise
            unknown = f"Demo does not tell what the key may do ({refused})."
            return [Check("key", unknown, "See that it has no right to withdraw.", is_warning=True)]
        checks = [
            Check("key", _kind_of(facts), _key_remedy(facts)),
            Check("withdrawal", *_withdrawal(facts)),
            Check("IP binding", *_binding(facts), is_warning=True),
        ]
        if self._uid is not None and str(facts.get("userID")) != self._uid:
            finding = f"The key belongs to account {facts.get('userID')}."
            remedy = (
                f"LIVE_TRADING_CONFIRM names {self._uid}: write the uid of the account that shall "
                "be traded, or use its key."
            )
            checks.append(Check("uid", finding, remedy))
        return checks

    def _account(self) -> list[Check]:
        status = self._client.read("get_account_info", lambda r: int(r["unifiedMarginStatus"]))
        if status in _UNIFIED:
            return [Check("account", f"It is a unified trading account (status {status}).")]
        remedy = "Upgrade it to a Unified Trading Account on Bybit's site."
        return [Check("account", f"It is a classic account (status {status}).", remedy)]

    def _position_mode(self) -> list[Check]:
        name = "position mode"
        rows = [
            row
            for symbol in self._traded
            for row in self._client.read(
                "get_positions", lambda r: list(r["list"]), category="linear", symbol=symbol
            )
        ]
        hedged = sorted({str(row["symbol"]) for row in rows if row["positionIdx"] != 0})
        held = sorted({str(r["symbol"]) for r in rows if r["positionIdx"] and number(r["size"])})
        if held:
            remedy = "Close it, then switch the account to one-way mode."
            return [Check(name, f"Hedge-mode positions are open in {', '.join(held)}.", remedy)]
        if hedged:
            return [Check(name, "Hedge mode; the start switches it to one-way mode.")]
        return [Check(name, "One-way mode.")]

    def _balance(self) -> list[Check]:
        cash = self._client.read(
            "get_wallet_balance", lambda r: wallet_of(r["list"][0]).cash,
            accountType="UNIFIED", coin="USDT",
        )  # fmt: skip
        ask = "request demo funds" if self._environment.kind == "demo" else "deposit some"
        remedy = "" if cash > 0 else f"Trading needs USDT in the unified account: {ask}."
        return [Check("balance", f"{cash.normalize():f} USDT.", remedy)]

    def _instruments(self) -> list[Check]:
        self._traded = [symbol for symbol in self._symbols if self._trades(symbol)]
        missing = [symbol for symbol in self._symbols if symbol not in self._traded]
        if not missing:
            return [Check("instruments", f"{', '.join(self._symbols)} can be traded.")]
        finding = f"{', '.join(missing)} cannot be traded here as a linear perpetual."
        return [Check("instruments", finding, "Take it out of SYMBOLS.")]

    def _trades(self, symbol: str) -> bool:
        try:
            rows = self._client.read(
                "get_instruments_info", lambda r: list(r["list"]), category="linear", symbol=symbol
            )
        except Rejected:
            return False
        return any(row["symbol"] == symbol and row["status"] == "Trading" for row in rows)


def _kind_of(facts: Mapping[str, Any]) -> str:
    kind = "third-party app" if facts.get("type") == 2 else "personal"
    rights = "read only" if facts.get("readOnly") == 1 else "read and write"
    return f"A {kind} key of account {facts.get('userID')}, {rights}."


def _key_remedy(facts: Mapping[str, Any]) -> str:
    rights = facts.get("permissions") or {}
    contract = set(rights.get("ContractTrade") or ())
    if facts.get("readOnly") == 1:
        return "Make a key with read and write rights."
    if {"Order", "Position"} <= contract or rights.get("Derivatives"):
        return ""
    return "Give the key the rights Orders and Positions of Unified Trading contracts."


def _withdrawal(facts: Mapping[str, Any]) -> tuple[str, str]:
    rights = (facts.get("permissions") or {}).get("Wallet") or ()
    if "Withdraw" in rights:
        return "The key may withdraw.", "Make one without that right: trading never needs it."
    return "The key cannot withdraw.", ""


def _binding(facts: Mapping[str, Any]) -> tuple[str, str]:
    addresses = [str(address) for address in facts.get("ips") or () if address != "*"]
    if addresses:
        return f"The key works from {len(addresses)} addresses only.", ""
    expires = str(facts.get("expiredAt") or "")[:10]
    finding = f"The key works from every address{f' until {expires}' if expires else ''}."
    return finding, "Bind it to this machine's address: unbound keys expire after 90 days."


def _remedy_of(error: ExchangeError, environment: BybitEnvironment) -> str:
    if isinstance(error, RegionBlocked):
        return "Run it where Bybit serves, and wait ten minutes before the next try."
    if isinstance(error, AuthFatal):
        site = _SITES[environment.kind]
        return f"Check BYBIT_API_KEY and BYBIT_API_SECRET: they must come from {site}."
    if isinstance(error, Unavailable | RateLimited):
        return "Check the network and Bybit's status page, then try again."
    return "Change what this message names, then try again."
