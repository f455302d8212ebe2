"""What messages say: every fact, nothing that HTML would run, one text message."""

from typing import Any

import pytest

from services.notifications.back_off import BackOff
from services.notifications.channels import Message
from services.notifications.notices import notice_of
from services.notifications.occasions import Occasion, Severity, fact_of
from services.notifications.writing import SMS_LENGTH, Manner, compose, digest, trial_notice
from src.database import EventRow

TRADE: dict[str, Any] = {
    "id": 7,
    "signalId": "signal-7",
    "symbol": "BTCUSDT",
    "direction": "short",
    "status": "closed",
    "entryPrice": 64250.1,
    "exitPrice": 63101.5,
    "positionSize": 0.011,
    "stopLoss": 64980.5,
    "takeProfit": 63101.5,
    "realizedPnL": 11.8342,
    "riskAmount": 9.9817,
    "resultR": 1.18559,
    "entryTime": "2026-03-06T07:05:00.000Z",
    "exitTime": "2026-03-06T09:40:00.000Z",
    "exitReason": "target",
    "fees": 0.4932,
    "funding": -0.01,
    "reasons": ["Swept the high of Asia.", "Displaced through a swing low."],
}
SIGNAL: dict[str, Any] = {
    "signalId": "signal-8",
    "symbol": "1000PEPEUSDT",
    "direction": "long",
    "timeframe": "5m",
    "model": "2022",
    "entryPrice": 0.0071234,
    "stopLoss": 0.0070234,
    "takeProfit": 0.0073734,
    "confluenceScore": 72.5,
    "reasons": ["Swept the low of Asia."],
    "time": "2026-03-06T07:05:00.000Z",
}
MOVE: dict[str, Any] = {
    "stop": {"from": 65100.5, "to": 64980.5},
    "target": None,
    "by": "trader@example.com",
}
ALARM = {"detail": "Nothing was heard for 31 seconds."}
PAYLOADS: dict[Occasion, dict[str, Any]] = {
    Occasion.SIGNAL_ARMED: {"signal": SIGNAL},
    Occasion.TRADE_OPENED: {"trade": TRADE | {"exitPrice": None, "resultR": None}},
    Occasion.STOP_MOVED: {"trade": TRADE, "move": MOVE},
    Occasion.TRADE_CLOSED: {"trade": TRADE},
    Occasion.GUARD_TRIPPED: {"guard": {"sentence": "3 R were lost today."}},
    Occasion.POSITION_UNPROTECTED: ALARM,
    Occasion.DATA_STALE: ALARM,
    Occasion.MONITOR_STOPPED: ALARM,
    Occasion.MONITOR_STARTED: ALARM,
    Occasion.MONITOR_SILENT: ALARM,
    Occasion.NEW_LOGIN: {
        "browser": "Firefox on Linux",
        "address": "192.0.2.7",
        "time": "2026-03-06T07:05:00.000Z",
    },
    Occasion.DAILY_SUMMARY: {
        "date": "2026-03-06",
        "from": "2026-03-05T20:00:00.000Z",
        "to": "2026-03-06T20:00:00.000Z",
        "trades": 3,
        "won": 1,
        "resultR": -0.82,
        "net": -8.2,
        "equity": 991.8,
        "open": 1,
    },
}
AMOUNTS = ("11.83", "9.98", "0.011", "0.49", "8.20", "991.80")
"""What payloads hold that somebody may not want to be read over his shoulder."""


def message_of(
    occasion: Occasion, *, simulated: bool = False, hide_amounts: bool = False, **changes: Any
) -> Message:
    payload = {
        name: value | changes if isinstance(value, dict) else value
        for name, value in PAYLOADS[occasion].items()
    }
    return compose(notice_of(occasion, payload), "a key", Manner(simulated, hide_amounts))


