"""Fewer points of a curve, with nothing of its shape that matters lost."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_EXACT = 5
"""From this many points on, every bucket's extremes and deepest drawdown fit."""


def keep_extremes(values: ArrayLike, drawdowns: ArrayLike, max_points: int) -> NDArray[np.int64]:
    """Indices (rising, at most `max_points`, which is at least 2) of the points to draw.

    The first and the last point stay. Between them, every bucket keeps its lowest and highest
    value and its deepest drawdown, so the drawn curve has the true extremes and the true
    maximum drawdown. Below SMALLEST_EXACT points only the deepest drawdown stays between them.
    """
    curve = np.asarray(values, dtype=np.float64)
    depths = np.asarray(drawdowns, dtype=np.float64)
    count = len(curve)
    if count <= max_points:
        return np.arange(count)
    ends = [0, count - 1]
    buckets = (max_points - 2) // 3
    if buckets == 0:
        deepest = [int(depths.argmin())] if max_points > 2 else []
        return np.unique(np.array(ends + deepest, dtype=np.int64))
    edges = np.linspace(1, count - 1, buckets + 1).astype(np.int64)
    kept = list(ends)
    for start, end in pairwise(edges):
        if start < end:
            kept.append(int(start + curve[start:end].argmin()))
            kept.append(int(start + curve[start:end].argmax()))
            kept.append(int(start + depths[start:end].argmin()))
    return np.unique(np.array(kept, dtype=np.int64))
