"""What the numbers of a contract are counted in (see whole_numbers)."""

from functools import lru_cache

from src.domain.instrument import Instrument
from src.engine.entry_rules import Grid
from src.engine.whole_numbers import MONEY_DECIMALS, decimals_of, whole


@lru_cache(maxsize=256)
def scale_and_tick(instrument: Instrument) -> tuple[int, int]:
    """Price units in one of the quote currency, and the tick in them."""
    decimals = decimals_of(instrument.tick_size)
    return 10**decimals, whole(instrument.tick_size, decimals)


def finest_money(instrument: Instrument, price_decimals: int) -> int:
    """Decimals that count fees, and a price times a quantity."""
    return max(MONEY_DECIMALS, price_decimals + quantity_decimals(instrument))


def quantity_decimals(instrument: Instrument) -> int:
    """Decimals that count every quantity of the contract."""
    of_step = decimals_of(instrument.quantity_step)
    return max(of_step, decimals_of(instrument.min_quantity), decimals_of(instrument.max_quantity))


@lru_cache(maxsize=256)
def grid_of(instrument: Instrument, price_decimals: int, money_decimals: int) -> Grid:
    """What the numbers of a contract are counted in, at least as fine as its own steps."""
    in_quantity = quantity_decimals(instrument)
    finest = max(money_decimals, finest_money(instrument, price_decimals))
    return Grid(
        scale=10**price_decimals,
        tick=whole(instrument.tick_size, price_decimals),
        step=whole(instrument.quantity_step, in_quantity),
        worth=10 ** (finest - price_decimals - in_quantity),
        cent=10 ** (finest - MONEY_DECIMALS),
    )
