"""What messages say: every fact, nothing that HTML would run, one text message."""

from typing import Any

import pytest

from services.notifications.channels import Message
from services.notifications.delivery import BackOff
from services.notifications.occasions import Occasion
from services.notifications.writing import SMS_LENGTH, write, write_test

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
PAYLOADS: dict[Occasion, dict[str, Any]] = {
    Occasion.SIGNAL_ARMED: {"signal": SIGNAL},
    Occasion.TRADE_OPENED: {"trade": TRADE | {"exitPrice": None, "resultR": None}},
    Occasion.TRADE_CLOSED: {"trade": TRADE},
}


def message_of(occasion: Occasion, *, simulated: bool = False, **changes: Any) -> Message:
    [(name, subject)] = PAYLOADS[occasion].items()
    return write(occasion, {name: subject | changes}, "a key", simulated=simulated)


def test_a_closed_trade_is_told_with_every_fact() -> None:
    message = message_of(Occasion.TRADE_CLOSED)
    assert message.subject == "Closed: BTCUSDT SHORT at the target, +11.83 USDT (+1.19 R)"
    assert message.text == (
        "Closed: BTCUSDT SHORT at the target, +11.83 USDT (+1.19 R)\n"
        "\n"
        "Symbol: BTCUSDT\n"
        "Direction: short\n"
        "Net result: +11.83 USDT (+1.19 R)\n"
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
        "Sent by your ICT Trading System. Choose what you are told in its settings."
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
    long = {"entryPrice": 0.00123456789, "stopLoss": 0.00123456788, "takeProfit": 0.00123456799}
    for message in (message_of(occasion), message_of(occasion, simulated=True, **long)):
        assert len(message.short) <= SMS_LENGTH
        assert message.short.isascii()


@pytest.mark.parametrize("occasion", Occasion)
def test_markup_in_a_payload_stays_text(occasion: Occasion) -> None:
    evil = "<script>alert('x')</script>"
    message = message_of(occasion, symbol=evil, reasons=[evil, "{{ 7 * 7 }}"])
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "{{ 7 * 7 }}" in message.html


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


def test_a_test_message_says_that_it_is_one() -> None:
    message = write_test("a key", simulated=False)
    assert message.subject == "Test: notifications reach you"
    assert message.short == "Test: notifications reach you."


def test_waits_double_to_a_limit_and_chance_shortens_them_by_half_at_most() -> None:
    back_off = BackOff(first_ms=1_000, longest_ms=5_000)
    assert [back_off.wait_ms(failures, 0.0) for failures in (1, 2, 3, 4, 99)] == [
        *(1_000, 2_000, 4_000, 5_000, 5_000)
    ]
    assert back_off.wait_ms(1, 1.0) == 500
