"""Small integers the kernels speak, and the words people read for them.

Sides: 0 is the bull's view of the market (prices as they are), 1 the bear's (every price negated,
highs and lows exchanged). Each rule is written once, for bulls; bears run it on the mirrored bar.
"""

from typing import Final

from src.strategy.compiled import code

BULL: Final = code(0)
BEAR: Final = code(1)

INTERNAL: Final = code(0)
EXTERNAL: Final = code(1)
DEGREES: Final = ("internal", "external")

NOTHING: Final = code(-1)
NO_FLAGS: Final = code(0)

# Kinds of object, in the order of the export.
SWING: Final = code(0)
STRUCTURE: Final = code(1)
FVG: Final = code(2)
IFVG: Final = code(3)
BPR: Final = code(4)
ORDER_BLOCK: Final = code(5)
BREAKER: Final = code(6)
MITIGATION: Final = code(7)
POOL: Final = code(8)
OTE: Final = code(9)
SMT: Final = code(10)
OPENING_GAP: Final = code(11)
SETUP: Final = code(12)
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
CREATED: Final = code(0)
TOUCHED: Final = code(1)
MIDDLE: Final = code(2)
FILLED: Final = code(3)
ENDED: Final = code(4)
EXPIRED: Final = code(5)
CONFIRMED: Final = code(0)
BOS: Final = code(0)
CHOCH: Final = code(1)
SWEEP: Final = code(1)
RUN: Final = code(2)
RECLAIM: Final = code(3)
SUPERSEDED: Final = code(4)
INVALIDATED: Final = code(2)
ARMED: Final = code(0)
REFUSED: Final = code(1)
TRIGGERED: Final = code(2)
CANCELLED: Final = code(3)

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
SWING_INT: Final = code(0)
SWING_EXT: Final = code(1)
EQ_INT: Final = code(2)
EQ_EXT: Final = code(3)
PD: Final = code(4)
PW: Final = code(5)
PM: Final = code(6)
SESSION: Final = code(7)
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
LABEL_FIRST: Final = code(2)
LABELS: Final = ({1: "HH", -1: "LH", 0: "EH"}, {1: "LL", -1: "HL", 0: "EL"})

# Entry models, in the order in which they are asked.
MODEL_2022: Final = code(0)
SILVER_BULLET: Final = code(1)
OPTIMAL_ENTRY: Final = code(2)
BLOCK_RETEST: Final = code(3)
BREAKER_RETEST: Final = code(4)
UNICORN: Final = code(5)
TURTLE_SOUP: Final = code(6)
MODELS: Final = (
    "2022",
    "silver_bullet",
    "ote",
    "ob_retest",
    "breaker",
    "unicorn",
    "turtle_soup",
)

# What an analysis without entry models can leave out, as bits in this order: the internal degree,
# kinds of object, and all that follows the clock (sessions, periods, opening gaps, higher
# timeframes).
LEAVABLE: Final = ("internal", "ifvg", "bpr", "breaker", "mitigation", "ote", "calendar")
WITHOUT_INTERNAL: Final = code(1)
WITHOUT_IFVG: Final = code(2)
WITHOUT_BPR: Final = code(4)
WITHOUT_BREAKER: Final = code(8)
WITHOUT_MITIGATION: Final = code(16)
WITHOUT_OTE: Final = code(32)
WITHOUT_CALENDAR: Final = code(64)

# Why a setup is refused, as bits.
REFUSED_REWARD: Final = code(1)
REFUSED_STOP: Final = code(2)
REFUSED_SCORE: Final = code(4)

# Why a setup is cancelled.
STOP_TRADED: Final = code(1)
ZONE_INVERTED: Final = code(2)
TARGET_TRADED: Final = code(3)
SETUP_EXPIRED: Final = code(4)
CANCEL_REASONS: Final = ("", "stop_traded", "zone_inverted", "target_traded", "expired")

# Where a target comes from.
TARGET_DRAW: Final = code(0)
TARGET_MULTIPLE: Final = code(1)
TARGET_LEG: Final = code(2)
TARGET_EQUILIBRIUM: Final = code(3)
TARGET_POOL: Final = code(4)
TARGET_OWN: Final = code(5)

# What advance() returns beside the number of candles it folded.
READY: Final = code(0)
GROW_ZONES: Final = code(1)
GROW_POOLS: Final = code(2)
GROW_RETRACEMENTS: Final = code(3)
GROW_EVENTS: Final = code(4)
GROW_SETUPS: Final = code(5)
