"""Two classifiers behind the interface of one, for articles by the thousand of which few hold anything.

Three decisions are held here. The small model rules out, it never decides: an article is passed over only where it was read whole and every
probability lies below its threshold; whatever else comes of the small model, an error included, the large one scores the article as if it
were alone. A row says which model decided it: one that was passed over names the small model, has the status `screened_out`, no label and
no scores, since the probabilities of two models in one column would look like one model's. And bundles are taken only by the identities
that the thresholds were measured for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from hawadith.cascade.plan import CascadePlan, read_plan
from hawadith.classifier import IncidentClassifier, as_records
from hawadith.errors import BundleError, ConfigError
from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith.scoring import score_shard
from hawadith.typology import Typology


class CascadeClassifier:
    """A large model that scores what a small one cannot rule out.

    Args:
        plan: The thresholds, and for which bundles they hold.
        large: The model whose decisions count.
        small: The model that screens.

    Raises:
        BundleError: If either bundle is not the one that the plan was made for.
        ConfigError: If the plan's labels are not the small model's.

    Example:
        >>> classifier = CascadeClassifier.load(Path("cascade.json"), model=Path("large"))  # doctest: +SKIP
        >>> [prediction] = classifier.predict(["افتتح الوزير معرض الكتاب."])  # doctest: +SKIP
        >>> prediction.status  # doctest: +SKIP
        'screened_out'
    """

    def __init__(self, plan: CascadePlan, *, large: IncidentClassifier, small: IncidentClassifier) -> None:
        _check_identity("large", classifier=large, expected=plan.large, option="--model")
        _check_identity("small", classifier=small, expected=plan.small, option="--small")
        if set(plan.thresholds) != set(small.typology.ids):
            found, known = ", ".join(plan.thresholds), ", ".join(small.typology.ids)
            raise ConfigError(
                f"The cascade has thresholds for {found}; the small model knows {known}. Write it again with `hawadith cascade`."
            )
        self._plan = plan
        self._large = large
        self._small = small

    @classmethod
    def load(cls, plan: Path, *, model: Path | str | None = None, small: Path | str | None = None) -> Self:
        """Load a cascade and its two bundles.

        Args:
            plan: The file that `hawadith cascade` wrote.
            model: The large model's folder; the bundled default model when not given.
            small: The small model's folder; the bundled default model when not given.

        Returns:
            A classifier, ready to predict.

        Raises:
            BundleError: If a folder is no whole bundle, or not the one that the plan was made for.
            ConfigError: If the plan cannot be read.
        """
        read = read_plan(plan)
        return cls(read, large=IncidentClassifier.load(model), small=IncidentClassifier.load(small))

    @property
    def typology(self) -> Typology:
        """The incident types that the large model knows."""
        return self._large.typology

    @property
    def model_id(self) -> str:
        """Names the pair, the large model first; rows that a model decided name that one alone."""
        return f"{self._large.model_id}+{self._small.model_id}"

    def describe(self) -> Mapping[str, object]:
        """What predictions depend on: the large model's fields, and under `cascade` the small one's and the thresholds."""
        screen = {"small": self._small.describe(), "thresholds": dict(self._plan.thresholds)}
        return {**self._large.describe(), "cascade": screen}

    def predict(self, articles: Sequence[Record | str], *, evidence: bool = True) -> list[Prediction]:
        """Classify articles.

        Args:
            articles: Records, or plain texts without a title (their ids are their positions).
            evidence: Find the sentences that speak for each label that the large model gives.

        Returns:
            One prediction per article, in order; each names the model that decided it.

        Raises:
            TypeError: If given one text instead of a list of them.
        """
        records = as_records(articles)
        # One article that the small model cannot take costs its own screening: `score_shard` never raises for it.
        screened = score_shard(records, predictor=self._small, evidence=False)
        left = [position for position, prediction in enumerate(screened) if not self._rules_out(prediction)]
        decided = [self._pass_over(prediction) for prediction in screened]
        scored = self._large.predict([records[position] for position in left], evidence=evidence)
        for position, prediction in zip(left, scored, strict=True):
            decided[position] = replace(prediction, model=self._large.model_id)
        return decided

    def _rules_out(self, prediction: Prediction) -> bool:
        if prediction.status != "ok":
            return False
        return all(prediction.scores[label] < threshold for label, threshold in self._plan.thresholds.items())

    def _pass_over(self, prediction: Prediction) -> Prediction:
        return replace(prediction, status="screened_out", labels=(), scores={}, model=self._small.model_id)


def _check_identity(role: str, *, classifier: IncidentClassifier, expected: str, option: str) -> None:
    found = classifier.bundle.identity
    if found != expected:
        raise BundleError(
            f"{classifier.bundle.path} is not the {role} model that this cascade was measured for: its identity is {found[:12]}, the "
            f"cascade names {expected[:12]}. Name that bundle with {option}, or measure this one with `hawadith cascade`."
        )