def test_a_closed_trade_is_told_with_every_fact() -> None:
    message = message_of(Occasion.TRADE_CLOSED)
    assert message.subject == "Closed: BTCUSDT SHORT at the target, +11.83 USDT (+1.19 R)"
    assert message.text == (
        "Closed: BTCUSDT SHORT at the target, +11.83 USDT (+1.19 R)\n"
        "\n"
        "Symbol: BTCUSDT\n"
        "Direction: short\n"
        "Net result: +11.83 USDT\n"
        "In units of risk: +1.19 R\n"
        "Exit: 63101.5, at the target\n"
        "Entry: 64250.1\n"
        "Stop: 64980.5\n"
        "Target: 63101.5\n"
        "Size: 0.011\n"
        "Risk: 9.98 USDT (1 R)\n"
        "Fees: 0.49 USDT\n"
        "Funding: -0.01 USDT\n"
        "Opened: 2026-03-06 07:05:00 UTC\n"
        "Closed: 2026-03-06 09:40:00 UTC\n"
        "\n"
        "Why:\n"
        "- Swept the high of Asia.\n"
        "- Displaced through a swing low.\n"
        "\n"
        "Sent by your ICT Trading System. Choose what you are told in its settings.\n"
    )


def test_small_prices_keep_their_digits_and_no_exponent() -> None:
    message = message_of(Occasion.SIGNAL_ARMED)
    assert message.subject == "Signal: 1000PEPEUSDT LONG at 0.0071234"
    assert "Reward at the target: 2.50 R" in message.text


@pytest.mark.parametrize("occasion", Occasion)
def test_both_bodies_tell_the_same_facts(occasion: Occasion) -> None:
    message = message_of(occasion)
    for line in message.text.splitlines()[2:]:
        label, _, value = line.partition(": ")
        if value:
            assert f">{label}</td>" in message.html
            assert f">{value}</td>" in message.html


@pytest.mark.parametrize("occasion", Occasion)
def test_a_simulated_market_is_said_everywhere(occasion: Occasion) -> None:
    message = message_of(occasion, simulated=True)
    assert message.subject.startswith("[SIMULATED] ")
    assert message.short.startswith("SIMULATED ")
    assert "SIMULATED MARKET" in message.text
    assert "SIMULATED MARKET" in message.html
    assert "SIMULATED" not in str(message_of(occasion))


@pytest.mark.parametrize("occasion", Occasion)
def test_a_text_message_is_one_even_with_long_numbers(occasion: Occasion) -> None:
    long: dict[str, Any] = {
        "entryPrice": 0.00123456789,
        "stopLoss": 0.00123456788,
        "takeProfit": 0.00123456799,
    }
    for message in (message_of(occasion), message_of(occasion, simulated=True, **long)):
        assert len(message.short) <= SMS_LENGTH
        assert message.short.isascii()


@pytest.mark.parametrize("occasion", [Occasion.SIGNAL_ARMED, Occasion.TRADE_CLOSED])
def test_markup_in_a_payload_stays_text(occasion: Occasion) -> None:
    evil = "<script>alert('x')</script>"
    message = message_of(occasion, symbol=evil, reasons=[evil, "{{ 7 * 7 }}"])
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "{{ 7 * 7 }}" in message.html


@pytest.mark.parametrize("occasion", Occasion)
def test_no_amount_is_left_for_somebody_who_wants_none(occasion: Occasion) -> None:
    assert PAYLOADS.keys() == set(Occasion)
    open_told = message_of(occasion)
    hidden = message_of(occasion, hide_amounts=True)
    for body in (hidden.subject, hidden.short, hidden.text, hidden.html):
        assert not any(amount in body for amount in AMOUNTS)
    if occasion in {Occasion.TRADE_OPENED, Occasion.TRADE_CLOSED, Occasion.DAILY_SUMMARY}:
        assert any(amount in open_told.short for amount in AMOUNTS)
        assert "Amounts are left out" in hidden.html


