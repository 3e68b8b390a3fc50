"""Cross-validation folds that hold near duplicates together and spread every label evenly."""

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith_training.data.stratify import assign_parts


def fold_groups(
    positive: NDArray[np.bool_], *, groups: NDArray[np.int64], n_folds: int, seed: int
) -> NDArray[np.int64]:
    """Give every article a fold.

    Args:
        positive: Shape `(articles, labels)`.
        groups: Shape `(articles,)`: articles with the same number share a fold.
        n_folds: How many folds, at least 2.
        seed: The same seed gives the same folds.

    Returns:
        Shape `(articles,)`: fold numbers from 0.

    Raises:
        DataError: If there are fewer than 2 folds, or fewer groups than folds.
    """
    _, units = np.unique(groups, return_inverse=True)
    n_units = int(units.max(initial=-1)) + 1
    if not 2 <= n_folds <= n_units:
        raise DataError(
            f"{n_folds} folds of {n_units} duplicate groups: give at least 2 folds, and no more than groups."
        )
    counts = np.zeros((n_units, positive.shape[1]), dtype=np.int64)
    np.add.at(counts, units, positive.astype(np.int64))
    parts = assign_parts(counts, sizes=np.bincount(units).astype(np.int64), shares=[1.0] * n_folds, seed=seed)
    return parts[units]
