"""The invariances: changes of an article after which its labels must be the same, and how many may flip all the same.

The tolerance of a spelling is a gate for releases (docs/decisions.md). Noise has looser ones, because it destroys some of the text.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hawadith.records import Record
from hawadith_evaluation.robustness.noise import add_related_links, add_share_bar, scan_poorly, shuffle_sentences
from hawadith_evaluation.robustness.spelling import (
    add_invisible_marks,
    add_tashkeel,
    add_tatweel,
    change_digits,
    use_presentation_forms,
    vary_spelling,
)

RewriteText = Callable[[str, np.random.Generator], str]
"""A change of one field; gives back the very text where nothing applies."""

SPELLING_TOLERANCE = 0.01
NOISE_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbation:
    """A change of articles that no label may depend on.

    Attributes:
        name: The capability's name in `metrics.json`.
        rewrite: What happens to a field.
        tolerance: Share of (article, label) decisions that may flip, in [0, 1].
        title: Whether it applies to the headline, too.
    """

    name: str
    rewrite: RewriteText
    tolerance: float = SPELLING_TOLERANCE
    title: bool = True

    def apply(self, record: Record, random: np.random.Generator) -> Record:
        """Change an article.

        Args:
            record: The article.
            random: Decides where; the same state gives the same change.

        Returns:
            The changed article, without its marked sentences, whose places have moved; the very record where nothing applies.
        """
        title = self.rewrite(record.title, random) if self.title else record.title
        return with_texts(record, title=title, text=self.rewrite(record.text, random))


def with_texts(record: Record, *, title: str, text: str) -> Record:
    """The record with other fields, and without marked sentences; the very record where both are the same."""
    if (title, text) == (record.title, record.text):
        return record
    return replace(record, title=title, text=text, evidence=(), context=())


PERTURBATIONS = (
    Perturbation(name="tashkeel", rewrite=add_tashkeel),
    Perturbation(name="tatweel", rewrite=add_tatweel),
    Perturbation(name="spelling", rewrite=vary_spelling),
    Perturbation(name="presentation_forms", rewrite=use_presentation_forms),
    Perturbation(name="invisible_marks", rewrite=add_invisible_marks),
    Perturbation(name="digits", rewrite=change_digits),
    Perturbation(name="share_bar", rewrite=add_share_bar, title=False),
    Perturbation(name="related_links", rewrite=add_related_links, title=False, tolerance=NOISE_TOLERANCE),
    Perturbation(name="sentence_order", rewrite=shuffle_sentences, title=False, tolerance=NOISE_TOLERANCE),
    Perturbation(name="scan_noise", rewrite=scan_poorly, tolerance=NOISE_TOLERANCE),
)
"""In the order of a report."""
