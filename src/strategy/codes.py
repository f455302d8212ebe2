"""Small integers the kernels speak, and the words people read for them.

Sides: 0 is the bull's view of the market (prices as they are), 1 the bear's (every price negated,
highs and lows exchanged). Each rule is written once, for bulls; bears run it on the mirrored bar.
"""

from typing import Final

BULL: Final = 0
BEAR: Final = 1

INTERNAL: Final = 0
EXTERNAL: Final = 1
DEGREES: Final = ("internal", "external")

# Kinds of object, in the order of the export.
SWING: Final = 0
STRUCTURE: Final = 1
FVG: Final = 2
IFVG: Final = 3
BPR: Final = 4
ORDER_BLOCK: Final = 5
BREAKER: Final = 6
MITIGATION: Final = 7
POOL: Final = 8
OTE: Final = 9
SMT: Final = 10
OPENING_GAP: Final = 11
SETUP: Final = 12
KINDS: Final = (
    "swing",
    "structure",
    "fvg",
    "ifvg",
    "bpr",
    "ob",
    "breaker",
    "mitigation",
    "pool",
    "ote",
    "smt",
    "opening_gap",
    "setup",
)

# Events, numbered in the order in which one object passes them on one bar.
CREATED: Final = 0
TOUCHED: Final = 1
MIDDLE: Final = 2
FILLED: Final = 3
ENDED: Final = 4
EXPIRED: Final = 5
CONFIRMED: Final = 0
BOS: Final = 0
CHOCH: Final = 1
SWEEP: Final = 1
RUN: Final = 2
RECLAIM: Final = 3
SUPERSEDED: Final = 4
INVALIDATED: Final = 2
ARMED: Final = 0
REFUSED: Final = 1
TRIGGERED: Final = 2
CANCELLED: Final = 3

EVENTS: Final = (
    ("confirmed",),
    ("bos", "choch"),
    ("created", "touched", "ce", "filled", "inverted", "expired"),
    ("created", "touched", "ce", "", "invalidated"),
    ("created", "touched", "ce", "filled", "invalidated"),
    ("created", "touched", "mt_hit", "", "invalidated"),
    ("created", "touched", "", "", "invalidated"),
    ("created", "touched", "", "", "invalidated"),
    ("created", "sweep", "run", "reclaim", "superseded"),
    ("created", "touched", "invalidated"),
    ("confirmed",),
    ("created", "touched", "ce", "filled"),
    ("armed", "refused", "triggered", "cancelled"),
)

# Kinds of liquidity pool.
SWING_INT: Final = 0
SWING_EXT: Final = 1
EQ_INT: Final = 2
EQ_EXT: Final = 3
PD: Final = 4
PW: Final = 5
PM: Final = 6
SESSION: Final = 7
POOL_KINDS: Final = (
    "SWING_INT",
    "SWING_EXT",
    "EQ_INT",
    "EQ_EXT",
    "PD",
    "PW",
    "PM",
    "SESSION",
)

# Windows of the New York day, as bits in this order; the first five are also sessions.
WINDOWS: Final = (
    "asia",
    "london_open",
    "ny_am",
    "ny_lunch",
    "ny_pm",
    "london_close",
    "sb_london",
    "sb_am",
    "sb_pm",
)
SESSIONS: Final = WINDOWS[:5]
LUNCH_BIT: Final = 1 << 3
KILL_ZONE_BITS: Final = (1 << 9) - 1 - LUNCH_BIT
SILVER_BULLET_BITS: Final = (1 << 6) | (1 << 7) | (1 << 8)

# Swing labels: how the price compares with the previous confirmed swing, seen from its side.
LABEL_FIRST: Final = 2
LABELS: Final = ({1: "HH", -1: "LH", 0: "EH"}, {1: "LL", -1: "HL", 0: "EL"})

# Entry models, in the order in which they are asked.
MODEL_2022: Final = 0
SILVER_BULLET: Final = 1
OPTIMAL_ENTRY: Final = 2
BLOCK_RETEST: Final = 3
BREAKER_RETEST: Final = 4
UNICORN: Final = 5
TURTLE_SOUP: Final = 6
MODELS: Final = (
    "2022",
    "silver_bullet",
    "ote",
    "ob_retest",
    "breaker",
    "unicorn",
    "turtle_soup",
)

# Why a setup is refused, as bits.
REFUSED_REWARD: Final = 1
REFUSED_STOP: Final = 2
REFUSED_SCORE: Final = 4

# Why a setup is cancelled.
STOP_TRADED: Final = 1
ZONE_INVERTED: Final = 2
TARGET_TRADED: Final = 3
SETUP_EXPIRED: Final = 4
CANCEL_REASONS: Final = ("", "stop_traded", "zone_inverted", "target_traded", "expired")

# Where a target comes from.
TARGET_DRAW: Final = 0
TARGET_MULTIPLE: Final = 1
TARGET_LEG: Final = 2
TARGET_EQUILIBRIUM: Final = 3
TARGET_POOL: Final = 4

# What advance() returns beside the number of candles it folded.
READY: Final = 0
GROW_ZONES: Final = 1
GROW_POOLS: Final = 2
GROW_RETRACEMENTS: Final = 3
GROW_EVENTS: Final = 4
GROW_SETUPS: Final = 5
