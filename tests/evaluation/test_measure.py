"""Figures from articles and predictions: file order says nothing, duplicate stories are one, data is named."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith_evaluation.config import EvaluateConfig
from hawadith_evaluation.measure import Sample, align_sample, fingerprint_records, measure_sample
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.predictions import Predictions

TEXTS = (
    "أصيب مزارع بانفجار لغم قديم في حقل شرق البلدة صباح أمس.",
    "ضبطت الشرطة شحنة بنادق مخبأة في شاحنة خضار على الطريق الساحلي.",
    "افتتحت البلدية حديقة عامة جديدة قرب المدرسة الابتدائية.",
    "أصيب مزارع بانفجار لغم قديم في حقل شرق البلدة صباح أمس بجروح!",
)
LABELS = (("mine",), ("arms", "spies"), (), ("mine",))
RECORDS = [
    Record(id=f"{row}", text=text, labels=labels, unknown=("arms",) if row == 2 else ())
    for row, (text, labels) in enumerate(zip(TEXTS, LABELS, strict=True))
]
CONFIG = EvaluateConfig(resamples=30)


def predict(records: Sequence[Record]) -> Predictions:
    """The probability follows the id, so that it goes with the record; the first is missed in spite of its probability."""
    probabilities = np.array([[0.9 - int(r.id[0]) / 10, int(r.id[0]) / 10] for r in records])
    decisions = (probabilities > 0.5) & np.array([[r.id != "0"] for r in records])
    return Predictions(
        model="m", labels=("mine", "arms"), probabilities=probabilities, decisions=decisions, unscored={}, rows=()
    )


def measure_predictions(
    records: Sequence[Record], predictions: Predictions, *, config: EvaluateConfig
) -> MetricsValues:
    return measure_sample(align_sample(records, predictions, config=config))


def test_measures_count_duplicate_stories_once_and_mask_the_unknown() -> None:
    metrics = measure_predictions(RECORDS, predict(RECORDS), config=CONFIG)
    assert (metrics["n"], metrics["n_groups"], metrics["n_fully_judged"]) == (4, 3, 3)
    assert (metrics["labels"]["mine"]["n"], metrics["labels"]["arms"]["judged"]) == (2, 3)
    assert measure_predictions(RECORDS, predict(RECORDS), config=replace(CONFIG, same_story=1.0))["n_groups"] == 4
    assert metrics["bootstrap"]["resamples"] == 30


def test_measures_take_the_decisions_not_one_half() -> None:
    metrics = measure_predictions(RECORDS, predict(RECORDS), config=CONFIG)
    assert metrics["labels"]["mine"]["predicted"] == 3
    assert metrics["labels"]["mine"]["recall"]["value"] == 0.5


def test_measures_do_not_depend_on_the_order_of_the_file() -> None:
    records = [replace(RECORDS[row % 3], id=f"{row % 10}{row}", text=f"خبر {row // 2}") for row in range(30)]
    shuffled = [records[row] for row in np.random.default_rng(0).permutation(30)]
    measured, again = (measure_predictions(order, predict(order), config=CONFIG) for order in (records, shuffled))
    assert measured["n_groups"] == 15
    assert again == measured


def test_sample_stands_in_the_order_of_ids_all_through() -> None:
    predictions = replace(
        predict(RECORDS[::-1]), rows=tuple(Prediction(id=r.id, status="ok", scores={}) for r in RECORDS[::-1])
    )
    sample: Sample = align_sample(RECORDS[::-1], predictions, config=replace(CONFIG, interval="percentile", seed=4))
    assert sample.records == tuple(RECORDS)
    assert [row.id for row in sample.predictions.rows] == ["0", "1", "2", "3"]
    assert sample.predictions.probabilities.tolist() == predict(RECORDS).probabilities.tolist()
    assert sample.predictions.decisions.tolist() == predict(RECORDS).decisions.tolist()
    assert sample.targets.positive[:, 0].tolist() == [True, False, False, True]
    assert sample.groups.tolist() == [0, 1, 2, 0]
    assert (sample.resampling.resamples, sample.resampling.seed, sample.resampling.interval) == (30, 4, "percentile")


def test_fingerprint_names_ids_texts_and_labels_but_not_their_order() -> None:
    named = fingerprint_records(RECORDS)
    assert fingerprint_records(RECORDS[::-1]) == named
    for change in ({"id": "9"}, {"text": "نص"}, {"title": "عنوان"}, {"labels": ()}, {"unknown": ("mine",)}):
        assert fingerprint_records([replace(RECORDS[0], **change), *RECORDS[1:]]) != named
