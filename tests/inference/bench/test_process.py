"""Scoring is measured in a process that holds no torch, and its failure is told."""

from pathlib import Path

import pytest
from tests.builders import SAMPLES
from tests.inference.encoder.runtimes import build_weights, write_encoder_bundle
from tests.test_boundaries import HEAVY, imported_modules

from hawadith.bench.process import measure_scoring
from hawadith.bench.windows import cut_records
from hawadith.bundle import read_bundle
from hawadith.classifier import default_bundle
from hawadith.encoder.model import EncoderModel
from hawadith.errors import DataError
from hawadith.readers import read_records
from hawadith.text.article import TextProfile, prepare_article


def test_measure_scoring_of_the_default_model() -> None:
    scoring = measure_scoring(default_bundle(), data=SAMPLES, limit=20, passes=2)
    assert scoring.articles == 20
    assert scoring.tokens > 20 * 50
    assert len(scoring.seconds) == 2
    assert scoring.best == min(scoring.seconds) > 0
    assert scoring.startup > scoring.best / 20
    assert 20e6 < scoring.peak_memory < 4e9


def test_measured_process_imports_nothing_heavy() -> None:
    assert imported_modules("import hawadith.bench.worker").isdisjoint(HEAVY)


def test_measure_scoring_says_why_it_failed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"manifest\.json"):
        measure_scoring(tmp_path, data=SAMPLES, limit=1, passes=1)


def test_measure_scoring_refuses_articles_without_a_token(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text('{"id": "1", "text": " "}\n')
    with pytest.raises(DataError, match="no article that"):
        measure_scoring(default_bundle(), data=tmp_path / "empty.jsonl", limit=1, passes=1)


def test_cut_records_cuts_as_scoring_does(tmp_path: Path) -> None:
    write_encoder_bundle(tmp_path / "b", weights=build_weights({"لغم": 4.0}), labels={"mine": "max"})
    bundle, records = read_bundle(tmp_path / "b"), read_records([SAMPLES])[:10]
    windows = cut_records(records, bundle=bundle)
    articles = [prepare_article(record.title, record.text, profile=TextProfile()) for record in records]
    assert len(windows) == EncoderModel.load(bundle).score(articles).n_windows.sum()
    assert max(map(len, windows)) <= bundle.manifest.windowing.max_length
