"""A grown model knows what the old one knew, before its first step."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.builders import build_bundle, build_type, build_typology
from tests.training.encoder.encoders import (
    build_fitted,
    build_targets,
    build_train_config,
    invent_records,
    prepare,
    read_samples,
)

from hawadith.bundle import Bundle
from hawadith.encoder.model import EncoderModel
from hawadith.errors import BundleError
from hawadith.typology import Revision, Typology
from hawadith_training.encoder.config import FinetuneConfig
from hawadith_training.encoder.fit import fit_encoder, grow_encoder

GROWN = build_typology("drugs", "arms", "mine")


def test_grow_keeps_the_scores_of_old_labels(bundle: Bundle, tmp_path: Path) -> None:
    articles = read_samples()[:20]
    grown = grow_encoder(bundle, typology=GROWN, config=FinetuneConfig(), work_dir=tmp_path).score(articles).logits
    old = EncoderModel.load(bundle).score(articles).logits
    np.testing.assert_allclose(grown[:, [2, 1]], old, atol=1e-4)


def test_grow_gives_a_new_label_a_fresh_row(bundle: Bundle, tmp_path: Path) -> None:
    fitted = grow_encoder(bundle, typology=GROWN, config=FinetuneConfig(), work_dir=tmp_path)
    head = fitted.model.classifier.classifier.weight.detach().numpy()
    assert np.abs(head[0]).max() > 0
    assert not any(np.allclose(head[0], row) for row in head[1:])
    assert fitted.model.classifier.config.id2label == dict(enumerate(GROWN.ids))


def test_grow_keeps_the_scores_of_renamed_labels(bundle: Bundle, tmp_path: Path) -> None:
    renamed = Typology(
        version=2,
        labels=tuple(build_type(id_) for id_ in ("drugs", "arms", "ordnance")),
        history=(Revision(version=2, renamed={"mine": "ordnance"}, removed=()),),
    )
    articles = read_samples()[:20]
    grown = grow_encoder(bundle, typology=renamed, config=FinetuneConfig(), work_dir=tmp_path).score(articles).logits
    old = EncoderModel.load(bundle).score(articles).logits
    np.testing.assert_allclose(grown[:, [2, 1]], old, atol=1e-4)


def test_grow_refuses_a_linear_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="linear model"):
        grow_encoder(build_bundle(), typology=GROWN, config=FinetuneConfig(), work_dir=tmp_path)


def test_fit_from_a_bundle_learns_the_new_label_and_leaves_unknown_ones_alone(
    bundle: Bundle, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = build_train_config(tmp_path, {"max_steps": 2, "windowing": {"max_length": 32, "overlap": 8}})
    config = replace(config, init_from=str(bundle.path))
    articles = prepare(invent_records(8))
    targets = build_targets([[0, number % 2] for number in range(8)], [[0, 1]] * 8)
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        fitted = fit_encoder(
            articles,
            targets=targets,
            dev_articles=articles,
            dev_targets=targets,
            config=config,
            work_dir=tmp_path / "work",
        )
    assert fitted.windowing == bundle.manifest.windowing
    assert "which is kept" in caplog.text
    old = build_fitted(tmp_path / "again", spread=0.5).model.classifier.classifier
    head = fitted.model.classifier.classifier
    # Weight decay aside, no gradient reaches the row of a label that nobody judged.
    np.testing.assert_allclose(head.bias[0].item(), old.bias[0].item(), atol=1e-7)
    assert abs(head.bias[1].item() - old.bias[1].item()) > 1e-5
