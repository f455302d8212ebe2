"""Notifications as a person sets them up: an address, its code, a choice, a message on a screen."""

import json
import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import SENDER
from tests.e2e.test_trading_day import PATIENCE, log_in
from tests.integration.notifications.servers import Mailbox
from tests.product import Product, wait_until

TRADER = "trader@example.com"


def test_a_proven_address_is_told_of_the_next_trade(page: Page, mailbox: Mailbox) -> None:
    log_in(page)
    page.get_by_role("link", name="Notifications").click()
    mail = page.get_by_role("region", name="E-mail")
    mail.get_by_label("E-mail address").fill(TRADER)
    mail.get_by_role("button", name="Add and send a code").click()
    wait_until(lambda: mailbox.mails, 60, "the code")
    code = re.search(r"\d{6}", str(mailbox.mails[0]["Subject"]))
    assert code is not None
    mail.get_by_label("Code sent to t…@example.com").fill(code.group())
    mail.get_by_role("button", name="Confirm").click()
    mail.get_by_role("button", name="Send test to t…@example.com").click()
    expect(mail.get_by_role("status")).to_contain_text("Sent: 250")
    page.get_by_role("checkbox", name="A trade closes: E-mail").check()
    page.get_by_role("checkbox", name="A signal is armed: E-mail").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="A trade closes: E-mail")).to_be_checked()
    wait_until(lambda: len(mailbox.mails) > 2, PATIENCE / 1000, "a message about trading")
    told = mailbox.mails[2]
    assert (told["From"], told["To"]) == (f"ICT Trading System <{SENDER}>", TRADER)
    assert re.search(r"Signal|Closed|notifications", str(told["Subject"]))


def test_a_push_message_becomes_a_notification_of_the_browser(page: Page, product: Product) -> None:
    """The service worker under the product's own security policy, a message as we send them."""
    page.context.grant_permissions(["notifications"], origin=product.url)
    page.goto("/")
    page.evaluate(
        "async () => { await navigator.serviceWorker.register('/sw.js'); "
        "await navigator.serviceWorker.ready }"
    )
    devtools = page.context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(
            each["registrationId"] for each in event["registrations"]
        ),
    )
    devtools.send("ServiceWorker.enable")
    wait_until(lambda: page.evaluate("1") and registrations, 60, "the service worker")
    message = {"title": "Closed: BTCUSDT LONG", "body": "+1.19 R", "tag": "a", "urgent": False}
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": product.url,
            "registrationId": registrations[0],
            "data": json.dumps(message),
        },
    )
    shown = (
        "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
        ".map(({title, body, tag}) => [title, body, tag])"
    )
    wait_until(lambda: page.evaluate(shown), 60, "the notification")
    assert page.evaluate(shown) == [["Closed: BTCUSDT LONG", "+1.19 R", "a"]]
