"""Whose candles a result rests on, in words for people."""

from collections.abc import Set

from src.database.trial_tables import UNKNOWN_SOURCE

_WORDS = {
    "bybit": "Bybit's candles",
    "simulator": "the simulator's candles",
    UNKNOWN_SOURCE: "candles of unknown source",
}


def candles_of(source: str) -> str:
    """`Bybit's candles`."""
    return _WORDS.get(source, f"candles of {source}")


def trials_counted(source: str) -> str:
    """Which trials a result is held against."""
    if source == UNKNOWN_SOURCE:
        return (
            "Nobody said whose candles these are, so the trials on the candles of every source "
            "count, and this one counts for every source."
        )
    return (
        f"Trials of the same symbols and timeframe count that read {candles_of(source)} or "
        f"{candles_of(UNKNOWN_SOURCE)}."
    )


def refusal(source: str, before: Set[str]) -> str:
    """Why a segment of `source` cannot be opened: candles of `before` were looked at."""
    if source in before:
        why = candles_of(source)
    elif source == UNKNOWN_SOURCE:
        seen = " or ".join(candles_of(one) for one in sorted(before))
        why = f"{seen}, and nobody said whose these are"
    else:
        why = f"{candles_of(UNKNOWN_SOURCE)}, which may be {candles_of(source)}"
    return (
        f"There is no sealed segment left to open: it was opened before on {why}. What was seen "
        "then is in the ledger."
    )
