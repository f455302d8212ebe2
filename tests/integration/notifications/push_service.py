"""A push service on loopback and a browser that is subscribed to it: both ends of RFC 8291."""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import http_ece
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.integration.notifications.servers import QuietHandler, loopback


class Received(NamedTuple):
    """One request: its headers (lower case), the content as the browser reads it, its claims."""

    headers: Mapping[str, str]
    content: dict[str, Any]
    claims: dict[str, Any]


class PushService:
    """Checks signatures with the key browsers were given, decrypts, and answers as scripted."""

    def __init__(self, public_key: str) -> None:
        self._public_key = public_key
        self._browser_key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)
        self.received: list[Received] = []
        self.answers: list[int] = []

    def subscription(self, url: str) -> str:
        """What the browser gives to the page."""
        point = self._browser_key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return json.dumps(
            {
                "endpoint": f"{url}/a-browser",
                "expirationTime": None,
                "keys": {"p256dh": _text(point), "auth": _text(self._secret)},
            }
        )

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Gives the address of the service."""
        service = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:  # noqa: N802 - the name http.server looks for
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = service.answers.pop(0) if service.answers else 201
                if status == 201:
                    service.received.append(service._read(headers, body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        with loopback(Handler) as port:
            yield f"http://127.0.0.1:{port}"

    def _read(self, headers: Mapping[str, str], body: bytes) -> Received:
        kind, _, rest = headers["authorization"].partition(" ")
        assert kind == "vapid"
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert parts["k"].rstrip("=") == self._public_key
        point = base64.urlsafe_b64decode(self._public_key + "==")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"], options={"verify_aud": False})
        clear = http_ece.decrypt(
            body, private_key=self._browser_key, auth_secret=self._secret, version="aes128gcm"
        )
        return Received(headers, json.loads(clear), claims)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
