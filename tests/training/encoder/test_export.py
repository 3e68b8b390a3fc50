"""What leaves training is what was trained: the runtime equals torch, and the folder is an ordinary transformers checkpoint."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
import torch
from tests.training.encoder.encoders import read_samples
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from hawadith.bundle import Bundle
from hawadith.calibration import Calibration
from hawadith.classifier import IncidentClassifier
from hawadith.encoder.model import EncoderModel
from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.export import check_runtime
from hawadith_training.encoder.fitted import FittedEncoder


def test_runtime_equals_torch_on_fifty_articles(fitted: FittedEncoder, bundle: Bundle) -> None:
    articles = read_samples()[:50]
    runtime, torch_ = EncoderModel.load(bundle).score(articles), fitted.score(articles)
    assert np.ptp(torch_.logits, axis=0).min() > 0.1  # articles differ, or the comparison would say nothing
    np.testing.assert_allclose(runtime.logits, torch_.logits, atol=1e-4)
    np.testing.assert_array_equal(runtime.n_windows, torch_.n_windows)
    np.testing.assert_array_equal(runtime.n_tokens, torch_.n_tokens)
    np.testing.assert_array_equal(runtime.truncated, torch_.truncated)


def test_runtime_scores_an_article_alone_as_among_others(bundle: Bundle) -> None:
    model, articles = EncoderModel.load(bundle), read_samples()[:30]

    def probabilities(batch: Sequence[object]) -> np.ndarray:
        return bundle.calibration.probabilities(model.score(batch).logits)  # type: ignore[arg-type]

    alone = np.concatenate([probabilities([article]) for article in articles])
    np.testing.assert_allclose(probabilities(articles), alone, atol=1e-5)
    np.testing.assert_allclose(probabilities(articles[::-1])[::-1], alone, atol=1e-5)


def test_runtime_scores_the_same_again(bundle: Bundle) -> None:
    articles = read_samples()[:10]
    first, second = (EncoderModel.load(bundle).score(articles).logits for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_bundle_opens_as_an_ordinary_transformers_checkpoint(fitted: FittedEncoder, bundle: Bundle) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(bundle.path)
    tokenizer = AutoTokenizer.from_pretrained(bundle.path)
    assert model.config.id2label == {0: "mine", 1: "arms"}
    assert model.config.problem_type == "multi_label_classification"
    text = read_samples()[3].text.profile.text[:100]
    fitted.model.eval()
    inputs = {"input_ids": torch.tensor([tokenizer(text)["input_ids"]])}
    with torch.no_grad():
        torch.testing.assert_close(model(**inputs).logits, fitted.model.classifier(**inputs).logits)


def test_bundle_classifies_with_evidence(bundle: Bundle) -> None:
    typology = bundle.typology
    certain = tuple(replace(label, threshold=0.0) for label in bundle.calibration.labels)
    sure = replace(bundle, calibration=Calibration(labels=certain))
    article = read_samples()[1]
    [prediction] = IncidentClassifier(sure, model=EncoderModel.load(sure)).predict([article.text.raw])
    assert prediction.labels == typology.ids
    assert {evidence.label for evidence in prediction.evidence} == set(typology.ids)
    for evidence in prediction.evidence:
        assert article.text.raw[evidence.start : evidence.end] == evidence.text


def test_write_holds_no_pickle(bundle: Bundle) -> None:
    assert {Path(name).suffix for name in bundle.manifest.files} <= {".json", ".safetensors", ".xml", ".bin", ".yaml"}
    assert [name for name in bundle.manifest.files if name.endswith(".bin")] == ["runtime/model.bin"]


def test_check_runtime_refuses_what_was_not_trained(fitted: FittedEncoder, bundle: Bundle) -> None:
    runtime = openvino.Core().read_model(bundle.path / "runtime" / "model.xml")
    check_runtime(runtime, classifier=fitted.model.classifier, length=16)
    other = copy.deepcopy(fitted.model.classifier)
    torch.nn.init.normal_(other.classifier.weight)
    with pytest.raises(EncoderError, match="differs from torch"):
        check_runtime(runtime, classifier=other, length=16)
