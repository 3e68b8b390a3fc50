"""The gate measures what a precision costs, and each bound alone shuts it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith_evaluation.targets import Targets
from hawadith_training.gate import MAX_CHANGED, GateResult, measure_gate

N = 400
THRESHOLDS = np.array([0.5, 0.5])


def build_targets(n: int = N) -> Targets:
    """Every fourth article is positive for the first label, every fifth for the second."""
    positive = np.stack([np.arange(n) % 4 == 0, np.arange(n) % 5 == 0], axis=1)
    return Targets(labels=("mine", "arms"), positive=positive, judged=np.ones_like(positive))


def build_scores(targets: Targets, *, seed: int = 0) -> NDArray[np.float64]:
    """Good scores, none of them near a threshold."""
    noise = np.random.default_rng(seed).uniform(0, 0.3, targets.positive.shape)
    return np.where(targets.positive, 0.6, 0.1) + noise


def gate(candidate: NDArray[np.float64], *, reference: NDArray[np.float64], targets: Targets) -> GateResult:
    """Measure, each article a group of its own."""
    groups = np.arange(len(reference))
    return measure_gate(targets, reference=reference, candidate=candidate, thresholds=THRESHOLDS, groups=groups)


def test_gate_lets_the_same_scores_through() -> None:
    targets = build_targets()
    scores = build_scores(targets)
    result = gate(scores, reference=scores, targets=targets)
    assert result.faults == []
    assert (result.drop.value, result.changed.value, result.n_changed, result.largest_shift) == (0.0, 0.0, 0, 0.0)
    assert result.n_decisions == 2 * N


def test_gate_measures_average_precision_as_scikit_learn_does() -> None:
    from sklearn.metrics import average_precision_score

    targets = build_targets()
    reference, candidate = build_scores(targets), np.random.default_rng(1).uniform(size=(N, 2))
    result = gate(candidate, reference=reference, targets=targets)
    expected = average_precision_score(targets.positive, candidate, average="macro")
    assert result.candidate.value == pytest.approx(expected)
    assert result.reference.value == pytest.approx(1.0)
    assert result.drop.value == pytest.approx(1 - expected)
    assert result.drop.low is not None and result.drop.low <= 1 - expected <= (result.drop.high or 0)


def test_gate_refuses_a_ranking_that_lost_although_no_decision_changed() -> None:
    targets = build_targets()
    reference = build_scores(targets)
    candidate = np.where(reference >= 0.5, reference, 0.45 - reference)  # negatives keep their side
    reference[0], candidate[0] = 0.4, 0.01  # a positive below the threshold: first of its side, then last
    result = gate(candidate, reference=reference, targets=targets)
    assert result.n_changed == 0
    [fault] = result.faults
    assert "macro average precision falls" in fault


@pytest.mark.parametrize(("n_changed", "refused"), [(4, False), (5, True)])
def test_gate_refuses_changed_decisions_beyond_the_bound(n_changed: int, refused: bool) -> None:
    assert 4 / (2 * N) <= MAX_CHANGED < 5 / (2 * N)
    targets = build_targets()
    reference = build_scores(targets)
    lowest = np.argsort(reference[:, 0] + ~targets.positive[:, 0])[:n_changed]  # of the positives: ranks stay
    candidate = reference.copy()
    candidate[lowest, 0] = np.linspace(0.41, 0.49, n_changed)
    result = gate(candidate, reference=reference, targets=targets)
    assert result.n_changed == n_changed
    assert result.drop.value == 0
    assert bool(result.faults) is refused


def test_gate_stays_shut_where_a_probability_is_not_a_number() -> None:
    targets = build_targets()
    reference = build_scores(targets)
    candidate = reference.copy()
    candidate[1] = np.nan  # of an article without a label: no decision changes
    [fault] = gate(candidate, reference=reference, targets=targets).faults
    assert "not a number" in fault


def test_gate_needs_enough_decisions() -> None:
    targets = build_targets(99)
    scores = build_scores(targets)
    with pytest.raises(DataError, match="at least 200"):
        gate(scores, reference=scores, targets=targets)


def test_gate_needs_an_article_with_a_label() -> None:
    nothing = np.zeros((N, 2), dtype=bool)
    targets = Targets(labels=("mine", "arms"), positive=nothing, judged=~nothing)
    scores = np.full((N, 2), 0.2)
    with pytest.raises(DataError, match="carries a label"):
        gate(scores, reference=scores, targets=targets)
