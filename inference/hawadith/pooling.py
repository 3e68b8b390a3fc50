"""From window logits to one article logit per label.

The rules are the typology's: a *mention* (one sentence anywhere is enough) is pooled by a smooth maximum, a *judgement* on the whole by the
mean or by the first window. Training pools with the same formulas in torch (`hawadith_training.model.pooling`); a test holds the two equal.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith.typology import Pooling

SMOOTHING = 0.5
"""Temperature of the smooth maximum, in logits: low enough that one clear window decides, high enough that every window learns."""


def pool_windows(window_logits: NDArray[np.float32], *, rules: Sequence[Pooling]) -> NDArray[np.float32]:
    """Pool one article's window logits.

    The smooth maximum is `t * log(mean(exp(z / t)))`, which lies between the mean and the maximum and equals `z` for a single window, so
    that a short article's logit is its window's logit (Ilse et al. 2018 survey such operators for multiple-instance learning).

    Args:
        window_logits: Shape `(windows, labels)`, at least one window.
        rules: One pooling rule per label.

    Returns:
        Article logits, shape `(labels,)`.
    """
    scaled = window_logits.astype(np.float64) / SMOOTHING
    peak = scaled.max(axis=0)
    smooth_max = SMOOTHING * (peak + np.log(np.exp(scaled - peak).mean(axis=0)))
    by_rule = {"max": smooth_max, "mean": window_logits.mean(axis=0, dtype=np.float64), "first": window_logits[0]}
    return np.array([by_rule[rule][column] for column, rule in enumerate(rules)], dtype=np.float32)
