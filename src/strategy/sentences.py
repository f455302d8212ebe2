"""Words for a person, made from numeric setup rows only when somebody reads them."""

import math

from src.strategy.added import EntryModel
from src.strategy.codes import (
    BLOCK_RETEST,
    BREAKER_RETEST,
    DEGREES,
    EQ_EXT,
    EQ_INT,
    KILL_ZONE_BITS,
    MODEL_2022,
    MODELS,
    OPTIMAL_ENTRY,
    PD,
    PM,
    PW,
    REFUSED_REWARD,
    REFUSED_SCORE,
    REFUSED_STOP,
    SESSION,
    SILVER_BULLET,
    SWING_EXT,
    SWING_INT,
    TARGET_DRAW,
    TARGET_EQUILIBRIUM,
    TARGET_LEG,
    TARGET_OWN,
    TARGET_POOL,
    TURTLE_SOUP,
    WINDOWS,
)
from src.strategy.compiled import Record
from src.strategy.setups import NEAREST_STOP

WINDOW_WORDS = {
    "asia": "Asia",
    "london_open": "London open",
    "ny_am": "New York AM",
    "ny_lunch": "New York lunch",
    "ny_pm": "New York PM",
    "london_close": "London close",
    "sb_london": "London silver bullet",
    "sb_am": "New York AM silver bullet",
    "sb_pm": "New York PM silver bullet",
}
MODEL_WORDS = {
    "2022": "2022 model",
    "silver_bullet": "silver bullet",
    "ote": "OTE",
    "ob_retest": "order block retest",
    "breaker": "breaker retest",
    "unicorn": "unicorn",
    "turtle_soup": "turtle soup",
}
_POOL_WORDS = {
    SWING_INT: "internal swing",
    SWING_EXT: "external swing",
    EQ_INT: "equal internal",
    EQ_EXT: "equal external",
    PD: "previous day",
    PW: "previous week",
    PM: "previous month",
}


