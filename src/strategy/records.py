"""Record layouts of the fold's state and of its output rows.

Prices in state are in the coordinates of their side (see codes); times are UTC milliseconds; bar
numbers count from 0; -1 means "not yet" for integers and NaN for prices.
"""

import numpy as np


def _layout(integers: str, floats: str) -> np.dtype[np.void]:
    fields: list[tuple[str, type[np.generic]]] = [(name, np.int64) for name in integers.split()]
    fields += [(name, np.float64) for name in floats.split()]
    return np.dtype(fields)


# One closed candle with its place in the calendar; peer_* is the second symbol (SMT), else NaN.
# day, week, month and session_start are period starts and name the period; session is -1 outside.
CANDLE = _layout(
    "time windows day day_length week week_length month month_length session session_start"
    " session_length silver_bullet_end opening opening_kind closing",
    "open high low close peer_high peer_low",
)
# `displaced` is 1 on a displacement bar in the direction of the side.
BAR = _layout("displaced", "open high low close")
CORE = _layout(
    "t step last_time contiguous windows live_setups peer_missing",
    "atr before_atr",
)
AVERAGE_RANGE = _layout("count", "sum value previous_close")
# The leg since the latest unbroken swing (`price` NaN: none): its low, and its order block.
LEG = _layout(
    "origin low_at displaced_at block_at",
    "price low high block_top block_bottom block_open block_middle",
)
# candle_*: last candle closing with the swing in the 10 bars before it; opposite_*: that of the
# latest opposite swing before this one (mitigation blocks).
SWING_ROW = _layout(
    "origin label pool_slot pool_id candle_at opposite_at",
    "price candle_low candle_high opposite_low opposite_high peer",
)
RECENT_GAP = _layout("id known slot group windows silver_bullet_end", "top bottom")
ZONE = _layout(
    "kind id side known origin degree stage stages reference flags",
    "top middle bottom open",
)
LEVEL = _layout("slot", "price")
POOL_ROW = _layout(
    "id kind side session known origin strength partial active taken_at", "price extreme"
)
PERIOD = _layout("key length bars high_at low_at last", "high low")
HIGHER = _layout("step bucket bars trend votes", "open high low close reference_high reference_low")
RETRACEMENT = _layout("id degree structure known touched_at", "anchor high top bottom")
SWEEP_FACT = _layout("t kind session windows reclaim known weight", "price extreme")
BREAK_FACT = _layout("t degree id", "level")
ZONE_FACT = _layout("t id degree slot", "top middle bottom open anchor")
OPENING_GAP_ROW = _layout("id known kind side stage", "top middle bottom")
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
EVENT_ROW = _layout(
    "t step kind event id dir degree t_origin reference flags",
    "price_1 price_2 price_3 price_4",
)
