"""Web Push: encrypted messages to the browsers of a user (RFC 8030, 8291, 8292)."""

import base64
import hashlib
import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel, ConfigDict, ValidationError

from services.notifications.channels import (
    ChannelDown,
    DeliveryDelayed,
    DeliveryRefused,
    Message,
    TargetGone,
)
from services.notifications.secret_box import kept_file
from src.domain.errors import InvalidInput

TIMEOUT_SECONDS = 10.0
LIFETIME_SECONDS = 4 * 3_600
"""For how long a push service keeps a message for a browser that is not there."""

BODY_BYTES = 3_000
"""Push services take 4,096 bytes, encrypted."""

_GONE = frozenset({404, 410})
_OF_THE_SERVER = frozenset({401, 403, 429})


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    p256dh: str
    auth: str


class _Subscription(BaseModel):
    """What a browser's PushSubscription.toJSON() holds."""

    model_config = ConfigDict(extra="ignore", strict=True)

    endpoint: str
    keys: _Keys


@dataclass(frozen=True, slots=True)
class PushSettings:
    """The file of the server's own key, made when missing, and whom a push service may write to.

    `contact` is a mailto: or https: address. `loopback` lets tests stand in for a push service.
    """

    key_file: Path
    contact: str
    loopback: bool = False


class PushChannel:
    """Sends to browsers; an address is the JSON of a browser's subscription."""

    name = "push"
    missing = None

    def __init__(self, settings: PushSettings, timeout: float = TIMEOUT_SECONDS) -> None:
        self._settings = settings
        self._timeout = timeout

    @property
    def public_key(self) -> str:
        """The key browsers subscribe with: an uncompressed point, base64url without padding."""
        point = (
            self._private_key()
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def check(self, address: str) -> str:
        """The subscription in one spelling. Raises InvalidInput when a browser made no such."""
        try:
            subscription = _Subscription.model_validate_json(address)
        except ValidationError as error:
            raise InvalidInput(
                "This is not a push subscription of a browser.", field="address"
            ) from error
        self._check_endpoint(subscription.endpoint)
        return subscription.model_dump_json()

    def label(self, address: str) -> str:
        """The push service, such as `fcm.googleapis.com`."""
        return urlsplit(_Subscription.model_validate_json(address).endpoint).hostname or ""

    def send(self, address: str, message: Message) -> str:
        """Encrypt for the browser and hand over. Raises what Channel.send names."""
        from py_vapid import Vapid02
        from pywebpush import WebPushException, webpush

        subscription = _Subscription.model_validate_json(address)
        topic = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        with requests.Session() as session:
            session.max_redirects = 0
            try:
                answer: Any = webpush(
                    subscription.model_dump(),
                    data=_body(message, topic),
                    vapid_private_key=Vapid02(private_key=self._private_key()),
                    vapid_claims={"sub": self._settings.contact},
                    ttl=LIFETIME_SECONDS,
                    timeout=self._timeout,
                    headers={"Topic": topic, "Urgency": "high" if message.urgent else "normal"},
                    requests_session=session,
                )
            except WebPushException as error:
                raise _failure(error.response, str(error)) from error
            except requests.RequestException as error:
                raise ChannelDown(f"The push service did not answer: {error}") from error
        return f"{answer.status_code} {answer.reason}"

    def _check_endpoint(self, endpoint: str) -> None:
        """Browsers name push services; a hand-made subscription must not name a neighbour."""
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
        if self._settings.loopback and host == "127.0.0.1":
            return
        try:
            ipaddress.ip_address(host)
            named = False
        except ValueError:
            named = "." in host and not host.endswith((".local", ".internal", ".localhost"))
        if parts.scheme != "https" or not named:
            raise InvalidInput("A push service has an https address.", field="address")

    def _private_key(self) -> ec.EllipticCurvePrivateKey:
        pem = kept_file(self._settings.key_file, _new_key)
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ChannelDown(f"{self._settings.key_file} does not hold a P-256 key.")
        return key


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _body(message: Message, topic: str) -> str:
    text = message.short.encode()[:BODY_BYTES].decode("utf-8", "ignore")
    return json.dumps(
        {"title": message.subject, "body": text, "tag": topic, "urgent": message.urgent}
    )


def _failure(response: Any, text: str) -> DeliveryDelayed | DeliveryRefused:
    if response is None:
        return DeliveryRefused(text)
    answer = f"{response.status_code} {response.reason} {response.text}".strip()[:300]
    if response.status_code in _GONE:
        return TargetGone(f"{answer}: the browser no longer listens.")
    if response.status_code in _OF_THE_SERVER:
        return ChannelDown(answer)
    if 400 <= response.status_code < 500:
        return DeliveryRefused(answer)
    return DeliveryDelayed(answer)