class Words:
    """Renders one symbol's rows.

    `tick` (the smallest price step, 0: unknown) sets the decimals; `added` are the added entry
    models whose rows may come.
    """

    def __init__(self, tick: float, added: tuple[EntryModel, ...] = ()) -> None:
        self._decimals = _decimals(tick)
        self._added = added

    def model_name(self, row: Record) -> str:
        """The entry model as the parameters name it."""
        return model_name(row, self._added)

    def model(self, row: Record) -> str:
        """The entry model in words."""
        model = int(row["model"])
        if model < len(MODELS):
            return MODEL_WORDS[MODELS[model]]
        return self._added[model - len(MODELS)].words

    def price(self, price: float) -> str:
        """A price with thousands separators and the instrument's decimals."""
        decimals = self._decimals
        if decimals is None:
            decimals = max(0, min(8, 5 - math.floor(math.log10(abs(price) or 1.0))))
        return f"{price:,.{decimals}f}"

    def reasons(self, row: Record) -> tuple[str, ...]:
        """Why the setup was proposed, one sentence a fact."""
        sign = 1 - 2 * int(row["side"])
        sentences = []
        if row["sweep_t"] >= 0:
            sentences.append(self.sweep(row, sign))
        if row["break_t"] >= 0:
            sentences.append(self._break(row, sign))
        sentences.append(self._entry(row, sign))
        sentences += self._confluences(row, sign)
        sentences.append(self._target(row, sign))
        return tuple(sentences)

    def refusals(self, row: Record, threshold: float, minimum_reward: float) -> tuple[str, ...]:
        """Every reason the setup was not taken."""
        bits, sentences = int(row["refusals"]), []
        if bits & REFUSED_REWARD:
            sentences.append(
                f"Reward is {_floored(row['reward'])} times the risk; "
                f"at least {minimum_reward:g} is required"
            )
        if bits & REFUSED_STOP:
            distance = (row["entry"] - row["stop"]) / row["atr"]
            sentences.append(
                f"The stop is {_floored(distance)} average ranges from the entry; "
                f"at least {NEAREST_STOP:g} is required"
            )
        if bits & REFUSED_SCORE:
            sentences.append(
                f"The confluence score is {_floored(row['score'])} of 100; "
                f"at least {threshold:g} is required"
            )
        return tuple(sentences)

    def sweep(self, row: Record, sign: int) -> str:
        """Which liquidity was swept, and in which kill zone."""
        side = "Sell-side" if sign > 0 else "Buy-side"
        pool = pool_words(int(row["sweep_kind"]), int(row["sweep_session"]), high=sign < 0)
        verb = "was run and reclaimed" if row["sweep_reclaim"] else "was swept"
        zones = window_words(int(row["sweep_windows"]) & KILL_ZONE_BITS)
        where = f" in the {' and '.join(zones)} kill zone" if zones else " outside the kill zones"
        return f"{side} liquidity at {self.price(row['sweep_price'] * sign)} ({pool}) {verb}{where}"

    def _break(self, row: Record, sign: int) -> str:
        degree = DEGREES[int(row["break_degree"])]
        level = self.price(row["break_level"] * sign)
        beyond = "above" if sign > 0 else "below"
        if row["break_is_shift"]:
            return f"The market structure shifted {_up(sign)}: a close {beyond} {level} ({degree})"
        return f"Structure broke {_up(sign)}: a close {beyond} {level} ({degree} BOS)"

    def _entry(self, row: Record, sign: int) -> str:
        model, entry = int(row["model"]), self.price(row["entry"] * sign)
        if model == TURTLE_SOUP:
            return f"The sweep is faded at the next open, near {entry}"
        zone = "" if row["market"] else self._span(row, "zone_top", "zone_bottom", sign)
        if model >= len(MODELS):
            return self._added[model - len(MODELS)].reason(zone, entry, sign > 0)
        if model in (MODEL_2022, SILVER_BULLET):
            return f"The move left a {_bullish(sign)} fair value gap {zone}; the entry is {entry}"
        if model == OPTIMAL_ENTRY:
            return f"Price retraced into the leg's 62 to 79 % zone; the entry is 70.5 % at {entry}"
        if model == BLOCK_RETEST:
            return f"The break proved a {_bullish(sign)} order block {zone}; the entry is {entry}"
        if model == BREAKER_RETEST:
            return f"A failed order block became a {_bullish(sign)} breaker {zone}; entry {entry}"
        return f"A breaker and a fair value gap overlap {zone}; the entry is {entry}"

    def _confluences(self, row: Record, sign: int) -> list[str]:
        sentences = []
        if row["points_bias"] > 0:
            sentences.append(f"The higher timeframes agree: trend {_up(sign)}")
        if row["points_gap"] > 0 and row["model"] not in (MODEL_2022, SILVER_BULLET):
            name = "inverted fair value gap" if row["gap_is_inverted"] else "fair value gap"
            span = self._span(row, "gap_top", "gap_bottom", sign)
            sentences.append(f"The entry lies in a {_bullish(sign)} {name} {span}")
        if row["points_block"] > 0:
            name = "A breaker" if row["block_is_breaker"] else "An order block"
            span = self._span(row, "block_top", "block_bottom", sign)
            sentences.append(f"{name} {span} overlaps that gap")
        if row["range_position"] < 0.475:
            half, share = ("discount", 100 * row["range_position"])
            if sign < 0:
                half, share = "premium", 100 - share
            sentences.append(f"Price is in the {half} half of its range, at {share:.0f} %")
        if row["in_retracement"] and row["model"] != OPTIMAL_ENTRY:
            sentences.append("The entry lies in a 62 to 79 % retracement of a leg")
        zones = window_words(int(row["windows"]) & KILL_ZONE_BITS)
        if row["points_zone"] > 0:
            sentences.append(f"It is the {' and '.join(zones)} kill zone")
        if row["points_smt"] > 0:
            sentences.append("The correlated market did not confirm the last swing (SMT)")
        return sentences

    def _target(self, row: Record, sign: int) -> str:
        price, source = self.price(row["target"] * sign), int(row["target_source"])
        if source in (TARGET_DRAW, TARGET_POOL):
            what = "the nearest opposite liquidity"
            if source == TARGET_DRAW:
                kind, session = int(row["draw_kind"]), int(row["draw_session"])
                what = f"the draw on liquidity ({pool_words(kind, session, high=sign > 0)})"
        elif source == TARGET_LEG:
            what = "the end of the leg"
        elif source == TARGET_EQUILIBRIUM:
            what = "the middle of the range"
        elif source == TARGET_OWN:
            what = "the model's own"
        else:
            what = "a multiple of the risk, no draw on liquidity lying ahead"
        return f"The target {price} is {what}; reward is {_floored(row['reward'])} times the risk"

    def _span(self, row: Record, top: str, bottom: str, sign: int) -> str:
        prices = sorted((row[top] * sign, row[bottom] * sign))
        return f"from {self.price(prices[0])} to {self.price(prices[1])}"


def model_name(row: Record, added: tuple[EntryModel, ...]) -> str:
    """The entry model as the parameters name it."""
    model = int(row["model"])
    return MODELS[model] if model < len(MODELS) else added[model - len(MODELS)].name


def pool_words(kind: int, session: int, high: bool) -> str:
    """`previous day low`, `Asia session high`, `equal internal highs`."""
    if kind == SESSION:
        return f"{WINDOW_WORDS[WINDOWS[session]]} session {'high' if high else 'low'}"
    plural = "s" if kind in (EQ_INT, EQ_EXT) else ""
    return f"{_POOL_WORDS[kind]} {'high' if high else 'low'}{plural}"


def window_names(bits: int) -> tuple[str, ...]:
    """Names of the windows whose bits are set, in output order."""
    return tuple(name for bit, name in enumerate(WINDOWS) if bits & (1 << bit))


def window_words(bits: int) -> tuple[str, ...]:
    """The same in words."""
    return tuple(WINDOW_WORDS[name] for name in window_names(bits))


def _up(sign: int) -> str:
    return "up" if sign > 0 else "down"


def _bullish(sign: int) -> str:
    return "bullish" if sign > 0 else "bearish"


def _floored(value: float) -> str:
    """Two decimals, never rounded up to a limit the value missed."""
    return f"{math.floor(float(value) * 100) / 100:g}"


def _decimals(tick: float) -> int | None:
    if tick <= 0:
        return None
    text = f"{tick:.10f}".rstrip("0")
    return len(text) - text.index(".") - 1