def test_a_digest_tells_each_of_its_events() -> None:
    notices = [
        (f"2026-03-06 07:0{minute}:00 UTC", notice_of(occasion, PAYLOADS[occasion]))
        for minute, occasion in enumerate((Occasion.TRADE_OPENED, Occasion.TRADE_CLOSED))
    ]
    message = compose(digest(notices, Manner(simulated=False)), "key", Manner(simulated=False))
    assert message.subject == "2 notifications"
    assert "2026-03-06 07:00:00 UTC: Opened: BTCUSDT SHORT at 64250.1" in message.text
    assert "2026-03-06 07:01:00 UTC: Closed: BTCUSDT SHORT at the target, +11.83" in message.text
    discreet = Manner(simulated=False, hide_amounts=True)
    assert "11.83" not in compose(digest(notices, discreet), "key", discreet).text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("stop", "at the stop"),
        ("target", "at the target"),
        ("manual", "by hand"),
        ("liquidation", "by liquidation"),
    ],
)
def test_the_reason_of_an_exit_is_in_the_subject(reason: str, words: str) -> None:
    assert words in message_of(Occasion.TRADE_CLOSED, exitReason=reason).subject


@pytest.mark.parametrize(
    ("changes", "subject", "told"),
    [
        ({}, "Stop moved: BTCUSDT SHORT to 64980.5", "Moved: by trader@example.com"),
        ({"by": "exchange"}, "Stop moved: BTCUSDT SHORT to 64980.5", "Moved: on the exchange"),
        (
            {"stop": None, "target": {"from": 63000.5, "to": 63101.5}},
            "Target moved: BTCUSDT SHORT to 63101.5",
            "Target before: 63000.5",
        ),
        (
            {"target": {"from": 63000.5, "to": 63101.5}},
            "Stop and target moved: BTCUSDT SHORT to 64980.5 and 63101.5",
            "Stop before: 65100.5",
        ),
    ],
)
def test_a_move_says_what_was_moved_from_where_and_by_whom(
    changes: dict[str, Any], subject: str, told: str
) -> None:
    payload = {"trade": TRADE, "move": MOVE | changes}
    message = compose(notice_of(Occasion.STOP_MOVED, payload), "a key", Manner(simulated=False))
    assert message.subject == subject
    assert f"\n{told}\n" in message.text


def test_a_test_message_says_that_it_is_one() -> None:
    message = compose(trial_notice(), "a key", Manner(simulated=False))
    assert message.subject == "Test: notifications reach you"
    assert message.short == "Test: notifications reach you."


def test_waits_double_to_a_limit_and_chance_shortens_them_by_half_at_most() -> None:
    back_off = BackOff(first_ms=1_000, longest_ms=5_000)
    assert [back_off.wait_ms(failures, 0.0) for failures in (1, 2, 3, 4, 99)] == [
        *(1_000, 2_000, 4_000, 5_000, 5_000)
    ]
    assert back_off.wait_ms(1, 1.0) == 500


@pytest.mark.parametrize(
    ("kind", "payload", "occasion"),
    [
        ("monitor_state", {"state": "stale", "detail": "x"}, Occasion.DATA_STALE),
        ("monitor_state", {"state": "halted", "detail": "x"}, Occasion.MONITOR_STOPPED),
        ("monitor_state", {"state": "running", "detail": "x"}, Occasion.MONITOR_STARTED),
        ("protection", ALARM, Occasion.POSITION_UNPROTECTED),
        ("guard", PAYLOADS[Occasion.GUARD_TRIPPED], Occasion.GUARD_TRIPPED),
        ("stop_moved", {"trade": TRADE}, Occasion.STOP_MOVED),
        ("trade_closed", {"trade": TRADE}, Occasion.TRADE_CLOSED),
        ("signal", {"signal": SIGNAL | {"status": "armed"}}, Occasion.SIGNAL_ARMED),
        ("signal", {"signal": SIGNAL | {"status": "refused"}}, None),
        ("equity", {"point": {}}, None),
        ("command", {"command": {}}, None),
    ],
)
def test_each_event_of_the_log_is_its_occasion(
    kind: str, payload: dict[str, Any], occasion: Occasion | None
) -> None:
    fact = fact_of(EventRow(7, kind, 0, payload))
    assert (None if fact is None else fact.occasion) is occasion


def test_a_liquidation_is_critical() -> None:
    liquidated = {"trade": TRADE | {"exitReason": "liquidation"}}
    fact = fact_of(EventRow(7, "trade_closed", 0, liquidated))
    assert fact is not None
    assert fact.severity is Severity.CRITICAL
