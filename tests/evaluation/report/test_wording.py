"""Numbers as readers quote them."""

import pytest
from tests.evaluation.report.contents import estimate

from hawadith_evaluation.report.wording import (
    UNDEFINED,
    spell_change,
    spell_count,
    spell_estimate,
    spell_interval,
    spell_number,
    spell_share,
)


@pytest.mark.parametrize(
    ("value", "digits", "spelt"),
    [
        (0.126, 2, "+0.13"),
        (-0.126, 2, "−0.13"),
        (-0.0004, 3, "0.000"),
        (0.0, 0, "0"),
        (7.0, 0, "+7"),
        (None, 2, UNDEFINED),
    ],
)
def test_change_has_a_sign_unless_it_rounds_to_nothing(value: float | None, digits: int, spelt: str) -> None:
    assert spell_change(value, digits=digits) == spelt


def test_estimate_has_its_interval_in_brackets() -> None:
    assert spell_estimate(estimate(0.71, 0.06)) == "0.71 [0.65, 0.77]"
    assert spell_estimate(estimate(-0.01, 0.02), signed=True) == "−0.01 [−0.03, +0.01]"


def test_estimate_without_interval_is_its_value() -> None:
    assert spell_estimate({"value": 0.713, "low": None, "high": None}, digits=3) == "0.713"


def test_interval_of_an_undefined_value_is_not_shown() -> None:
    assert spell_interval({"value": None, "low": 0.1, "high": 0.2}) == ""
    assert spell_estimate({"value": None, "low": 0.1, "high": 0.2}) == UNDEFINED


def test_undefined_is_never_a_number() -> None:
    assert spell_number(None, digits=2) == spell_share(None) == UNDEFINED


def test_share_is_a_percentage() -> None:
    assert spell_share(0.049, digits=1) == "4.9%"


def test_count_agrees_with_its_noun() -> None:
    assert [spell_count(n, "article") for n in (0, 1, 1204)] == ["0 articles", "1 article", "1,204 articles"]
