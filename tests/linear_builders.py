"""Invented articles and a small linear model, for tests of the linear kind."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.builders import build_manifest, build_typology

from hawadith.bundle import Bundle, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.linear.features import read_grams
from hawadith.linear.model import Coefficients, LinearModel
from hawadith.linear.vocabulary import Vocabulary
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith_evaluation.targets import Targets

MINE = "انفجر لغم أرضي بسيارة مزارع قرب القرية وأصيب اثنان من أبنائه."
ARMS = "ضبطت الشرطة شاحنة تهرب بنادق وذخيرة عبر المعبر الحدودي."
CALM = [
    "افتتح الوزير معرض الكتاب في العاصمة صباح اليوم.",
    "تعادل الفريقان في مباراة الذهاب أمام جمهور غفير.",
    "ارتفعت أسعار القمح في الأسواق العالمية هذا الأسبوع.",
    "تشهد المدينة طقسا معتدلا خلال نهاية الأسبوع.",
]


def build_article(text: str, *, title: str = "") -> PreparedArticle:
    """An article through the current profile."""
    return prepare_article(title, text, profile=TextProfile())


def build_model(
    articles: Sequence[PreparedArticle],
    *,
    labels: Sequence[str] = ("mine", "arms"),
    focus_sentences: int = 2,
    judging: Sequence[str] = (),
) -> LinearModel:
    """A model that knows all n-grams of the articles and has drawn its coefficients by lot; some labels' scouts may judge."""
    grams = [read_grams(article) for article in articles]
    words = np.unique(np.concatenate([article.words for article in grams]))
    chars = np.unique(np.concatenate([article.chars for article in grams]))
    random = np.random.default_rng(5)
    shape = (len(words) + len(chars), len(labels))
    return LinearModel(
        labels,
        vocabulary=Vocabulary(words=words, chars=chars, idf=random.uniform(1, 5, shape[0]).astype(np.float32)),
        coefficients=Coefficients(
            scout=random.normal(size=shape).astype(np.float16),
            scout_intercept=random.normal(size=shape[1]).astype(np.float32),
            whole=random.normal(size=shape).astype(np.float16),
            focus=random.normal(size=shape).astype(np.float16),
            intercept=random.normal(size=shape[1]).astype(np.float32),
            judges=np.array([label in judging for label in labels], dtype=np.float32),
        ),
        focus_sentences=focus_sentences,
    )


def build_corpus() -> tuple[list[PreparedArticle], Targets]:
    """Sixteen short articles; every fourth reports a mine, every other fourth arms, in the middle of calm sentences."""
    articles, positive = [], []
    for row in range(16):
        calm = [CALM[(row + offset) % len(CALM)] for offset in range(3)]
        mine, arms = row % 4 == 0, row % 4 == 1
        calm[1:1] = [MINE] * mine + [ARMS] * arms
        articles.append(build_article(" ".join(calm), title=f"خبر رقم {row}"))
        positive.append([mine, arms])
    cells = np.array(positive, dtype=np.bool_)
    return articles, Targets(labels=("mine", "arms"), positive=cells, judged=np.ones_like(cells))


def write_linear(model: LinearModel, path: Path) -> Bundle:
    """A bundle of a linear model, as read back from disk."""
    labels = model.labels
    with write_bundle(
        path, manifest=build_manifest(), typology=build_typology(*labels), calibration=uncalibrated(labels)
    ) as folder:
        model.save(folder)
    return read_bundle(path)
