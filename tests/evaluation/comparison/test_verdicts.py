"""Words that claim no more than the data: each verdict, each qualification, once."""

import pytest
from tests.evaluation.comparison.comparison_builders import build_contrast

from hawadith_evaluation.comparison.layout import Verdict
from hawadith_evaluation.comparison.results import Contrast
from hawadith_evaluation.comparison.verdicts import describe_contrast, judge

UNSURE = build_contrast(0.012, -0.02, 0.04, p=0.43)


@pytest.mark.parametrize(
    ("contrast", "verdict"),
    [
        (build_contrast(), "worse"),
        (build_contrast(0.05, 0.01, 0.09), "better"),
        (build_contrast(p=0.05), "worse"),
        (build_contrast(p=0.0501), "no_evidence"),
        (build_contrast(0.0, 0.0, 0.0, p=1.0, same=True), "same"),
        (build_contrast(0.0, 0.0, 0.0, p=1.0), "no_evidence"),
        (build_contrast(None, None, None, p=None), "undefined"),
    ],
)
def test_verdict_follows_the_corrected_test(contrast: Contrast, verdict: Verdict) -> None:
    assert judge(contrast) == verdict


@pytest.mark.parametrize(
    ("contrast", "words"),
    [
        (build_contrast(), "B is worse by 0.050 [0.010, 0.090] (p = 0.004, Holm)."),
        (build_contrast(0.05, 0.01, 0.09, p=0.0002), "B is better by 0.050 [0.010, 0.090] (p < 0.001, Holm)."),
        (build_contrast(-0.05, -0.09, 0.0), "B is worse by 0.050 [0.000, 0.090] (p = 0.004, Holm)."),
        (build_contrast(0.05, -0.001, 0.09), "B is better by 0.050 [-0.001, 0.090] (p = 0.004, Holm)."),
    ],
)
def test_a_difference_is_said_with_its_size_interval_and_p(contrast: Contrast, words: str) -> None:
    assert describe_contrast(contrast, measure="f1", positives=20) == words


def test_no_evidence_says_what_these_articles_would_have_shown() -> None:
    assert describe_contrast(UNSURE, measure="f1", positives=20) == (
        "No evidence of a difference: B - A is +0.012 [-0.020, +0.040] (p = 0.430, Holm). "
        "A true difference of 0.060 would be found four times in five; smaller ones may well exist."
    )


def test_the_mean_of_the_labels_is_not_corrected() -> None:
    assert "(p = 0.430)" in describe_contrast(UNSURE, measure="f1", positives=None)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0.012, "conservative here: where there is no difference it rejects 1.2% of the time, not 5%"),
        (0.0, "differ on too few stories for this test to reject at the 5% level at all"),
    ],
)
def test_a_conservative_test_says_so(size: float, words: str) -> None:
    contrast = build_contrast(0.012, -0.02, 0.04, p=0.43, size=size)
    assert words in describe_contrast(contrast, measure="f1", positives=20)


def test_a_test_that_cannot_reject_promises_to_find_nothing() -> None:
    contrast = build_contrast(0.012, -0.02, 0.04, p=0.43, size=0.0, detectable=0.06)
    assert "four times in five" not in describe_contrast(contrast, measure="f1", positives=20)


def test_an_interval_without_width_is_not_sold_as_equality() -> None:
    contrast = build_contrast(0.0, 0.0, 0.0, p=1.0, detectable=None)
    words = describe_contrast(contrast, measure="average_precision", positives=1)
    assert words.startswith("No evidence of a difference")
    assert "nothing can be said" in words


@pytest.mark.parametrize(
    ("measure", "words"), [("average_precision", "rank all articles alike"), ("f1", "same labels")]
)
def test_equal_outputs_are_said_to_be_equal(measure: str, words: str) -> None:
    contrast = build_contrast(0.0, 0.0, 0.0, p=1.0, same=True)
    assert words in describe_contrast(contrast, measure=measure, positives=3)


@pytest.mark.parametrize(
    ("contrast", "positives", "words"),
    [
        (build_contrast(None, None, None, p=None, a=None, b=None), 0, "no article is positive"),
        (build_contrast(None, None, None, p=None, b=None), 3, "B gave the label to no article"),
        (build_contrast(None, None, None, p=None, a=None, b=None), 3, "A and B gave the label to no article"),
        (build_contrast(None, None, None, p=None, a=None, b=None), None, "no label defines the measure on both sides"),
    ],
)
def test_what_cannot_be_compared_says_why(contrast: Contrast, positives: int | None, words: str) -> None:
    assert describe_contrast(contrast, measure="precision", positives=positives).startswith(f"Not compared: {words}")
