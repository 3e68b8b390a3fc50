"""Our `evaluate.Metric`: the numbers of metrics.py, bad input refused before `evaluate` casts it, nothing on disk."""

from pathlib import Path

import evaluate
import numpy as np
import pytest
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith_evaluation.intervals import IntervalMethod
from hawadith_evaluation.metric import IncidentMetrics
from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.targets import Targets

LABELS = ("mines", "arms")
RANDOM = np.random.default_rng(0)
REFERENCES = RANDOM.integers(-1, 2, size=(50, 2))
PREDICTIONS = RANDOM.random((50, 2))
THRESHOLDS = (0.3, 0.6)


def metric(*, interval: IntervalMethod = "percentile") -> IncidentMetrics:
    return IncidentMetrics(labels=LABELS, thresholds=THRESHOLDS, resamples=50, seed=3, interval=interval)


def expected(*, groups: NDArray[np.int64] | None = None, decisions: NDArray[np.bool_] | None = None) -> MetricsValues:
    return compute_metrics(
        Targets(labels=LABELS, positive=REFERENCES == 1, judged=REFERENCES >= 0),
        probabilities=PREDICTIONS,
        decisions=np.array(THRESHOLDS) <= PREDICTIONS if decisions is None else decisions,
        groups=groups,
        resamples=50,
        seed=3,
    ).to_mapping()


def test_metric_gives_the_numbers_of_the_functions() -> None:
    assert metric().compute(predictions=PREDICTIONS, references=REFERENCES) == expected()


def test_metric_takes_groups_and_decisions() -> None:
    groups, decisions = np.arange(50) // 2, PREDICTIONS > 0.5
    computed = metric().compute(predictions=PREDICTIONS, references=REFERENCES, groups=groups, decisions=decisions)
    assert computed == expected(groups=groups, decisions=decisions)
    assert computed != expected()


def test_metric_adds_up_batches_and_single_articles() -> None:
    one = metric()
    one.add_batch(predictions=PREDICTIONS[:20].tolist(), references=REFERENCES[:20].tolist())
    one.add(prediction=PREDICTIONS[20], reference=REFERENCES[20])
    one.add_batch(predictions=PREDICTIONS[21:].astype(np.float64), references=REFERENCES[21:])
    assert one.compute() == expected()


def test_metric_can_be_used_again() -> None:
    one = metric()
    one.compute(predictions=PREDICTIONS[:9], references=REFERENCES[:9])
    assert one.compute(predictions=PREDICTIONS, references=REFERENCES) == expected()


def test_metric_counts_one_half_as_given_without_thresholds() -> None:
    computed = IncidentMetrics(labels=["mines"], resamples=0).compute(
        predictions=[[0.5], [0.49]], references=[[True], [True]]
    )
    assert computed["labels"]["mines"]["predicted"] == 1


def test_metric_works_in_a_combination() -> None:
    combined = evaluate.combine({"mild": metric(), "strict": IncidentMetrics(labels=LABELS, thresholds=(0.9, 0.9))})
    computed = combined.compute(predictions=PREDICTIONS, references=REFERENCES)
    assert computed["mild_macro"] == expected()["macro"]
    assert computed["strict_labels"]["mines"]["predicted"] < computed["mild_labels"]["mines"]["predicted"]


def test_metric_adds_up_batches_in_a_combination() -> None:
    combined = evaluate.combine([metric(), metric()])
    combined.add_batch(predictions=PREDICTIONS[:20], references=REFERENCES[:20])
    for prediction, reference in zip(PREDICTIONS[20:], REFERENCES[20:], strict=True):
        combined.add(prediction, reference)
    computed = combined.compute()
    macros = [value for key, value in computed.items() if key.endswith("macro")]
    assert macros == [expected()["macro"]] * 2


def test_metric_refuses_bad_numbers_in_a_combination_too() -> None:
    with pytest.raises(DataError, match="row 0 for arms: nan"):
        evaluate.combine([metric()]).compute(predictions=[[0.5, float("nan")]], references=[[1, 0]])


def test_metric_takes_the_interval_method() -> None:
    computed = metric(interval="bca").compute(predictions=PREDICTIONS, references=REFERENCES)
    assert computed["bootstrap"]["method"] == "bca"
    assert computed["macro"]["f1"]["value"] == expected()["macro"]["f1"]["value"]
    assert computed["macro"]["f1"] != expected()["macro"]["f1"]


@pytest.mark.parametrize(
    ("predictions", "references", "message"),
    [
        ([[1, 0]], [[1, 0]], "predictions are int64.*not decisions"),
        ([["0.9", "0.1"]], [[1, 0]], "predictions are <U3"),
        ([[0.5, float("nan")]], [[1, 0]], "row 0 for arms: nan"),
        ([[0.5, 1.5]], [[1, 0]], "row 0 for arms: 1.5"),
        ([[0.5, float("inf")]], [[1, 0]], "row 0 for arms: inf"),
        ([[0.5, -0.1]], [[1, 0]], "row 0 for arms: -0.1"),
        ([[0.5]], [[1, 0]], r"predictions have the shape \(1, 1\).*\(articles, 2\)"),
        ([[0.5, 0.1], [0.5]], [[1, 0]], "predictions are ragged"),
        ([[0.5, 0.1]], [[0.9, 0.0]], "references are float64"),
        ([[0.5, 0.1]], [[2, 0]], "row 0 holds 2 for mines"),
        ([[0.5, 0.1]], [[1, 0], [1, 0]], "1 predictions but 2 references"),
        (None, [[1, 0]], r"predictions have the shape \(\)"),
    ],
)
def test_metric_refuses_what_evaluate_would_cast_or_let_pass(
    predictions: object, references: object, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        metric().compute(predictions=predictions, references=references)


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ({"decisions": PREDICTIONS}, "decisions are float64; give booleans"),
        ({"groups": PREDICTIONS[:, 0]}, "groups are float64; give whole numbers"),
    ],
)
def test_metric_refuses_decisions_and_groups_that_a_cast_would_change(
    further: dict[str, NDArray[np.float64]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        metric().compute(predictions=PREDICTIONS, references=REFERENCES, **further)


@pytest.mark.parametrize("thresholds", [[0.5], [0.5, 0.5, 0.5]])
def test_metric_refuses_thresholds_that_are_not_one_a_label(thresholds: list[float]) -> None:
    with pytest.raises(DataError, match="2 labels; give one each"):
        IncidentMetrics(labels=LABELS, thresholds=thresholds)


def test_metric_refuses_a_bad_single_article() -> None:
    with pytest.raises(DataError, match="nan"):
        metric().add(prediction=[0.5, float("nan")], reference=[1, 0])


def test_metric_leaves_nothing_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("evaluate.config.HF_METRICS_CACHE", tmp_path / "cache")
    one = metric()
    one.add_batch(predictions=PREDICTIONS, references=REFERENCES)
    assert list(tmp_path.iterdir()) == []
    assert one.compute() == expected()
    assert list(tmp_path.iterdir()) == []
