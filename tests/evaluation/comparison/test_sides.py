"""Two sides with labels of their own, brought to the labels that both know."""

import logging

import numpy as np
import pytest
from tests.evaluation.comparison.comparison_builders import build_predictions, build_targets

from hawadith.errors import DataError
from hawadith.records import Record
from hawadith_evaluation.cells import MEASURES
from hawadith_evaluation.comparison.sides import SharedLabels, build_side, label_shared, share_labels
from hawadith_evaluation.predictions import Predictions


def predictions_of(*labels: str) -> Predictions:
    return build_predictions(np.zeros((2, len(labels))), labels=labels)


RECORDS = [
    Record(id="1", text="x", labels=("mine", "spies")),
    Record(id="2", text="x", labels=("arms",), unknown=("mine",)),
]


def test_shared_labels_keep_the_order_of_a_and_name_the_rest() -> None:
    labels = share_labels([predictions_of("mine", "arms", "fire")], [predictions_of("flood", "arms", "mine")])
    assert (labels.shared, labels.only_a, labels.only_b) == (("mine", "arms"), ("fire",), ("flood",))


def test_wanted_labels_alone_are_compared() -> None:
    labels = share_labels([predictions_of("mine", "arms", "fire")], [predictions_of("arms", "mine")], wanted=["arms"])
    assert (labels.shared, labels.only_a, labels.only_b) == (("arms",), (), ())


@pytest.mark.parametrize(
    ("a", "b", "wanted", "message"),
    [
        ([("mine",)], [("arms",)], (), "no label in common: A knows mine; B arms"),
        ([("mine",), ("mine", "arms")], [("mine",)], (), "runs of A know different labels"),
        ([("mine",)], [("mine",)], ("fire",), "Neither A nor B knows fire. A knows mine"),
        ([("mine", "arms")], [("mine",)], ("arms",), "no label in common"),
    ],
)
def test_labels_that_cannot_be_compared_are_refused(
    a: list[tuple[str, ...]], b: list[tuple[str, ...]], wanted: tuple[str, ...], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        share_labels([predictions_of(*one) for one in a], [predictions_of(*one) for one in b], wanted=wanted)


def test_targets_of_shared_labels_say_nothing_of_labels_that_one_side_knows(caplog: pytest.LogCaptureFixture) -> None:
    labels = SharedLabels(shared=("arms",), only_a=("mine",), only_b=(), left=("spies",))
    with caplog.at_level(logging.WARNING):
        targets = label_shared(RECORDS, labels=labels)
    assert caplog.messages == []
    assert targets.labels == ("arms",)
    assert targets.positive.tolist() == [[False], [True]]
    assert targets.judged.tolist() == [[True], [True]]


def test_targets_of_shared_labels_mask_what_nobody_judged() -> None:
    targets = label_shared(RECORDS, labels=SharedLabels(shared=("mine",), only_a=(), only_b=("arms", "spies")))
    assert targets.judged.tolist() == [[True], [False]]


def test_labels_that_neither_side_knows_are_refused_when_strict() -> None:
    with pytest.raises(DataError, match=r"spies \(1 articles\)"):
        label_shared(RECORDS, labels=SharedLabels(shared=("mine", "arms"), only_a=(), only_b=()), strict=True)


def test_side_reads_each_label_by_name_and_leaves_unjudged_articles_out() -> None:
    targets = build_targets([[1, 0], [0, 1], [0, 0]], judged=[[True, True], [True, True], [False, True]])
    logits = np.array([[-1.0, 2.0], [1.0, -2.0], [-1.0, 9.0]])  # the columns stand the other way round
    side = build_side(targets, [build_predictions(logits, labels=("label_1", "label_0"))], measure="precision")
    assert side.measure().tolist() == [[1.0, 1.0]]
    assert [cells.rows.tolist() for cells in side.cells[0]] == [[0, 1], [0, 1, 2]]


def test_side_weighs_articles_and_averages_its_runs() -> None:
    targets = build_targets([[1], [0], [0]])
    runs = [build_predictions(np.array(logits)[:, None]) for logits in ([1.0, 1.0, -1.0], [1.0, -1.0, -1.0])]
    side = build_side(targets, runs, measure="precision")
    assert side.line == MEASURES.index("precision")
    assert side.measure().tolist() == [[0.5], [1.0]]
    weights = np.array([[1.0, 1.0, 0.0], [1.0, 3.0, 0.0], [1.0, 0.0, 1.0]])
    assert side.measure_weighted(weights)[0] == pytest.approx([0.75, 0.625, np.nan], nan_ok=True)


def test_side_refuses_a_run_of_other_articles() -> None:
    with pytest.raises(DataError, match=r"of the 3 articles .* got 3, 2"):
        build_side(
            build_targets([[1], [0], [0]]),
            [build_predictions(np.zeros((3, 1))), build_predictions(np.zeros((2, 1)))],
            measure="f1",
        )
