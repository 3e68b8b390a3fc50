"""What a cascade saves at the shape of AraBERT-base: random weights cost as much as trained ones, and what passes the screen is real.

The stream is real: random articles of the unlabelled corpus, and one in twenty that holds an incident. The screen is the bundled model with
thresholds promised out of fold on train + dev (docs/results.md) for two stand-ins of a trained large model: another linear recipe, which
errs much as the small one does, and the labels themselves, which never err. A trained encoder is expected between the two.
"""

import json
import lzma
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import perf_counter

import pytest
from tests.builders import SHARED_DATA
from tests.training.encoder.encoders import WINDOWING, build_bert, read_samples, write_fitted

from hawadith.cascade.classifier import CascadeClassifier
from hawadith.cascade.plan import CascadePlan
from hawadith.classifier import IncidentClassifier
from hawadith.records import Record
from hawadith.scoring import Classifier, score_shard
from hawadith_training.encoder.fitted import FittedEncoder
from hawadith_training.encoder.model import ArticleClassifier
from hawadith_training.encoder.scratch import learn_tokenizer

ARABERT_BASE = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
}
THRESHOLDS = {"another linear recipe": 0.0691, "the labels": 0.0199}
ARTICLES = 100
WITH_INCIDENT = 5


def build_large(folder: Path, *, small: IncidentClassifier) -> IncidentClassifier:
    """A random encoder of AraBERT-base's shape that knows the labels of the small model."""
    folder.mkdir()
    learn_tokenizer(read_samples(), size=8000, target=folder / "tokenizer.json")
    labels = small.typology.ids
    bert = build_bert(folder, labels=labels, spread=0.02, vocab_size=8000, **ARABERT_BASE)
    fitted = FittedEncoder(
        model=ArticleClassifier(bert, rules=["max"] * len(labels), token_budget=4096),
        tokenizer=folder / "tokenizer.json",
        windowing=replace(WINDOWING, max_length=512, overlap=64),
        encoder="tests",
        revision=None,
        token_budget=4096,
    )
    write_fitted(fitted, folder / "bundle", typology=small.typology)
    return IncidentClassifier.load(folder / "bundle")


def read_stream() -> list[Record]:
    """Random articles, and one in twenty with an incident."""
    with lzma.open(sorted((SHARED_DATA / "corpus").glob("*.jsonl.xz"))[0], "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, 0, 50 * (ARTICLES - WITH_INCIDENT), 50)]
    with (SHARED_DATA / "articles.dev.jsonl").open(encoding="utf-8") as lines:
        found = [row["text"] for row in map(json.loads, lines) if row["labels"]]
    return [Record(id=str(n), text=text) for n, text in enumerate(texts + found[:WITH_INCIDENT])]


def time_scoring(classifier: Classifier, records: list[Record]) -> tuple[float, int]:
    """Seconds, and how many articles the small model ruled out."""
    began = perf_counter()
    said = score_shard(records, predictor=classifier, evidence=False)
    return perf_counter() - began, sum(prediction.status == "screened_out" for prediction in said)


def build_cascade(threshold: float, *, large: IncidentClassifier, small: IncidentClassifier) -> CascadeClassifier:
    """The two models as a cascade."""
    plan = CascadePlan(
        large=large.bundle.identity,
        small=small.bundle.identity,
        thresholds=dict.fromkeys(small.typology.ids, threshold),
        at_most=0.02,
        confidence=0.9,
    )
    return CascadeClassifier(plan, large=large, small=small)


@pytest.mark.slow
def test_cascade_is_faster_than_its_large_model_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (SHARED_DATA / "corpus").exists():
        pytest.skip("needs the articles in shared/data")
    small = IncidentClassifier.load()
    large = build_large(tmp_path / "large", small=small)
    records = read_stream()
    for classifier in (small, large):
        score_shard(records[:2], predictor=classifier, evidence=False)
    alone, _ = time_scoring(large, records)
    lines = [f"\n{len(records)} articles, large alone: {alone:.1f} s"]
    for stand_in, threshold in THRESHOLDS.items():
        both, ruled_out = time_scoring(build_cascade(threshold, large=large, small=small), records)
        lines.append(f"as for {stand_in}: {both:.1f} s, {ruled_out} ruled out, {alone / both:.1f} times as fast")
        assert alone / both > 2
    with capsys.disabled():
        sys.stdout.write("\n".join([*lines, ""]))
