"""Record layouts of the fold's memory, its growing tables and its output rows.

Everything of fixed size lives in one MEMORY record with nested arrays, so a kernel is handed one
pointer. Prices in memory are in the coordinates of their side (see codes); times are UTC
milliseconds; bar numbers count from 0; "not yet" is -1 for integers and NaN for prices.
"""

import numpy as np

from src.strategy.codes import KINDS, MODELS

# Name of the bytes of a row that mean nothing.
FILLER = "filler"


def _layout(integers: str, floats: str) -> np.dtype[np.void]:
    fields: list[tuple[str, type[np.generic]]] = [(name, np.int64) for name in integers.split()]
    fields += [(name, np.float64) for name in floats.split()]
    return np.dtype(fields, align=True)


def _compact(numbers: str, codes: str, floats: str) -> np.dtype[np.void]:
    """The same for rows there are many of: bar and object numbers in 4 bytes, codes in one.

    What is left before the prices is a field too: a copy carries no bytes between fields along,
    and equal states must be equal bytes.
    """
    small = [*((name, "i4") for name in numbers.split()), *((name, "i1") for name in codes.split())]
    unused = -np.dtype(small).itemsize % 8
    filler = [(FILLER, "i1", (unused,))] if unused else []
    return np.dtype([*small, *filler, *((name, "f8") for name in floats.split())], align=True)


def _with_facts(layout: np.dtype[np.void]) -> np.dtype[np.void]:
    """The same with one event row in front."""
    own = [(name, layout[name]) for name in layout.names or ()]
    return np.dtype([("facts", EVENT_ROW, 1), *own], align=True)


