"""A comparison in words that claim no more than the data: a large p is never equality, and what could have been seen stands beside it.

The verdict follows the test alone, after Holm's correction. The interval is each label's own and uncorrected, so that at the border the two
may seem to disagree.
"""

from hawadith_evaluation.comparison.layout import Verdict
from hawadith_evaluation.comparison.results import Contrast
from hawadith_evaluation.comparison.significance import ALPHA
from hawadith_evaluation.estimates import Estimate

CONSERVATIVE_BELOW = 0.04
"""Size of the test, at its level of 0.05, below which a reader is told that it is conservative."""


def judge(contrast: Contrast) -> Verdict:
    """Say what the data support.

    Args:
        contrast: A and B on one label, or on the mean of the labels.

    Returns:
        The verdict on B.
    """
    if contrast.difference.value is None or contrast.p_holm is None:
        return "undefined"
    if contrast.same:
        return "same"
    if contrast.p_holm > ALPHA:
        return "no_evidence"
    return "better" if contrast.difference.value > 0 else "worse"


def describe_contrast(contrast: Contrast, *, measure: str, positives: int | None) -> str:
    """Put a contrast into a sentence or two.

    Args:
        contrast: The contrast.
        measure: What was measured, one of `MEASURES`.
        positives: Positive articles of the label; None for the mean of the labels.

    Returns:
        The words.
    """
    verdict = judge(contrast)
    if verdict == "undefined":
        return f"Not compared: {_explain_undefined(contrast, positives=positives)}."
    if verdict == "same":
        return f"No difference: {_describe_same(measure)}."
    p = describe_p(contrast, corrected=positives is not None)
    if verdict == "no_evidence":
        change = describe_difference(contrast.difference)
        return " ".join([f"No evidence of a difference: B - A is {change} ({p}).", *_qualify(contrast)])
    return f"B is {verdict} by {_describe_size(contrast.difference)} ({p})."


def describe_p(contrast: Contrast, *, corrected: bool) -> str:
    """Spell the p that the verdict rests on.

    Args:
        contrast: A contrast that has one.
        corrected: Whether it was corrected over the labels.

    Returns:
        Such as `p = 0.031, Holm`.
    """
    p = contrast.p_holm or 0.0
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    return f"{shown}, Holm" if corrected else shown


def describe_difference(difference: Estimate) -> str:
    """Spell a difference with its sign and its interval, as `+0.012 [-0.003, +0.027]`."""
    if difference.low is None or difference.high is None:
        return f"{difference.value:+.3f}"
    return f"{difference.value:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"


def _describe_size(difference: Estimate) -> str:
    """The size of a difference that is not 0, with the interval turned so that it holds the size; adding 0 makes -0 a 0."""
    sign = 1 if (difference.value or 0.0) > 0 else -1
    bounds = sorted(sign * bound + 0.0 for bound in (difference.low, difference.high) if bound is not None)
    shown = f" [{', '.join(f'{bound:.3f}' for bound in bounds)}]" if bounds else ""
    return f"{abs(difference.value or 0.0):.3f}{shown}"


def _qualify(contrast: Contrast) -> list[str]:
    """What the data could have shown, and whether the test is slower to reject than it says."""
    if not contrast.size:  # what such a test would find four times in five, no interval can say
        return ["They differ on too few stories for this test to reject at the 5% level at all: label more articles."]
    words = [
        "The interval is a point: from these articles nothing can be said of what a difference would have looked like."
    ]
    if contrast.detectable is not None:
        words = [
            f"A true difference of {contrast.detectable:.3f} would be found four times in five; smaller ones may well exist."
        ]
    if contrast.size < CONSERVATIVE_BELOW:
        words.append(
            f"The test is conservative here: where there is no difference it rejects {contrast.size:.1%} of the time, not 5%."
        )
    return words


def _describe_same(measure: str) -> str:
    if measure == "average_precision":
        return "A and B rank all articles alike"
    return "A and B give the same labels to all articles"


def _explain_undefined(contrast: Contrast, *, positives: int | None) -> str:
    if positives is None:
        return "no label defines the measure on both sides"
    if not positives:
        return "no article is positive"
    silent = [name for name, side in (("A", contrast.a), ("B", contrast.b)) if side.value is None]
    return f"{' and '.join(silent)} gave the label to no article in at least one run, so that precision is undefined"
