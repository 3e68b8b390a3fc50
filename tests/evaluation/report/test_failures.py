"""Failures keep their article's characters, and mark exactly their evidence."""

import pytest
from tests.evaluation.report.contents import ARTICLE, failure

from hawadith.errors import DataError
from hawadith_evaluation.report.failures import describe_failures, view_failure, view_labels

LABELS = view_labels(["arms", "mines", "arms"])


def test_label_keeps_one_colour_however_often_it_is_named() -> None:
    assert [(label, view.style) for label, view in LABELS.items()] == [("arms", "c0"), ("mines", "c1")]


def test_labels_beyond_the_colours_use_them_again_dashed() -> None:
    assert view_labels([f"label_{n}" for n in range(10)])["label_9"].style == "c1 again"


def test_failure_marks_exactly_its_evidence() -> None:
    item = failure()
    item["evidence"] = [("text", 4, 20), ("title", 0, 5)]
    view = view_failure(item, label=LABELS["arms"], number=3)
    pieces = [piece for section in view.sections for paragraph in section.paragraphs for piece in paragraph]
    assert "".join(piece.text for piece in pieces) == ARTICLE
    assert "".join(piece.text for piece in pieces if piece.marks) == ARTICLE[4:20]
    assert [piece.text for paragraph in view.title for piece in paragraph if piece.marks] == [item["title"][:5]]


@pytest.mark.parametrize("span", [(0, 10**6), (-1, 4), (7, 7), (9, 3)])
def test_evidence_outside_of_its_text_is_refused(span: tuple[int, int]) -> None:
    item = failure(id_="a-7")
    item["evidence"] = [("text", *span)]
    with pytest.raises(DataError, match=r"'a-7': evidence \[.*lies outside of its `text`"):
        view_failure(item, label=LABELS["arms"], number=1)


def test_verdict_without_a_threshold_is_the_probability() -> None:
    item = failure()
    assert view_failure(item, label=LABELS["arms"], number=1).verdict == "probability 0.93, threshold 0.37"
    item["threshold"] = None
    assert view_failure(item, label=LABELS["arms"], number=1).verdict == "probability 0.93"


def test_failures_are_listed_by_id_without_their_texts() -> None:
    [table] = describe_failures([failure(kind="missed", id_="a-9")]).tables
    assert [cell.text for cell in table.rows[0].cells] == ["arms", "missed", "a-9", "0.930", "0.370"]
