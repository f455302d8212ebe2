"""The wired product: a choice over REST, an event in the log, a mail in the box."""

import re
from pathlib import Path

import requests

from src.database import EventLog, open_database
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.web.support import ENVIRONMENT, NOON
from tests.product import Product, wait_until
from tests.unit.services.test_notification_writing import TRADE


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
            timeout=10,
        ).json()
        code = re.search(r"\d{6}", str(mailbox.mails.pop()["Subject"]))
        assert code is not None
        proven = requests.post(
            f"{targets}/{added['target']['id']}/verify",
            json={"code": code.group()},
            headers=bearer,
            timeout=10,
        )
        assert proven.json()["verified"] is True
        answer = requests.put(
            f"{product.url}/api/notifications/preferences",
            json={"enabled": [{"event": "trade_closed", "channel": "email"}]},
            headers=bearer,
            timeout=10,
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
        statuses = [
            message["status"]
            for message in product.get("/api/notifications", token)["notifications"]
        ]
        assert len(statuses) == 1
    assert [mail["To"] for mail in mailbox.mails] == ["trader@example.com"]
