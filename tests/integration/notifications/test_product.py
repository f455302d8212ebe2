"""The wired product: a choice over REST, an event in the log, a mail in the box."""

import re
from pathlib import Path

import requests

from src.database import EventLog, open_database
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.web.support import ENVIRONMENT, NOON
from tests.product import DEMO_LOGIN, Product, wait_until
from tests.unit.services.test_notification_writing import TRADE

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def test_two_workers_tell_a_person_once(tmp_path: Path) -> None:
    mailbox = Mailbox()
    with (
        mail_server(mailbox) as port,
        Product(
            tmp_path,
            workers=2,
            SMTP_SERVER="127.0.0.1",
            SMTP_PORT=str(port),
            FROM_EMAIL="alerts@example.com",
        ) as product,
    ):
        token = product.login()
        bearer = {"Authorization": f"Bearer {token}"}
        targets = f"{product.url}/api/notifications/targets"
        added = requests.post(
            targets,
            json={"channel": "email", "address": "trader@example.com"},
            headers=bearer,
            timeout=30,
        ).json()
        code = re.search(r"\d{6}", str(mailbox.mails.pop()["Subject"]))
        assert code is not None
        proven = requests.post(
            f"{targets}/{added['target']['id']}/verify",
            json={"code": code.group()},
            headers=bearer,
            timeout=30,
        )
        assert proven.json()["verified"] is True
        answer = requests.put(
            f"{product.url}/api/notifications/preferences",
            json={
                "enabled": [
                    {"event": event, "channel": "email"} for event in ("trade_closed", "new_login")
                ]
            },
            headers=bearer,
            timeout=30,
        )
        assert answer.status_code == 200
        assert answer.json()["channels"][0]["configured"] is True
        database = open_database(f"sqlite:///{product.database}")
        log = EventLog(database, ENVIRONMENT)

        def told() -> bool:
            # Until the delivery has looked for the first time, what happens is past for it.
            if not mailbox.mails:
                trade = TRADE | {"id": 1_000_000}
                log.append("trade_closed", NOON, {"trade": trade})
            return bool(mailbox.mails)

        wait_until(told, 60, "a mail")
        database.dispose()

        def events() -> list[str]:
            told = product.get("/api/notifications", token)["notifications"]
            return [message["event"] for message in told]

        assert events() == ["trade_closed"]
        # What a sign-in tells is in the outbox before it is answered: nobody needs to wait.
        for browser in (FIREFOX, FIREFOX.replace("130", "131"), CHROME, CHROME):
            sign_in(product, browser)
        assert events() == ["new_login", "new_login", "trade_closed"]
        wait_until(lambda: len(mailbox.mails) == 3, 60, "both sign-ins to be told")
    assert {mail["To"] for mail in mailbox.mails} == {"trader@example.com"}
    browsers = [str(mail.get_body(("plain",))) for mail in mailbox.mails[1:]]
    assert "Browser: Firefox on Linux" in browsers[0]
    assert "Browser: Chrome on Windows" in browsers[1]


def sign_in(product: Product, browser: str) -> None:
    """Sign in as a browser of that name does."""
    answer = requests.post(
        f"{product.url}/api/auth/login",
        json=DEMO_LOGIN,
        headers={"User-Agent": browser},
        timeout=30,
    )
    answer.raise_for_status()
