"""The picture in an e-mail: recent candles with entry, stop and target. PNG, as mail readers want.

Prices map to pixels in one function; colours are those of the dashboard and tell apart without
red and green (filled and hollow candles).
"""

import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from services.notifications.notice import number
from src.domain.candle import Candle

WIDTH, HEIGHT = 640, 400
"""Small enough that the words can still be read when a phone halves it."""

CANDLES = 60
_RIGHT, _TOP, _BOTTOM, _LEFT = 196, 24, 24, 8
_PAPER, _INK = "#ffffff", "#16191d"
_UP, _DOWN = "#0b7a5b", "#b3382c"


class Level(NamedTuple):
    """A horizontal line with its name."""

    name: str
    price: float
    colour: str


def levels_of(entry: float, stop: float, target: float, exit_: float | None) -> tuple[Level, ...]:
    """The lines of a plan and, once closed, where it ended."""
    lines = (
        Level("target", target, _UP),
        Level("entry", entry, "#1f5fbf"),
        Level("stop", stop, _DOWN),
    )
    return lines if exit_ is None else (*lines, Level("exit", exit_, _INK))


def draw(candles: Sequence[Candle], levels: Sequence[Level]) -> bytes | None:
    """The PNG; None without candles."""
    shown = list(candles)[-CANDLES:]
    if not shown:
        return None
    lowest = min([c.low for c in shown] + [level.price for level in levels])
    highest = max([c.high for c in shown] + [level.price for level in levels])
    span = (highest - lowest) or highest or 1.0

    def y(price: float) -> float:
        return _TOP + (highest - price) / span * (HEIGHT - _TOP - _BOTTOM)

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    step = (WIDTH - _LEFT - _RIGHT) / CANDLES
    for index, candle in enumerate(shown):
        _draw_candle(pen, candle, _LEFT + (index + 0.5) * step, step * 0.35, y)
    _draw_levels(pen, levels, y)
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _draw_candle(
    pen: ImageDraw.ImageDraw, candle: Candle, x: float, half: float, y: Callable[[float], float]
) -> None:
    rises = candle.close >= candle.open
    colour = _UP if rises else _DOWN
    top, bottom = y(max(candle.open, candle.close)), y(min(candle.open, candle.close))
    pen.line((x, y(candle.high), x, y(candle.low)), fill=colour, width=1)
    pen.rectangle(
        (x - half, top, x + half, max(bottom, top + 1)),
        fill=_PAPER if rises else colour,
        outline=colour,
    )


def _draw_levels(
    pen: ImageDraw.ImageDraw, levels: Sequence[Level], y: Callable[[float], float]
) -> None:
    font = ImageFont.load_default(size=22)
    free_from = 0.0
    for level in sorted(levels, key=lambda level: -level.price):
        line = y(level.price)
        # Labels of near levels are pushed down, so that each can be read.
        text_at = max(line - 13, free_from)
        free_from = text_at + 27
        end = WIDTH - _RIGHT
        pen.line((_LEFT, line, end, line), fill=level.colour, width=2)
        pen.line((end, line, end + 8, text_at + 13), fill=level.colour, width=1)
        pen.text(
            (end + 12, text_at), f"{level.name} {number(level.price)}", fill=level.colour, font=font
        )
