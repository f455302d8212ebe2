"""The entry models, asked in this order at every close, long before short (section 14)."""

from src.strategy.codes import (
    BLOCK_RETEST,
    BREAKER_RETEST,
    MODEL_2022,
    OPTIMAL_ENTRY,
    SILVER_BULLET,
    TURTLE_SOUP,
    UNICORN,
)
from src.strategy.compiled import Record, compiled, inlined
from src.strategy.occasions import lowest_bit
from src.strategy.output import Output
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
        _ask(memory, tables, params, candle, number >> 1, number & 1, out)


@compiled
def _ask(
    memory: Record,
    tables: Tables,
    params: Record,
    candle: Record,
    model: int,
    side: int,
    out: Output,
) -> None:
    if model == MODEL_2022:
        model_2022(memory, tables, params, candle, side, out)
    elif model == SILVER_BULLET:
        silver_bullet(memory, tables, params, candle, side, out)
    elif model == OPTIMAL_ENTRY:
        optimal_entry(memory, tables, params, candle, side, out)
    elif model == BLOCK_RETEST:
        block_retest(memory, tables, params, candle, side, out)
    elif model == BREAKER_RETEST:
        breaker_retest(memory, tables, params, candle, side, out)
    elif model == UNICORN:
        unicorn(memory, tables, params, candle, side, out)
    elif model == TURTLE_SOUP:
        turtle_soup(memory, tables, params, candle, side, out)
