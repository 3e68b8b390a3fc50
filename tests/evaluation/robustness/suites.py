"""Small things for the robustness tests: classifiers whose faults are known, and articles that mention actors."""

from collections.abc import Sequence

import numpy as np
from tests.builders import KeywordModel, build_bundle

from hawadith.classifier import IncidentClassifier
from hawadith.model import ArticleScores
from hawadith.records import Record
from hawadith.text.article import PreparedArticle

LABELS = ("landmine_casualties", "arms_smuggling")
KEYWORDS = ("لغم", "بنادق")

RECORDS = [
    Record(
        id="border",
        title="إيران تعلق على الحادث",
        text="قالت إيران إن حركة حماس تنفي الخبر. وأكد الجيش الإيراني ذلك في 12 أيار. وسافر الوفد إلى دمشق.",
    ),
    Record(
        id="mine",
        title="حادث في الحقل",
        text="انفجر لغم بمزارع في حقله. وقالت الشرطة إن اللغم قديم. وكان الرجل في 40 من عمره.",
        labels=("landmine_casualties",),
    ),
    Record(id="calm", title="معرض الكتاب", text="افتتح الوزير المعرض صباح اليوم. وحضر جمهور كبير. والدخول مجاني."),
]


def build_classifier(keywords: Sequence[str] = KEYWORDS) -> IncidentClassifier:
    """Gives a label exactly where the profile text holds its keyword: right about spellings, blind to negation."""
    return IncidentClassifier(build_bundle(*LABELS), model=KeywordModel(keywords))


class RawModel(KeywordModel):
    """Gives every label where the raw text holds an even number of characters: any change may flip it."""

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score by length."""
        scores = super().score(articles)
        even = [len(article.title.raw + article.text.raw) % 2 == 0 for article in articles]
        logits = np.where(even, 4.0, -4.0).astype(np.float32)
        return ArticleScores(
            logits=np.repeat(logits[:, None], len(LABELS), axis=1),
            n_tokens=scores.n_tokens,
            n_windows=scores.n_windows,
            truncated=scores.truncated,
        )


def build_fragile_classifier() -> IncidentClassifier:
    """Flips with the number of raw characters."""
    return IncidentClassifier(build_bundle(*LABELS), model=RawModel(KEYWORDS))
