"""Turns notices into messages: e-mail, plain text and one text message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.channels import Message
from services.notifications.mail import PICTURE_ID
from services.notifications.notice import Line, Notice

SMS_LENGTH = 160
"""Characters of one text message, as long as all of them are in its basic alphabet."""

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How messages are to be written for one reader.

    `simulated`: the market is not a real one, and every message says so. `hide_amounts` leaves
    out what the account is worth, wins and loses.
    """

    simulated: bool
    hide_amounts: bool = False


def compose(
    notice: Notice,
    key: str,
    manner: Manner,
    *,
    picture: bytes | None = None,
    unsubscribe: str | None = None,
    urgent: bool = False,
) -> Message:
    """The bodies of a message, with everything escaped that HTML would understand."""
    notice = _discreet(notice) if manner.hide_amounts else notice
    words = {
        "notice": notice,
        "subject": _subject(notice, manner),
        "simulated": manner.simulated,
        "hidden": manner.hide_amounts,
        "picture": PICTURE_ID if picture else None,
        "unsubscribe": unsubscribe,
    }
    short = f"{notice.short}{notice.outcome}"
    return Message(
        key=key,
        subject=_subject(notice, manner),
        text=_templates.get_template("message.txt").render(words),
        html=_templates.get_template("message.html").render(words),
        short=_short(f"SIMULATED {short}" if manner.simulated else short),
        picture=picture,
        unsubscribe=unsubscribe,
        urgent=urgent,
    )


def digest(items: Sequence[tuple[str, Notice]], manner: Manner) -> Notice:
    """One notice of many: `items` are (time, notice), oldest first."""
    shown = [(time, _discreet(notice) if manner.hide_amounts else notice) for time, notice in items]
    count = f"{len(shown)} notifications"
    return Notice(
        headline=count,
        short=f"{count}, the last: {shown[-1][1].short}{shown[-1][1].outcome}",
        facts=tuple(Line(time, f"{notice.headline}{notice.outcome}") for time, notice in shown),
    )


def trial_notice() -> Notice:
    """What a test message says."""
    return Notice("Test: notifications reach you", "Test: notifications reach you.")


def code_notice(code: str, minutes: int) -> Notice:
    """What a message says that finds out whether an address is its owner's."""
    return Notice(
        f"Your code is {code}",
        f"Your code is {code}. It is good for {minutes} minutes.",
        facts=(Line("Code", code), Line("Good for", f"{minutes} minutes")),
        advice="Somebody wants notifications sent here. If it was not you, do nothing.",
    )


def _discreet(notice: Notice) -> Notice:
    kept = tuple(line for line in notice.facts if not line.amount)
    return replace(notice, outcome="", facts=kept)


def _subject(notice: Notice, manner: Manner) -> str:
    headline = f"{notice.headline}{notice.outcome}"
    return f"[SIMULATED] {headline}" if manner.simulated else headline


def _short(text: str) -> str:
    """At most one text message, in characters that never make it two."""
    plain = " ".join(text.encode("ascii", "ignore").decode().split())
    return plain if len(plain) <= SMS_LENGTH else plain[: SMS_LENGTH - 3] + "..."
