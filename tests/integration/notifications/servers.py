"""A real mail server and a stand-in for Twilio's API, both on loopback."""

import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as SMTP
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from bench.ports import free_port


class Mailbox:
    """Keeps what arrives. `answers` are given instead of 250, one a message; None is 250.

    `refused` gives the answer to recipients that are not taken.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str | None] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        self.mails.append(mail)
        return f"250 OK: message {len(self.mails)}"

    def holds(self, count: int) -> Callable[[], bool]:
        """The condition that `count` mails have arrived."""
        return lambda: len(self.mails) == count

    def keys(self) -> list[str]:
        """The Message-ID of every mail, in the order of arrival."""
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextmanager
def mail_server(
    mailbox: Mailbox,
    *,
    tls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
    port: int | None = None,
) -> Iterator[int]:
    """Serves `mailbox`; gives the port. With `tls` it insists on STARTTLS, with `login` on that."""

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert login is not None
        assert isinstance(data, LoginPassword)
        return AuthResult(
            success=(data.login.decode(), data.password.decode()) == login, handled=False
        )

    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port or free_port(),
        tls_context=tls,
        require_starttls=tls is not None,
        authenticator=authenticate if login else None,
        auth_required=login is not None,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, freshly made."""
    certificate_file, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate_file)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate_file, key


class QuietHandler(BaseHTTPRequestHandler):
    """A provider's end of HTTP; says nothing on the terminal."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
        """Keep quiet."""


@contextmanager
def loopback(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serves on a free port of this machine; gives the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TwilioApi:
    """Twilio's Messages resource: answers as scripted, 201 otherwise, and keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self.answers: list[tuple[int, Mapping[str, object]]] = []

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Gives the address to use in place of Twilio's."""
        api = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode())
                api.requests.append({name: values[0] for name, values in form.items()})
                taken = (201, {"sid": f"SM{len(api.requests)}", "status": "queued"})
                status, body = api.answers.pop(0) if api.answers else taken
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        with loopback(Handler) as port:
            yield f"http://127.0.0.1:{port}"
