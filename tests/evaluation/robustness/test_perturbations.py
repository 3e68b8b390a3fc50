"""Perturbations of records: fields, marks and identity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.records import Mark, Record
from hawadith_evaluation.robustness.perturbations import PERTURBATIONS, Perturbation, with_texts

MARK = Mark(label="mine", field="text", start=0, end=4)


def by_name(name: str) -> Perturbation:
    return next(perturbation for perturbation in PERTURBATIONS if perturbation.name == name)


@pytest.mark.parametrize("perturbation", PERTURBATIONS, ids=lambda perturbation: perturbation.name)
@given(title=st.text(max_size=20), text=st.text(max_size=40))
def test_perturbation_never_raises_and_keeps_all_but_the_texts(
    perturbation: Perturbation, title: str, text: str
) -> None:
    record = Record(id="a", title=title, text=text, labels=("mine",), date="2024-01-01")
    changed = perturbation.apply(record, np.random.default_rng(0))
    assert with_texts(changed, title=title, text=text) == record


@pytest.mark.parametrize("perturbation", PERTURBATIONS, ids=lambda perturbation: perturbation.name)
def test_perturbation_gives_the_very_record_where_nothing_applies(perturbation: Perturbation) -> None:
    record = Record(id="a", text="", evidence=(MARK,))
    assert perturbation.apply(record, np.random.default_rng(0)) is record


def test_perturbation_drops_marks_whose_places_have_moved() -> None:
    record = Record(id="a", text="انفجر لغم في 2024", evidence=(MARK,), context=(MARK,))
    changed = by_name("digits").apply(record, np.random.default_rng(0))
    assert (changed.evidence, changed.context) == ((), ())


@pytest.mark.parametrize(("name", "touched"), [("digits", True), ("share_bar", False), ("sentence_order", False)])
def test_perturbation_touches_the_headline_where_it_should(name: str, touched: bool) -> None:
    sentences = "افتتح المعرض عام 2024 أبوابه. وحضر جمهور كبير. والدخول مجاني. وأغلق مساء."
    record = Record(id="a", title=sentences, text=sentences)
    changed = by_name(name).apply(record, np.random.default_rng(0))
    assert (changed.title != record.title) == touched
    assert changed.text != record.text


def test_perturbation_names_are_unique_and_tolerances_are_shares() -> None:
    assert len({perturbation.name for perturbation in PERTURBATIONS}) == len(PERTURBATIONS)
    assert all(0 < perturbation.tolerance < 0.1 for perturbation in PERTURBATIONS)
