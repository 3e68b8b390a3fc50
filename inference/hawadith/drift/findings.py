"""What has drifted, in plain words; `before` means in the articles that the model was measured on.

A difference is reported when it is both certain and large. Certain: shares differ by more than four standard errors, so that chance alone
speaks up about once in ten thousand comparisons (words are counted as if independent: for them the size decides). Large: bounds below,
chosen by eye and stated with each finding, so that nobody has to trust them. For distributions the measure is the population stability
index (Siddiqi 2006), less what sampling alone would give.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from hawadith.drift.figures import SCORE_EDGES, StreamFigures

LEAST_ARTICLES = 200
"""Below, nothing is said of a stream."""

_STANDARD_ERRORS = 4.0
_SHIFTED = 0.25  # "a major shift" in the index's usual reading
_RATIO = 2.0
_POINTS = 0.05
_NO_SCORES = (0,) * (len(SCORE_EDGES) + 1)
_RARER = "Where incidents are rarer, a greater part of what is found is false: read the evidence."
_COMMONER = "Either more happens, or something else looks like it: read the evidence."


def find_drift(found: StreamFigures, reference: StreamFigures, *, names: Mapping[str, str]) -> list[str]:
    """Compare a stream with a bundle's reference.

    Args:
        found: The stream.
        reference: The reference.
        names: How each label is called.

    Returns:
        A sentence or two for each difference; empty where there is none, or too little to tell.
    """
    if min(found.articles, reference.articles) < LEAST_ARTICLES:
        return []
    return [*_compare_text(found, reference), *_compare_labels(found, reference, names=names)]


def shift(found: Sequence[int], reference: Sequence[int]) -> float:
    """The population stability index of two histograms, less its expectation under sampling alone.

    Args:
        found: Counts by bin.
        reference: Counts by bin, as many.

    Returns:
        The index; about 0 where both come from one distribution, and possibly below.
    """
    n, m = sum(found), sum(reference)
    if not n or not m:
        return 0.0
    # Half an article in every bin keeps empty ones from making the index infinite.
    pairs = [
        ((a + 0.5) / (n + 0.5 * len(found)), (b + 0.5) / (m + 0.5 * len(found)))
        for a, b in zip(found, reference, strict=True)
    ]
    used = sum(a + b > 0 for a, b in zip(found, reference, strict=True))
    return sum((p - q) * math.log(p / q) for p, q in pairs) - (used - 1) * (1 / n + 1 / m)


def _compare_text(found: StreamFigures, reference: StreamFigures) -> Iterator[str]:
    n, usual = found.articles, reference.articles
    if _is_more(found.foreign, n, reference.foreign, usual):
        shares = f"{_share(found.foreign, n)} of the articles are mostly not in Arabic (before: {_share(reference.foreign, usual)})"
        yield f"{shares}. The model cannot read them; their scores mean nothing."
    if _is_more(found.unknown, found.tokens, reference.unknown, reference.tokens):
        before = _share(reference.unknown, reference.tokens)
        shares = f"{_share(found.unknown, found.tokens)} of the words are unknown to the model (before: {before})"
        yield f"{shares}. The texts are of another kind, or damaged; expect missed incidents."
    if _is_more(found.truncated, n, reference.truncated, usual):
        shares = f"{_share(found.truncated, n)} of the articles were not read to their end (before: {_share(reference.truncated, usual)})"
        yield f"{shares}. What stands behind is not seen."
    if shift(found.lengths, reference.lengths) > _SHIFTED:
        lengths = (
            f"Half of the articles have {_median(found.lengths)} words or more (before: {_median(reference.lengths)})"
        )
        yield f"{lengths}. Probabilities were calibrated on articles of that length; check them on labelled articles of this one."


def _compare_labels(found: StreamFigures, reference: StreamFigures, *, names: Mapping[str, str]) -> Iterator[str]:
    for label, before in reference.labels.items():
        name, now = names.get(label, label), found.labels.get(label, 0)
        rate, usual = now / found.articles, before / reference.articles
        if _differ(now, found.articles, before, reference.articles) and not usual / _RATIO <= rate <= usual * _RATIO:
            shares = f"{name} is given to {_share(now, found.articles)} of the articles (before: {_share(before, reference.articles)})"
            yield f"{shares}. {_RARER if rate < usual else _COMMONER}"
        elif shift(found.scores.get(label, _NO_SCORES), reference.scores[label]) > _SHIFTED:
            yield f"Probabilities of {name} are spread otherwise than before. Check them on labelled articles of this stream."


def _is_more(count: int, of: int, count_before: int, of_before: int) -> bool:
    """Whether a share has grown, beyond chance and by enough to matter."""
    if not of or not of_before:
        return False
    rate, usual = count / of, count_before / of_before
    return _differ(count, of, count_before, of_before) and rate - usual > min(_POINTS, max(usual, _POINTS / 5))


def _differ(count: int, of: int, count_before: int, of_before: int) -> bool:
    pooled = (count + count_before) / (of + of_before)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
    return abs(count / of - count_before / of_before) > _STANDARD_ERRORS * error


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f}%" if of else "none"


def _median(lengths: Sequence[int]) -> int:
    """The length of the middle article, as if the articles of a bin were spread evenly over it."""
    half, so_far = sum(lengths) / 2, 0
    for place, count in enumerate(lengths):
        if count and so_far + count >= half:
            return round(2 ** (place + (half - so_far) / count))
        so_far += count
    return 0
