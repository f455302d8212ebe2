"""What a notification says: the facts of an event as e-mail, plain text and one text message.

Payloads are the wire JSON of src/database/views. Numbers use a point and no grouping, times are
UTC, so that no reader can take them for something else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.channels import Message
from services.notifications.occasions import Occasion

SMS_LENGTH = 160
"""Characters of one text message, as long as all of them are in its basic alphabet."""

_EXITS = {
    "stop": "at the stop",
    "target": "at the target",
    "manual": "by hand",
    "liquidation": "by liquidation",
}
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """The content of a message: a headline, facts in the order to read them, reasons."""

    headline: str
    short: str
    facts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    simulated: bool = False

    @property
    def subject(self) -> str:
        """The headline, which says so when the market is not a real one."""
        return f"[SIMULATED] {self.headline}" if self.simulated else self.headline


def write(occasion: Occasion, payload: Mapping[str, Any], key: str, *, simulated: bool) -> Message:
    """The message that tells of one event."""
    return compose(_NOTICES[occasion](payload, simulated), key)


def write_test(key: str, *, simulated: bool) -> Message:
    """The message that shows that a channel works."""
    headline = "Test: notifications reach you"
    return compose(Notice(headline, f"{headline}.", simulated=simulated), key)


def compose(notice: Notice, key: str) -> Message:
    """The bodies of a message, with everything escaped that HTML would understand."""
    return Message(
        key=key,
        subject=notice.subject,
        text=_templates.get_template("message.txt").render(notice=notice),
        html=_templates.get_template("message.html").render(notice=notice),
        short=_short(f"SIMULATED {notice.short}" if notice.simulated else notice.short),
    )


def _signal_armed(payload: Mapping[str, Any], simulated: bool) -> Notice:
    signal = payload["signal"]
    symbol, direction = signal["symbol"], signal["direction"].upper()
    entry, stop, target = signal["entryPrice"], signal["stopLoss"], signal["takeProfit"]
    reward = abs(target - entry) / abs(entry - stop)
    return Notice(
        headline=f"Signal: {symbol} {direction} at {_number(entry)}",
        short=f"Signal {symbol} {direction}: entry {_number(entry)}, stop {_number(stop)}, "
        f"target {_number(target)} ({reward:.1f}R), score {signal['confluenceScore']:.0f}",
        facts=(
            *_identity(signal),
            ("Entry", _number(entry)),
            ("Stop", _number(stop)),
            ("Target", _number(target)),
            ("Reward at the target", f"{reward:.2f} R"),
            ("Score", f"{signal['confluenceScore']:.0f} of 100"),
            ("Model", f"{signal['model']} on {signal['timeframe']}"),
            ("Time", _time(signal["time"])),
        ),
        reasons=tuple(signal["reasons"]),
        simulated=simulated,
    )


def _trade_opened(payload: Mapping[str, Any], simulated: bool) -> Notice:
    trade = payload["trade"]
    symbol, direction = trade["symbol"], trade["direction"].upper()
    entry, stop, target = trade["entryPrice"], trade["stopLoss"], trade["takeProfit"]
    return Notice(
        headline=f"Opened: {symbol} {direction} at {_number(entry)}",
        short=f"Opened {symbol} {direction} {_number(trade['positionSize'])} at {_number(entry)}, "
        f"stop {_number(stop)}, target {_number(target)}, risk {trade['riskAmount']:.2f} USDT",
        facts=(
            *_identity(trade),
            *_plan(trade),
            ("Risk", f"{trade['riskAmount']:.2f} USDT (1 R)"),
            ("Time", _time(trade["entryTime"])),
        ),
        reasons=tuple(trade["reasons"]),
        simulated=simulated,
    )


def _trade_closed(payload: Mapping[str, Any], simulated: bool) -> Notice:
    trade = payload["trade"]
    symbol, direction = trade["symbol"], trade["direction"].upper()
    net, result = trade["realizedPnL"], trade["resultR"]
    how = _EXITS.get(trade["exitReason"], str(trade["exitReason"]))
    outcome = f"{net:+.2f} USDT ({result:+.2f} R)"
    return Notice(
        headline=f"Closed: {symbol} {direction} {how}, {outcome}",
        short=f"Closed {symbol} {direction} {how}: {outcome}. In {_number(trade['entryPrice'])}, "
        f"out {_number(trade['exitPrice'])}",
        facts=(
            *_identity(trade),
            ("Net result", outcome),
            ("Exit", f"{_number(trade['exitPrice'])}, {how}"),
            *_plan(trade),
            ("Risk", f"{trade['riskAmount']:.2f} USDT (1 R)"),
            ("Fees", f"{trade['fees']:.2f} USDT"),
            ("Funding", f"{trade['funding']:+.2f} USDT"),
            ("Opened", _time(trade["entryTime"])),
            ("Closed", _time(trade["exitTime"])),
        ),
        reasons=tuple(trade["reasons"]),
        simulated=simulated,
    )


_NOTICES: Mapping[Occasion, Callable[[Mapping[str, Any], bool], Notice]] = {
    Occasion.SIGNAL_ARMED: _signal_armed,
    Occasion.TRADE_OPENED: _trade_opened,
    Occasion.TRADE_CLOSED: _trade_closed,
}


def _identity(subject: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (("Symbol", str(subject["symbol"])), ("Direction", str(subject["direction"])))


def _plan(trade: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (
        ("Entry", _number(trade["entryPrice"])),
        ("Stop", _number(trade["stopLoss"])),
        ("Target", _number(trade["takeProfit"])),
        ("Size", _number(trade["positionSize"])),
    )


def _number(value: float) -> str:
    """Twelve digits at most, no exponent, no trailing zeros."""
    text = f"{value:.{max(0, 12 - len(str(int(abs(value)))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(iso: str) -> str:
    return f"{iso[:10]} {iso[11:19]} UTC"


def _short(text: str) -> str:
    """At most one text message, in characters that never make it two."""
    plain = " ".join(text.encode("ascii", "ignore").decode().split())
    return plain if len(plain) <= SMS_LENGTH else plain[: SMS_LENGTH - 3] + "..."
