"""The picture in a mail: the candles up to the moment, with the lines of the plan."""

import io

from PIL import Image

from services.notifications.picture import HEIGHT, WIDTH
from services.notifications.pictures import Pictures
from src.database import Database, SqlJournal
from src.domain.candle import Candle, Timeframe
from src.domain.events import StepRecord
from tests.integration.web.support import ENVIRONMENT
from tests.unit.services.test_notification_writing import SIGNAL, TRADE

STEP = Timeframe.M5.milliseconds
CLOSED_AT = 1_772_789_400_000 // STEP * STEP


def store(database: Database, count: int) -> None:
    candles = tuple(
        Candle("BTCUSDT", Timeframe.M5, CLOSED_AT - index * STEP, 64000, 64900, 63200, 63500, 1.0)
        for index in range(count)
    )
    SqlJournal(database, ENVIRONMENT).commit(StepRecord(market_time=CLOSED_AT, candles=candles))


def test_a_closed_trade_has_a_picture_that_mail_readers_show(database: Database) -> None:
    store(database, 120)
    png = Pictures(database, ENVIRONMENT, Timeframe.M5)({"trade": TRADE})
    assert png is not None
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    colours = image.convert("RGB").getcolors(100_000) or []
    assert len(colours) > 4
    assert len(png) < 30_000


def test_what_has_no_candles_or_no_prices_has_no_picture(database: Database) -> None:
    pictures = Pictures(database, ENVIRONMENT, Timeframe.M5)
    assert pictures({"signal": SIGNAL}) is None
    assert pictures({"detail": "Nothing was heard."}) is None
