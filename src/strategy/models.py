"""The entry models, asked in this order at every close, long before short (section 14)."""

from src.strategy.codes import (
    BLOCK_RETEST,
    BREAKER_RETEST,
    MODEL_2022,
    OPTIMAL_ENTRY,
    SILVER_BULLET,
    UNICORN,
)
from src.strategy.compiled import Record, inlined
from src.strategy.occasions import lowest_bit
from src.strategy.output import Output
from src.strategy.setups import propose
from src.strategy.state import Tables
from src.strategy.sweep_models import model_2022, silver_bullet, turtle_soup
from src.strategy.zone_models import block_retest, breaker_retest, optimal_entry, unicorn


@inlined
def consider_models(
    memory: Record, tables: Tables, params: Record, candle: Record, out: Output
) -> None:
    """Ask the enabled models this bar gives occasion to, unless they have a live setup there."""
    asked = memory.asked & params.models & ~memory.live_setups
    memory.asked, memory.asked_next = memory.asked_next, 0
    while asked != 0:
        number = lowest_bit(asked)
        asked &= asked - 1
        if _draft(memory, tables, params, candle, number >> 1, number & 1):
            propose(memory, tables, params, candle, out)


@inlined
def _draft(
    memory: Record, tables: Tables, params: Record, candle: Record, model: int, side: int
) -> bool:
    """Whether the model has drafted a candidate."""
    if model == MODEL_2022:
        return model_2022(memory, tables, params, candle, side)
    if model == SILVER_BULLET:
        return silver_bullet(memory, tables, params, candle, side)
    if model == OPTIMAL_ENTRY:
        return optimal_entry(memory, params, candle, side)
    if model == BLOCK_RETEST:
        return block_retest(memory, params, candle, side)
    if model == BREAKER_RETEST:
        return breaker_retest(memory, tables, params, candle, side)
    if model == UNICORN:
        return unicorn(memory, tables, params, candle, side)
    return turtle_soup(memory, tables, params, candle, side)
