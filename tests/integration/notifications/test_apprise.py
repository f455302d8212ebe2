"""Any other service through Apprise, here a webhook on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.notifications.apprise_channel import AppriseChannel
from services.notifications.channels import DeliveryDelayed
from src.domain.errors import InvalidInput
from tests.integration.notifications.servers import QuietHandler, loopback
from tests.integration.notifications.support import MESSAGE


@contextmanager
def webhook(status: int, bodies: list[dict[str, Any]]) -> Iterator[str]:
    """Answers every call with `status`; gives the Apprise URL."""

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name http.server looks for
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with loopback(Handler) as port:
        yield f"json://127.0.0.1:{port}/a-secret-token"


def test_a_message_arrives_with_subject_and_short_text() -> None:
    bodies: list[dict[str, Any]] = []
    with webhook(200, bodies) as url:
        assert AppriseChannel().send(url, MESSAGE) == "json://… took the message"
    [body] = bodies
    assert (body["title"], body["message"]) == (MESSAGE.subject, MESSAGE.short)


def test_a_failure_is_told_in_apprises_words_without_the_secret() -> None:
    with (
        webhook(500, []) as url,
        pytest.raises(DeliveryDelayed, match="error=500") as raised,
    ):
        AppriseChannel().send(url, MESSAGE)
    assert "a-secret-token" not in str(raised.value)


@pytest.mark.parametrize("url", ["", "nonsense", "pigeon://coop/1", "syslog://", "file://x"])
def test_what_reaches_no_person_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        AppriseChannel().check(url)


def test_only_the_kind_of_service_is_shown() -> None:
    channel = AppriseChannel()
    url = channel.check(" tgram://123456789:abcdefg_hijklmnopqrstuvwxyzabcdefg/12315544/ ")
    assert channel.label(url) == "tgram://…"
