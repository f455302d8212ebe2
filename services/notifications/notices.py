"""What is said of each occasion. Payloads are the wire JSON of src/database/views."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from services.notifications.notice import Line, Notice, moment, money, number, signed
from services.notifications.occasions import Occasion
from src.domain.events import ON_THE_EXCHANGE

Payload = Mapping[str, Any]

_EXITS = {
    "stop": "at the stop",
    "target": "at the target",
    "manual": "by hand",
    "liquidation": "by liquidation",
}


def notice_of(occasion: Occasion, payload: Payload) -> Notice:
    """What a message about `payload` says."""
    return _NOTICES[occasion](payload)


def _signal_armed(payload: Payload) -> Notice:
    signal = payload["signal"]
    what = f"{signal['symbol']} {signal['direction'].upper()}"
    entry, stop, target = signal["entryPrice"], signal["stopLoss"], signal["takeProfit"]
    reward = abs(target - entry) / abs(entry - stop)
    return Notice(
        headline=f"Signal: {what} at {number(entry)}",
        short=f"Signal {what}: entry {number(entry)}, stop {number(stop)}, "
        f"target {number(target)} ({reward:.1f}R), score {signal['confluenceScore']:.0f}",
        facts=(
            *_identity(signal),
            Line("Entry", number(entry)),
            Line("Stop", number(stop)),
            Line("Target", number(target)),
            Line("Reward at the target", f"{reward:.2f} R"),
            Line("Score", f"{signal['confluenceScore']:.0f} of 100"),
            Line("Model", f"{signal['model']} on {signal['timeframe']}"),
            Line("Time", moment(signal["time"])),
        ),
        reasons=tuple(signal["reasons"]),
    )


def _trade_opened(payload: Payload) -> Notice:
    trade = payload["trade"]
    what = f"{trade['symbol']} {trade['direction'].upper()}"
    entry, stop, target = trade["entryPrice"], trade["stopLoss"], trade["takeProfit"]
    return Notice(
        headline=f"Opened: {what} at {number(entry)}",
        short=f"Opened {what} at {number(entry)}, stop {number(stop)}, target {number(target)}",
        outcome=f", size {number(trade['positionSize'])}, risk {money(trade['riskAmount'])}",
        facts=(
            *_identity(trade),
            *_plan(trade),
            Line("Risk", f"{money(trade['riskAmount'])} (1 R)", amount=True),
            Line("Time", moment(trade["entryTime"])),
        ),
        reasons=tuple(trade["reasons"]),
    )


def _stop_moved(payload: Payload) -> Notice:
    trade, move = payload["trade"], payload["move"]
    what = f"{trade['symbol']} {trade['direction'].upper()}"
    moved = {name: move[name] for name in ("stop", "target") if move[name] is not None}
    names = " and ".join(moved).capitalize()
    places = " and ".join(number(place["to"]) for place in moved.values())
    by_hand = move["by"] == ON_THE_EXCHANGE
    return Notice(
        headline=f"{names} moved: {what} to {places}",
        short=f"{names} of {what} moved to {places}{' on the exchange' if by_hand else ''}",
        facts=(
            *_identity(trade),
            *(
                Line(f"{name.capitalize()} before", number(place["from"]))
                for name, place in moved.items()
            ),
            Line("Moved", "on the exchange" if by_hand else f"by {move['by']}"),
            *_plan(trade),
        ),
    )


def _trade_closed(payload: Payload) -> Notice:
    trade = payload["trade"]
    what = f"{trade['symbol']} {trade['direction'].upper()}"
    how = _EXITS.get(trade["exitReason"], str(trade["exitReason"]))
    result = f"{trade['resultR']:+.2f} R"
    net = signed(trade["realizedPnL"])
    return Notice(
        headline=f"Closed: {what} {how}",
        short=f"Closed {what} {how}. In {number(trade['entryPrice'])}, "
        f"out {number(trade['exitPrice'])}",
        outcome=f", {net} ({result})",
        facts=(
            *_identity(trade),
            Line("Net result", net, amount=True),
            Line("In units of risk", result),
            Line("Exit", f"{number(trade['exitPrice'])}, {how}"),
            *_plan(trade),
            Line("Risk", f"{money(trade['riskAmount'])} (1 R)", amount=True),
            Line("Fees", money(trade["fees"]), amount=True),
            Line("Funding", signed(trade["funding"]), amount=True),
            Line("Opened", moment(trade["entryTime"])),
            Line("Closed", moment(trade["exitTime"])),
        ),
        reasons=tuple(trade["reasons"]),
    )


def _alarm(
    headline: str, advice: str, sentence_of: Callable[[Payload], object] = itemgetter("detail")
) -> Callable[[Payload], Notice]:
    """An occasion that carries a sentence of its own."""

    def notice(payload: Payload) -> Notice:
        sentence = str(sentence_of(payload))
        facts = (Line("What happened", sentence),)
        return Notice(headline, f"{headline}. {sentence}", facts=facts, advice=advice)

    return notice


def _new_login(payload: Payload) -> Notice:
    return Notice(
        "New sign-in to your account",
        f"Sign-in from a browser not seen before: {payload['browser']}, {payload['address']}",
        facts=(
            Line("Browser", str(payload["browser"])),
            Line("From", str(payload["address"])),
            Line("Time", moment(str(payload["time"]))),
        ),
        advice="If this was not you, change your password (`flask users password` on the server), "
        "which signs every browser out.",
    )


def _daily_summary(payload: Payload) -> Notice:
    trades, won, result = payload["trades"], payload["won"], payload["resultR"]
    count = f"{trades} trade{'' if trades == 1 else 's'} closed"
    share = f", {won} won" if trades else ""
    return Notice(
        headline=f"Your day {payload['date']}: {count}{share}",
        short=f"{payload['date']}: {count}{share}, {result:+.2f} R",
        outcome=f", {signed(payload['net'])}, equity {money(payload['equity'])}",
        facts=(
            Line("Closed trades", str(trades)),
            Line("Won", str(won)),
            Line("In units of risk", f"{result:+.2f} R"),
            Line("Net result", signed(payload["net"]), amount=True),
            Line("Equity", money(payload["equity"]), amount=True),
            Line("Open trades", str(payload["open"])),
            Line("From", moment(payload["from"])),
            Line("To", moment(payload["to"])),
        ),
    )


_ENGINE_SILENT = _alarm(
    "The trading engine gives no sign of life",
    "Look at the server. Stops on an exchange stay there; paper stops are not watched.",
)
_ENGINE_BACK = _alarm(
    "The trading engine is back", "Paper stops were not watched meanwhile; look at your trades."
)

_NOTICES: Mapping[Occasion, Callable[[Payload], Notice]] = {
    Occasion.SIGNAL_ARMED: _signal_armed,
    Occasion.TRADE_OPENED: _trade_opened,
    Occasion.STOP_MOVED: _stop_moved,
    Occasion.TRADE_CLOSED: _trade_closed,
    Occasion.GUARD_TRIPPED: _alarm(
        "New entries are stopped",
        "The dashboard shows how long, and what each guard allows.",
        lambda payload: payload["guard"]["sentence"],
    ),
    Occasion.POSITION_UNPROTECTED: _alarm(
        "A position was without a stop", "Look at the position on the exchange now."
    ),
    Occasion.DATA_STALE: _alarm(
        "Market data is stale", "New entries wait until prices arrive again; stops stay in place."
    ),
    Occasion.MONITOR_STOPPED: _alarm(
        "The monitor has stopped", "Nothing new is traded. Open trades keep their stops."
    ),
    Occasion.MONITOR_STARTED: _alarm("The monitor is running", ""),
    Occasion.MONITOR_SILENT: lambda payload: (
        _ENGINE_BACK if payload.get("over") else _ENGINE_SILENT
    )(payload),
    Occasion.NEW_LOGIN: _new_login,
    Occasion.DAILY_SUMMARY: _daily_summary,
}


def _identity(subject: Payload) -> tuple[Line, ...]:
    return (Line("Symbol", str(subject["symbol"])), Line("Direction", str(subject["direction"])))


def _plan(trade: Payload) -> tuple[Line, ...]:
    return (
        Line("Entry", number(trade["entryPrice"])),
        Line("Stop", number(trade["stopLoss"])),
        Line("Target", number(trade["takeProfit"])),
        Line("Size", number(trade["positionSize"]), amount=True),
    )