# One closed candle; peer_* is the second symbol (SMT), else NaN.
CANDLE = _layout("time", "open high low close peer_high peer_low peer_close")
# A stretch of time in which no fact of the calendar changes. `starts` (day, week, month) and
# session_start name the period; session is -1 outside.
SPAN = np.dtype(
    [
        ("until", np.int64),
        ("starts", np.int64, 3),
        ("lengths", np.int64, 3),
        *((name, np.int64) for name in ("windows", "session", "session_start", "session_length")),
        *((name, np.int64) for name in ("silver_bullet_end", "opening", "closing")),
    ],
    align=True,
)
# The extremes of the newest bars, not yet counted into the periods and the forming candle of the
# lowest higher timeframe that they belong to.
RUNNING = _layout("high_at low_at", "high low")
BAR = _layout("", "open high low close")
AVERAGE_RANGE = _layout("count", "sum value previous_close")
# The leg since the latest unbroken swing: where it is, and its order block.
LEG = _layout("origin block_at", "block_top block_bottom block_open block_middle")
# What every bar asks of the legs, in lanes 2 * degree + side: the level whose break is next (NaN:
# none), the low since then, the high since that, and the bars of the low and of the first
# displacement after it (-1: none), as doubles.
LEG_PRICES = np.dtype(
    [(name, np.float64, 4) for name in ("level", "low", "high", "low_at", "displaced_at")]
)
# candle_*: last candle closing with the swing in the 10 bars before it; opposite_*: that of the
# latest opposite swing before this one (mitigation blocks).
SWING_ROW = _layout(
    "origin label pool_slot pool_id candle_at opposite_at peer_missing",
    "price candle_low candle_high opposite_low opposite_high peer",
)
RECENT_GAP = _layout("id known slot group windows silver_bullet_end", "top bottom")
EVENT_ROW = _compact(
    "t id t_origin reference flags",
    "step kind event dir degree",
    "price_1 price_2 price_3 price_4",
)
# `facts` is what every event of the object says, prices as the market has them; its time, step and
# event are filled in when it is written.
ZONE = _with_facts(
    _compact("next_free id known", "kind side stage stages", "top middle bottom open")
)
# What a scan wants to know without opening the row (see levels).
ZONE_LEVEL = _compact("slot kind", "", "price top gap_reach block_reach")
POOL_LEVEL = _compact("slot", "", "price weight")
STAGE_LEVEL = _compact("slot stage", "", "price")
POOL_ROW = _with_facts(
    _compact(
        "next_free id known origin strength taken_at", "kind side session active", "price extreme"
    )
)
PERIOD = _layout("key length first high_at low_at", "high low")
# `until` is the end of the forming candle.
HIGHER = _layout("step until bars trend", "open high low close reference_high reference_low")
# `shallow` is where a moving leg counts as retraced; `reach` the highest top of the locked legs
# up to this one.
RETRACEMENT = _layout(
    "id degree structure known touched_at", "anchor high shallow top bottom reach"
)
SWEEP_FACT = _layout("t kind session windows reclaim known weight", "price extreme")
BREAK_FACT = _layout("t degree id", "level")
ZONE_FACT = _layout("t id degree slot", "top middle bottom open anchor")
# Four lanes, 2 * degree + side; bar numbers are doubles here. The newest bar above all `width` bars
# before it: a swing unless one of the next `width`, the last of them bar `until`, is higher.
# Without one: a bar (its high `blocking`) that none not above it can be above before bar
# `blocked_until`. `seen` are the highs of the newest bar.
CANDIDATES = np.dtype(
    [(name, np.float64, 4) for name in ("until", "high", "blocked_until", "blocking")]
)
OPENING_GAP_ROW = _layout("id known kind side stage flags", "top middle bottom")
SETUP_ROW = _layout(
    "id model side live market t armed_at event event_t event_time cancel_reason refusals"
    " expires_bar expires_time target_source"
    " sweep_t sweep_kind sweep_session sweep_windows sweep_reclaim"
    " break_t break_degree break_is_shift gap_is_inverted block_is_breaker"
    " windows bias smt_t prefers_draw about_sweep draw_kind draw_session in_retracement",
    "entry stop target target_1 score zone_top zone_bottom atr reward"
    " points_bias points_sweep points_structure points_gap points_block points_range points_zone"
    " points_smt"
    " sweep_price break_level gap_top gap_bottom block_top block_bottom range_position draw_price",
)
# One bar as of its close (section 15, `--bars`).
BAR_STATE = _layout(
    "t trend_internal trend_external windows bias_4h bias_1d bias dol_dir draw_known",
    "atr range_high range_low range_pos dol_price score_long score_short",
)
DRAW = _layout("t direction slot", "")
# Bounds on the sum of a side's pulls, seen from a price.
PULL = _layout("", "least most")
PARAMETERS = _layout(
    "internal_degree external_degree fvg_max_age require_displacement break_on_close"
    " mitigation_stage body_zone sweep_window setup_bars gap_entry block_entry"
    " breaker_needs_sweep turtle_soup_age models synthetic_gaps blocks_end_on_wick filter_sweeps"
    " left_out",
    "displacement_factor fvg_atr_fraction equal_atr_fraction tick threshold minimum_reward",
)

BAR_RING = 256
RING = 64
HIGHER_RING = 16
HIGHER_COUNT = 2

