"""Who may use the private side: signatures over the request exactly as it was sent."""

import hashlib
import hmac

from aiohttp import web

from src.simulator.account.model import AccountSettings
from src.simulator.account.numbers import refused
from src.simulator.clock import exchange_now, wall_now

_DEFAULT_WINDOW = 5_000
_FASTEST_CLOCK_MS = 1_000


def signature(secret: str, text: str) -> str:
    """HMAC-SHA256 in lower-case hex."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def verify(request: web.Request, body: str, account: AccountSettings | None) -> AccountSettings:
    """The account the request is signed for; `body` is its raw text (empty for GET).

    Raises RefusedRequestError: 10003 unknown key, 10002 clock, 10004 signature.
    """
    headers = request.headers
    key, sent = headers.get("X-BAPI-API-KEY", ""), headers.get("X-BAPI-TIMESTAMP", "")
    window = headers.get("X-BAPI-RECV-WINDOW") or str(_DEFAULT_WINDOW)
    given = headers.get("X-BAPI-SIGN", "")
    if not (key and sent.isdigit() and given and window.isdigit()):
        raise refused("empty value: apiTimestamp[] apiKey[] apiSignature[]")
    if account is None or not hmac.compare_digest(key.encode(), account.api_key.encode()):
        raise refused("API key is invalid.", 10003)
    now = exchange_now()
    if not now - int(window) <= int(sent) < now + _FASTEST_CLOCK_MS:
        raise refused(
            "invalid request, please check your server timestamp or recv_window param. "
            f"req_timestamp[{sent}],server_timestamp[{now}],recv_window[{window}]",
            10002,
        )
    query = request.raw_path.partition("?")[2]
    payload = query if request.method == "GET" else body
    expected = signature(account.api_secret, f"{sent}{key}{window}{payload}")
    if not hmac.compare_digest(given.lower().encode(), expected.encode()):
        raise refused(f"error sign! origin_string[{sent}{key}{window}{payload}]", 10004)
    return account


def verify_stream(arguments: list[str], account: AccountSettings | None) -> bool:
    """Whether the arguments of a stream's `auth` (key, expiry, signature) are right."""
    if account is None or len(arguments) != 3:
        return False
    key, expires, given = arguments
    if key != account.api_key or not expires.isdigit() or int(expires) <= wall_now():
        return False
    expected = signature(account.api_secret, f"GET/realtime{expires}")
    return hmac.compare_digest(given.lower().encode(), expected.encode())
