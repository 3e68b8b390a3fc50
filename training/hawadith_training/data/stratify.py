"""Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011) of units that may hold several articles.

The published form deals out single examples; here a unit is a group of near duplicates, counted by how many articles and how many
positives of each label it holds, so that large groups do not tilt the shares.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def assign_parts(
    counts: NDArray[np.int64], *, sizes: NDArray[np.int64], shares: Sequence[float], seed: int
) -> NDArray[np.int64]:
    """Deal units out to parts so that every label, rarest first, is spread in proportion to the shares.

    Args:
        counts: Shape `(units, labels)`: positives of each label in each unit.
        sizes: Shape `(units,)`: articles in each unit.
        shares: The share of each part; they need not sum to 1.
        seed: Decides ties.

    Returns:
        Shape `(units,)`: the part of each unit, from 0.
    """
    proportions = np.asarray(shares, dtype=np.float64) / np.sum(shares)
    wanted = np.outer(proportions, counts.sum(axis=0)).astype(np.float64)
    room = proportions * sizes.sum()
    random = np.random.Generator(np.random.PCG64(seed))
    order = random.permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]  # the large ones while there is room to choose
    parts = np.full(len(sizes), -1, dtype=np.int64)
    while (label := _rarest_label(counts, open_units=parts < 0)) is not None:
        for unit in order[(parts[order] < 0) & (counts[order, label] > 0)]:
            parts[unit] = _neediest(wanted[:, label], room=room, random=random)
            wanted[parts[unit]] -= counts[unit]
            room[parts[unit]] -= sizes[unit]
    for unit in order[parts[order] < 0]:
        parts[unit] = _neediest(room, room=room, random=random)
        room[parts[unit]] -= sizes[unit]
    return parts


def _rarest_label(counts: NDArray[np.int64], *, open_units: NDArray[np.bool_]) -> int | None:
    remaining = counts[open_units].sum(axis=0)
    if not remaining.any():
        return None
    return int(np.argmin(np.where(remaining > 0, remaining, np.iinfo(np.int64).max)))


def _neediest(need: NDArray[np.float64], *, room: NDArray[np.float64], random: np.random.Generator) -> int:
    best = np.flatnonzero(np.isclose(need, need.max()))
    best = best[np.isclose(room[best], room[best].max())]
    return int(random.choice(best))
