"""Cases: which articles, how many, and that wordings of one incident stand in the same place."""

import numpy as np
import pytest
from tests.evaluation.robustness.suites import RECORDS

from hawadith.records import Record
from hawadith_evaluation.robustness.actors import load_actors
from hawadith_evaluation.robustness.cases import draw_rows, insert_sentences, perturb_records, swap_records
from hawadith_evaluation.robustness.perturbations import PERTURBATIONS
from hawadith_evaluation.robustness.wording import ReportSentence

SENTENCE = ReportSentence(report="وقع حادث.", negated="لم يقع حادث.", rumour="نفي حادث.", exercise="تمرين.")


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_drawn_rows_are_distinct_ascending_and_no_more_than_asked_for() -> None:
    assert draw_rows(np.arange(5), random=random(), limit=9) == [0, 1, 2, 3, 4]
    drawn = draw_rows(np.arange(50), random=random(), limit=9)
    assert drawn == sorted(set(drawn))
    assert len(drawn) == 9
    assert drawn != draw_rows(np.arange(50), random=random(1), limit=9)


def test_articles_that_a_change_leaves_alone_make_no_case() -> None:
    digits = next(perturbation for perturbation in PERTURBATIONS if perturbation.name == "digits")
    cases = perturb_records(RECORDS, digits, random=random(), limit=10)
    assert [case.row for case in cases] == [0, 1]
    assert all(case.notes["excerpt"] in case.record.text for case in cases)


@pytest.mark.parametrize("name", ["share_bar", "tatweel"])
def test_excerpt_shows_what_changed(name: str) -> None:
    change = next(perturbation for perturbation in PERTURBATIONS if perturbation.name == name)
    calm = [Record(id="a", text="كلمة " * 100 + "بيت بيت بيت بيت بيت بيت بيت بيت بيت بيت")]
    for case in perturb_records(calm, change, random=random(2), limit=1):
        assert case.notes["excerpt"] in case.record.text
        assert case.notes["excerpt"] not in calm[0].text


def test_swap_cases_say_who_was_put_in_whose_place() -> None:
    pairs = swap_records(RECORDS, actors=load_actors(), random=random(), limit=10, targets=2)
    assert {case.row for case, _ in pairs} == {0, 1}
    for case, swap in pairs:
        assert case.record is swap.record
        assert (case.notes["source"], case.notes["target"]) == (swap.source.id, swap.target.id)


def test_wordings_of_one_incident_stand_in_the_same_place() -> None:
    cases = insert_sentences(RECORDS, [SENTENCE] * 2, label="mine", rows=np.array([0, 2]), random=random(), limit=9)
    assert [case.row for case in cases] == [0, 0, 2, 2]
    for case in cases:
        original = RECORDS[case.row].text
        places = {case.records[wording].text.index(sentence) for wording, sentence in case.sentences.items()}
        assert len(places) == 1
        for wording, sentence in case.sentences.items():
            text = case.records[wording].text
            assert text.replace(sentence, "").split() == original.split()


def test_sentence_is_not_put_among_page_residue() -> None:
    text = "افتتح الوزير المعرض صباح اليوم في العاصمة بحضور عدد كبير من الكتاب والناشرين.\nشارك الخبر\nفيسبوك\nتويتر"
    for seed in range(5):
        [case] = insert_sentences(
            [Record(id="a", text=text)], [SENTENCE], label="mine", rows=np.array([0]), random=random(seed), limit=1
        )
        assert case.records["report"].text.split("\n")[1:] == text.split("\n")[1:]


def test_sentence_is_the_whole_text_of_an_article_without_any() -> None:
    [case] = insert_sentences(
        [Record(id="a", text="", title="عنوان")], [SENTENCE], label="mine", rows=np.array([0]), random=random(), limit=1
    )
    assert case.records["report"].text == SENTENCE.report
    assert case.records["report"].title == "عنوان"
