"""Copies with other actors: each beside its article, in no other fold, and never measured."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.builders import CONFIGS, SAMPLES
from tests.linear_builders import build_article, build_corpus

from hawadith.errors import ConfigError
from hawadith.records import Record
from hawadith.text.article import TextProfile
from hawadith.typology import load_typology
from hawadith_evaluation.targets import Targets
from hawadith_training.articles import LabelledArticles, join_articles
from hawadith_training.augment import append_copies, copy_with_other_actors
from hawadith_training.config import load_config
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.fit import cross_fit_linear, fit_linear
from hawadith_training.linear.stages import FitStages
from hawadith_training.train import read_parts

CONFIG = LinearConfig(min_df=1, focus_sentences=1, scout_folds=2)
TEXTS = ("قالت إيران إن الحادث وقع أمس.", "افتتح الوزير المعرض.", "نفت حركة حماس الخبر.", "عاد الناس إلى بيوتهم.")


def build_learned(texts: tuple[str, ...] = TEXTS) -> LabelledArticles:
    positive = np.array([[row % 2 == 0] for row in range(len(texts))])
    return LabelledArticles(
        records=[Record(id=f"r{row}", text=text) for row, text in enumerate(texts)],
        articles=[build_article(text) for text in texts],
        targets=Targets(labels=("mine",), positive=positive, judged=np.ones_like(positive)),
    )


def copy(learned: LabelledArticles, *, seed: int = 1) -> LabelledArticles:
    return copy_with_other_actors(learned, profile=TextProfile(), seed=seed)


def texts_of(learned: LabelledArticles) -> list[str | None]:
    return [None if article is None else article.text.raw for article in learned.copies]


def test_copy_names_other_actors_and_articles_without_actors_have_none() -> None:
    first, second, third, fourth = texts_of(copy(build_learned()))
    assert (second, fourth) == (None, None)
    assert first is not None
    assert first != TEXTS[0]
    assert first.startswith("قالت ")
    assert third is not None
    assert "حماس" not in third


def test_copy_depends_on_the_articles_id_and_the_seed_alone() -> None:
    learned = build_learned()
    backwards = learned.select(np.array([3, 2, 1, 0]))
    assert texts_of(copy(backwards)) == texts_of(copy(learned))[::-1]
    drawn = {texts_of(copy(learned, seed=seed))[0] for seed in range(10)}
    assert len(drawn) > 3


def test_copies_go_where_their_articles_go() -> None:
    copied = copy(build_learned())
    both = join_articles(copied, copied)
    assert texts_of(both.select(np.array([6, 1, 0]))) == [texts_of(copied)[row] for row in (2, 1, 0)]
    assert build_learned().select(np.array([0])).copies == ()


def test_appended_copies_know_their_articles() -> None:
    copied = copy(build_learned())
    articles, rows = append_copies(copied.articles, copied.copies)
    assert rows.tolist() == [0, 1, 2, 3, 0, 2]
    assert [article.text.raw for article in articles[4:]] == [text for text in texts_of(copied) if text]
    alone, rows = append_copies(copied.articles, ())
    assert (alone, rows.tolist()) == (copied.articles, [0, 1, 2, 3])


def test_vocabulary_comes_from_the_articles_alone() -> None:
    articles, targets = build_corpus()
    odd = [build_article("كلمات غريبة جدا") for _ in articles]
    plain = fit_linear(articles, targets=targets, config=CONFIG, seed=1)
    augmented = fit_linear(articles, targets=targets, copies=odd, config=CONFIG, seed=1)
    assert (augmented.vocabulary.words == plain.vocabulary.words).all()
    assert (augmented.vocabulary.idf == plain.vocabulary.idf).all()


@pytest.mark.parametrize("weight", [0.25, 1.0])
def test_copy_counts_as_much_as_it_is_given(weight: float) -> None:
    articles, targets = build_corpus()
    stages = FitStages.prepare(
        [*articles, articles[0]],
        targets=targets.select(np.array([*range(16), 0])),
        marked=(),
        n_originals=16,
        config=replace(CONFIG, copy_weight=weight),
        init=None,
        typology=None,
    )
    assert stages.importance.tolist() == [1.0] * 16 + [weight]


def test_light_copies_move_a_model_less() -> None:
    articles, targets = build_corpus()
    copies = articles[4:] + articles[:4]
    logits = [
        fit_linear(articles, targets=targets, copies=copies, config=replace(CONFIG, copy_weight=weight), seed=1)
        .score(articles)
        .logits
        for weight in (1e-6, 0.1, 1.0)
    ]
    plain = fit_linear(articles, targets=targets, config=CONFIG, seed=1).score(articles).logits
    moved = [float(np.abs(found - plain).mean()) for found in logits]
    assert moved[0] < moved[1] < moved[2]


def test_copy_has_the_labels_of_its_article_and_is_never_measured() -> None:
    articles, targets = build_corpus()
    copies = [None, *articles[1:]]
    crossed = cross_fit_linear(articles, targets=targets, copies=copies, config=CONFIG, seed=1)
    assert crossed.logits.shape == (16, 2)
    assert ((crossed.model.score(articles).logits > 0) == targets.positive).all()


def test_copy_is_in_the_fold_of_its_article(monkeypatch: pytest.MonkeyPatch) -> None:
    articles, targets = build_corpus()
    seen: list[NDArray[np.int64]] = []
    for name in ("fit_scouts", "score_out_of_fold"):
        plain = getattr(FitStages, name)

        def spy(*args: object, plain: Callable[..., object] = plain, folds: NDArray[np.int64]) -> object:
            seen.append(folds)
            return plain(*args, folds=folds)

        monkeypatch.setattr(FitStages, name, spy)
    copies = [None, *articles[1:]]
    cross_fit_linear(articles, targets=targets, copies=copies, config=CONFIG, seed=1)
    fit_linear(articles, targets=targets, copies=copies, config=CONFIG, seed=1)
    assert len(seen) == 3
    for folds in seen:
        assert len(set(folds[:16])) == 2
        assert (folds[16:] == folds[1:16]).all()


def test_copies_take_the_label_off_the_name() -> None:
    # The name alone tells the label in these articles; in the copies it does not.
    texts = tuple(
        f"قالت {name} إن {what} أمس في المدينة رقم {row}."
        for row in range(12)
        for name, what in (("إيران", "لغما انفجر"), ("سوريا", "المعرض افتتح"))
    )
    learned = copy(build_learned(texts))
    config = replace(CONFIG, scout_folds=3, copy_weight=1.0)
    gaps = []
    for copies in ((), learned.copies):
        model = fit_linear(learned.articles, targets=learned.targets, copies=copies, config=config, seed=1)
        named = [build_article(f"قالت {name} إن لغما انفجر أمس.") for name in ("إيران", "سوريا")]
        scores = model.score(named).logits[:, 0]
        gaps.append(float(scores[0] - scores[1]))
    assert gaps[1] < 0.5 * gaps[0]


@pytest.mark.parametrize(("augment", "copied"), [("none", False), ("actors", True)])
def test_configuration_asks_for_copies(augment: str, copied: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS.parent)
    overrides = [f"augment={augment}", f"data.train={SAMPLES}", f"data.dev={SAMPLES}"]
    config = load_config(CONFIGS / "train" / "linear.yaml", overrides=overrides)
    learned, held_out = read_parts(config, typology=load_typology(Path(config.typology)))
    assert held_out is not None
    for part in (learned, held_out):
        assert bool(part.copies) == copied
        assert any(part.copies) == copied


def test_unknown_augmentation_is_refused() -> None:
    with pytest.raises(ConfigError, match="augment"):
        load_config(CONFIGS / "train" / "linear.yaml", overrides=["augment=everything"])