# First axis 2 is the side, unless said otherwise.
MEMORY = np.dtype(
    [
        ("t", np.int64),  # number of the next bar
        ("step", np.int64),
        ("last_time", np.int64),
        ("contiguous", np.int64),  # how many bars in a row followed without a gap
        ("windows", np.int64),
        ("span", SPAN, 1),
        ("running", RUNNING, 1),
        # Entry models by side (bit 2 * model + side): with a live setup, and those that this bar
        # and the next give occasion to.
        ("live_setups", np.int64),
        ("asked", np.int64),
        ("asked_next", np.int64),
        ("before_atr", np.float64),
        # Bars without their counterpart in the second symbol; all before its first count as one.
        ("peer_missing", np.int64),
        ("has_peer", np.int64),  # 1 from the second symbol's first bar on
        ("peer_before_atr", np.float64),
        ("opening", np.int64),  # trading day of the last bar, and
        ("opening_close", np.float64),  # the last close before its pause
        ("ids", np.int64, len(KINDS)),  # next id by kind
        ("bars", BAR, (BAR_RING, 2)),  # both sides of a bar lie together
        ("displaced", np.int64, BAR_RING),  # direction of a displacement bar, else 0
        ("peers", np.float64, (BAR_RING, 2)),  # second symbol's high as the side sees it
        ("peer_holes", np.int64, BAR_RING),  # `peer_missing` as of that bar
        ("average", AVERAGE_RANGE, 2 + HIGHER_COUNT),  # base, higher timeframes, second symbol
        ("legs", LEG, 4),  # by lane
        ("leg_prices", LEG_PRICES, 1),
        ("undisplaced", np.int64),  # bits of the legs without a displacement since their low
        ("trends", np.int64, 2),  # by degree
        ("candidates", CANDIDATES, 1),
        ("swings", SWING_ROW, (2, 2, RING)),  # (degree, side, ring)
        ("swing_counts", np.int64, (2, 2)),
        ("block_origins", np.int64, (2, 2, RING)),  # bars that already gave an order block
        ("block_counts", np.int64, (2, 2)),
        ("gaps", RECENT_GAP, (2, RING)),  # newest FVGs, whatever their state
        ("gap_counts", np.int64, 2),
        ("period_pools", np.int64, (8, 2, 2)),  # (period, pool side, [slot, id])
        ("periods", PERIOD, 8),  # day, week, month, then the five sessions
        ("higher", HIGHER, HIGHER_COUNT),
        ("lowest_higher", np.int64),  # the first of them that base candles can make up
        ("higher_turn", np.int64),  # opening of the base candle that opens or ends one of it
        ("higher_bars", BAR, (HIGHER_COUNT, HIGHER_RING, 2)),
        ("extremes", np.float64, 2),  # range high, negated range low
        ("sweeps", SWEEP_FACT, (2, 3)),  # newest by tier
        # Newest in a kill zone, of an old pool, and in a kill zone before the MSS of an even and
        # an odd bar; each until its extreme is broken.
        ("hunts", SWEEP_FACT, (2, 4)),
        ("hunt_extremes", np.float64, 2),  # the highest of a side's hunts, or above
        ("shifts", np.int64, (2, 2)),  # newest MSS on an even and on an odd bar
        ("taken", np.int64, 2),  # bar of the newest sweep or run, by pool side
        ("breaks", BREAK_FACT, (2, 2)),  # newest MSS and BOS
        ("fresh", ZONE_FACT, (2, 4)),  # newest block, breaker, gap and touched OTE leg
        ("breaker_reach", np.float64, 2),  # the highest top of a side's live breakers, or above
        ("draw", DRAW, 1),  # draw on liquidity at the close of bar t
        ("pulls", PULL, 2),  # by pool side, seen from
        ("pulls_from", np.float64),  # this price
        ("pulls_range", np.float64),  # and with this daily range
        ("divergences", np.int64, 2),  # bar of the newest SMT
        ("openings", OPENING_GAP_ROW, (2, 5)),  # NWOG and NDOG
        ("opening_levels", np.float64, 2),  # the highest level one of a side waits for, or above
        ("setups", SETUP_ROW, (len(MODELS), 2)),
        ("draft", SETUP_ROW, 1),
        ("touch_counts", np.int64, 2),  # used length of each row of touch_levels
        ("zone_counts", np.int64, 3),  # and of zone_levels
        ("pool_counts", np.int64, 3),
        ("retracement_counts", np.int64, (2, 2)),
        ("highest_shallow", np.float64, 2),  # of the moving legs of a side, and
        ("lowest_high", np.float64, 2),  # their lowest high
        ("highest_anchor", np.float64, 2),  # of the locked legs of a side
        ("free_zone", np.int64),  # first slot of the chain of free ones, and its length
        ("free_zones", np.int64),
        ("free_pool", np.int64),
        ("free_pools", np.int64),
    ],
    align=True,
)
