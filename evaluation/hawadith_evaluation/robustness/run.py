"""What every capability is measured with: the articles, the model, and what it said of them as they are."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.classifier import IncidentClassifier
from hawadith.records import Record
from hawadith_evaluation.duplicates import SAME_STORY, group_records
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.intervals import IntervalMethod
from hawadith_evaluation.predictions import Predictions, predict_records
from hawadith_evaluation.robustness.cases import Case
from hawadith_evaluation.robustness.figures import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSettings:
    """How much the suite reads; the defaults keep the bundled model on 640 articles within two minutes of one busy core.

    Attributes:
        articles: Articles drawn for each invariance and for the swaps.
        swap_targets: Others put in the place of the most mentioned actor of each kind.
        sentence_articles: Articles drawn for the sentences of each label.
        resamples: Bootstrap resamples; 0 leaves the intervals out.
        interval: How intervals are read off them.
        same_story: Jaccard similarity from which two articles are resampled as one.
        actors: An own list of actors; the package's where None.
        sentences: Own report sentences; the package's where None.
    """

    articles: int = 640
    swap_targets: int = 2
    sentence_articles: int = 40
    resamples: int = 1000
    interval: IntervalMethod = "percentile"
    same_story: float = SAME_STORY
    actors: Path | None = None
    sentences: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SuiteRun:
    """One run of the suite.

    Attributes:
        records: The articles, in the order of their ids.
        groups: Their near-duplicate groups, shape `(articles,)`.
        classifier: The model under test.
        before: What it says of them as they are.
        settings: How much to read.
        seed: Seeds articles, changes and bootstrap.
        on_progress: Told each capability as it begins.
    """

    records: Sequence[Record]
    groups: NDArray[np.int64]
    classifier: IncidentClassifier
    before: Predictions
    settings: SuiteSettings
    seed: int
    on_progress: Callable[[str], None]

    @classmethod
    def begin(
        cls,
        records: Sequence[Record],
        *,
        classifier: IncidentClassifier,
        settings: SuiteSettings,
        seed: int,
        on_progress: Callable[[str], None],
    ) -> "SuiteRun":
        """Let the model read the articles as they are; the order of a file says nothing."""
        ordered = sorted(records, key=lambda record: record.id)
        on_progress("articles as they are")
        return cls(
            records=ordered,
            groups=group_records(ordered, threshold=settings.same_story),
            classifier=classifier,
            before=predict_records(ordered, classifier=classifier),
            settings=settings,
            seed=seed,
            on_progress=on_progress,
        )

    def resampling(self, rows: NDArray[np.intp]) -> Resampling:
        """How cases are resampled that were made of the articles in these rows."""
        settings = self.settings
        return Resampling(
            groups=self.groups[rows], resamples=settings.resamples, seed=self.seed, interval=settings.interval
        )

    def draw(self, name: str) -> np.random.Generator:
        """The generator of a capability: another capability more or less changes nothing in it."""
        return np.random.default_rng((self.seed, zlib.crc32(name.encode())))

    def predict(self, records: Sequence[Record]) -> Predictions:
        """What the model says of changed articles."""
        return predict_records(records, classifier=self.classifier)

    def shift(self, cases: Sequence[Case]) -> Shift:
        """What the model says of the articles of cases, before and after."""
        rows = np.array([case.row for case in cases], dtype=np.intp)
        after = self.predict([case.record for case in cases])
        return Shift(
            labels=self.before.labels,
            resampling=self.resampling(rows),
            before=self.before.probabilities[rows],
            after=after.probabilities,
            given_before=self.before.decisions[rows],
            given_after=after.decisions,
        )
