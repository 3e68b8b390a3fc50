"""Measures under row weights, held equal to scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from hawadith_evaluation.cells import MEASURES, Cells, measure, measure_weighted


@st.composite
def cells_of_one_label(draw: st.DrawFn) -> Cells:
    size = draw(st.integers(1, 40))

    def column(values: st.SearchStrategy[float]) -> NDArray[np.float64]:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)))

    # Few distinct scores, so that ties are the rule.
    score = column(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]) | st.floats(0, 1))
    truth, given_ = (column(st.sampled_from([0.0, 1.0])) > 0 for _ in range(2))
    return Cells(rows=np.arange(size), truth=truth, given=given_, probability=score)


@settings(deadline=None, max_examples=60)
@given(cells=cells_of_one_label(), seed=st.integers(0, 2**32 - 1))
def test_weighted_measures_equal_scikit_learn_under_every_set_of_weights(cells: Cells, seed: int) -> None:
    weights = np.random.default_rng(seed).integers(0, 3, size=(len(cells.rows), 4)).astype(np.float64)
    measured = measure_weighted(cells, weights)
    for resample in range(4):
        weight = weights[:, resample]
        kept = weight > 0
        truth, chosen, score = cells.truth[kept], cells.given[kept], cells.probability[kept]
        arguments = {"sample_weight": weight[kept], "zero_division": np.nan}
        expected = [np.nan] * 4
        if kept.any():
            expected[:3] = [f(truth, chosen, **arguments) for f in (precision_score, recall_score, f1_score)]
        if truth.any():
            expected[3] = average_precision_score(truth, score, sample_weight=weight[kept])
        assert measured[:, resample] == pytest.approx(expected, nan_ok=True)


@settings(deadline=None, max_examples=60)
@given(cells=cells_of_one_label())
def test_measures_under_unit_weights_are_the_values(cells: Cells) -> None:
    assert measure_weighted(cells, np.ones((len(cells.rows), 1)))[:, 0] == pytest.approx(measure(cells), nan_ok=True)


def test_weighted_measures_count_an_article_once_per_cell_when_pooled() -> None:
    # Two labels of two articles: the first article holds both and is given one.
    pooled = Cells(
        rows=np.array([0, 0, 1, 1]),
        truth=np.array([True, True, False, False]),
        given=np.array([True, False, False, True]),
        probability=np.array([0.9, 0.2, 0.1, 0.6]),
    )
    precision, recall, f1, found = measure_weighted(pooled, np.array([[3.0], [1.0]]))[:, 0]
    assert (precision, recall, f1) == pytest.approx((3 / 4, 3 / 6, 2 * 3 / (4 + 6)))
    assert found == pytest.approx((3 * 3 / 3 + 3 * 6 / 7) / 6)


@pytest.mark.parametrize(
    ("truth", "chosen", "defined"),
    [
        ([], [], []),
        ([False, False], [False, False], []),
        ([False, False], [True, False], ["precision", "f1"]),
        ([True, False], [False, False], ["recall", "f1", "average_precision"]),
    ],
)
def test_measures_are_undefined_without_a_denominator(
    truth: list[bool], chosen: list[bool], defined: list[str]
) -> None:
    cells = Cells(
        rows=np.arange(len(truth)),
        truth=np.array(truth, dtype=np.bool_),
        given=np.array(chosen, dtype=np.bool_),
        probability=np.linspace(0, 1, len(truth)),
    )
    assert [name for name, value in zip(MEASURES, measure(cells), strict=True) if not np.isnan(value)] == defined
