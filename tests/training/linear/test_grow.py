"""Retraining from a bundle: what was learned stays."""

from pathlib import Path

import numpy as np
import pytest
from tests.builders import build_manifest, build_type, build_typology
from tests.linear_builders import ARMS, build_article, build_corpus

from hawadith.bundle import Bundle, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.errors import DataError
from hawadith.linear.model import LinearModel
from hawadith.typology import Revision, Typology
from hawadith_evaluation.targets import Targets
from hawadith_training.labels import match_labels
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.fit import fit_linear
from hawadith_training.linear.grow import grow_linear

ARTICLES, TARGETS = build_corpus()
CONFIG = LinearConfig(min_df=2, scout_folds=4)
DRUGS = [build_article(f"ضبط مخدرات وحبوب في شحنة بن رقم {row}.") for row in range(4)]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    path: Path = tmp_path_factory.mktemp("grow") / "old"
    model = fit_linear(ARTICLES, targets=TARGETS, config=CONFIG, seed=1)
    with write_bundle(
        path,
        manifest=build_manifest(),
        typology=build_typology("mine", "arms"),
        calibration=uncalibrated(("mine", "arms")),
    ) as folder:
        model.save(folder)
    return read_bundle(path)


def targets_of(labels: tuple[str, ...], *, positive: list[int], judged: bool) -> Targets:
    """The corpus and four articles on drugs, labelled for the last label alone; others as in the corpus, or unjudged."""
    cells = np.zeros((20, len(labels)), dtype=np.bool_)
    known = np.full_like(cells, judged)
    known[:, -1] = True
    cells[positive, -1] = True
    return Targets(labels=labels, positive=cells, judged=known)


def test_grown_model_scores_old_labels_as_before_and_new_ones_with_nothing(bundle: Bundle) -> None:
    old = LinearModel.load(bundle).score(ARTICLES).logits
    grown = grow_linear(bundle, labels=("arms", "drugs", "mine")).score(ARTICLES).logits
    np.testing.assert_array_equal(grown[:, [2, 0]], old)
    assert (grown[:, 1] == 0).all()


def test_grown_model_scores_renamed_labels_as_before(bundle: Bundle) -> None:
    renamed = Typology(
        version=2,
        labels=tuple(build_type(id_) for id_ in ("arms", "drugs", "ordnance")),
        history=(Revision(version=2, renamed={"mine": "ordnance"}, removed=()),),
    )
    old = LinearModel.load(bundle).score(ARTICLES).logits
    kept = match_labels(bundle.typology, grown=renamed)
    grown = grow_linear(bundle, labels=renamed.ids, kept=kept).score(ARTICLES).logits
    np.testing.assert_array_equal(grown[:, [2, 0]], old)
    assert (grown[:, 1] == 0).all()


def test_growing_leaves_labels_alone_that_nobody_judged_anew(bundle: Bundle) -> None:
    old = LinearModel.load(bundle).score(ARTICLES).logits
    targets = targets_of(("mine", "arms", "drugs"), positive=[16, 17, 18, 19], judged=False)
    model = fit_linear([*ARTICLES, *DRUGS], targets=targets, config=CONFIG, seed=1, init=bundle)
    np.testing.assert_array_equal(model.score(ARTICLES).logits[:, :2], old)
    drugs = model.score([*ARTICLES, *DRUGS]).logits[:, 2]
    assert drugs[16:].min() > drugs[:16].max()


def test_growing_keeps_a_renamed_label_that_nobody_judged_anew(bundle: Bundle) -> None:
    renamed = Typology(
        version=2,
        labels=tuple(build_type(id_) for id_ in ("ordnance", "arms")),
        history=(Revision(version=2, renamed={"mine": "ordnance"}, removed=()),),
    )
    old = LinearModel.load(bundle).score(ARTICLES).logits
    targets = Targets(labels=renamed.ids, positive=TARGETS.positive, judged=np.zeros_like(TARGETS.judged))
    model = fit_linear(ARTICLES, targets=targets, config=CONFIG, seed=1, init=bundle, typology=renamed)
    np.testing.assert_array_equal(model.score(ARTICLES).logits, old)


def test_growing_shrinks_towards_the_old_coefficients(bundle: Bundle) -> None:
    old = LinearModel.load(bundle).coefficients.whole.astype(np.float32)
    positive = TARGETS.positive[:, ::-1].copy()  # the opposite of what was learned
    targets = Targets(labels=TARGETS.labels, positive=positive, judged=TARGETS.judged)
    moved = []
    for strength in (1e-3, 10.0):
        config = LinearConfig(strength=strength, scout_folds=4)
        model = fit_linear(ARTICLES, targets=targets, config=config, seed=1, init=bundle)
        moved.append(float(np.abs(model.coefficients.whole.astype(np.float32) - old).max()))
    assert moved[0] < 0.01 < moved[1]


def test_growing_needs_something_to_learn_a_new_label_from(bundle: Bundle) -> None:
    targets = targets_of(("mine", "arms", "drugs"), positive=[], judged=True)
    with pytest.raises(DataError, match="drugs: 0 articles"):
        fit_linear([*ARTICLES, *DRUGS], targets=targets, config=CONFIG, seed=1, init=bundle)


def test_growing_from_a_bundle_keeps_how_it_reads(bundle: Bundle) -> None:
    config = LinearConfig(focus_sentences=1, min_df=1, scout_folds=4)
    model = fit_linear(ARTICLES, targets=TARGETS, config=config, seed=1, init=bundle)
    assert model.focus_sentences == CONFIG.focus_sentences
    np.testing.assert_array_equal(model.vocabulary.words, LinearModel.load(bundle).vocabulary.words)
    assert model.score([build_article(ARMS)]).logits[0, 1] > 0
