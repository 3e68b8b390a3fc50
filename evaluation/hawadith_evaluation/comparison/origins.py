"""Where the predictions of a comparison come from: bundles that score the articles now, and files of scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hawadith.bundle import TYPOLOGY, Manifest
from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError
from hawadith.records import Record
from hawadith_evaluation.predictions import Predictions, load_predictions, predict_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One origin of predictions.

    Attributes:
        kind: A model that makes them, or a file or folder that holds them.
        path: Where it lies; None for the bundled default model.
    """

    kind: Literal["model", "scores"]
    path: Path | None

    def __str__(self) -> str:
        """Where it lies, for a reader."""
        return "the bundled default" if self.path is None else str(self.path)


def choose_sides(models: Sequence[Path], scores: Sequence[Path], *, models_first: bool) -> tuple[Origin, Origin]:
    """Say which origin is A and which is B.

    Args:
        models: Bundles, in the order given.
        scores: Files of scores, in the order given.
        models_first: Whether the first of all was a bundle.

    Returns:
        A and B, in the order given; where only one was, A is the bundled default.

    Raises:
        ConfigError: If none or more than two are given.
    """
    of_models = [Origin(kind="model", path=path) for path in models]
    of_scores = [Origin(kind="scores", path=path) for path in scores]
    given = [*of_models, *of_scores] if models_first else [*of_scores, *of_models]
    if len(given) == 1:
        given = [Origin(kind="model", path=None), *given]
    if len(given) != 2:
        raise ConfigError(
            f"A comparison has two sides, A then B: give --model or --scores twice, got {len(given)}. One alone is compared with the "
            "bundled default. Further training runs of a side go to --run-of-a and --run-of-b."
        )
    return given[0], given[1]


def add_runs(first: Origin, runs: Sequence[Path], *, option: str) -> tuple[Origin, ...]:
    """Put the training runs of a side together.

    Args:
        first: The run that `--model` or `--scores` gave.
        runs: Further ones: a folder with a typology is a bundle, all else holds scores.
        option: What gave them, for the message.

    Returns:
        All runs.

    Raises:
        ConfigError: If a run is given twice: copies would make the spread between runs look small.
    """
    further = [Origin(kind="model" if (path / TYPOLOGY).is_file() else "scores", path=path) for path in runs]
    places = [origin.path.resolve() for origin in (first, *further) if origin.path is not None]
    if len(set(places)) < len(places):
        raise ConfigError(f"{option} names a training run that its side has already; give each run once.")
    return (first, *further)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What an origin gave.

    Attributes:
        predictions: Its predictions.
        manifest: Of the bundle that made them; None for files, which do not say.
    """

    predictions: Predictions
    manifest: Manifest | None


def read_origins(
    origins: Sequence[Origin], *, records: Sequence[Record], on_progress: Callable[[int], None] = lambda _: None
) -> dict[Origin, Reading]:
    """Score the articles, or read their scores; what two sides share is scored once.

    Args:
        origins: Where predictions come from.
        records: The articles, with ids of their own.
        on_progress: Told the number of articles each time a model has scored some.

    Returns:
        What each origin gave, with predictions in the order of the records.
    """
    return {origin: _read_origin(origin, records, on_progress) for origin in dict.fromkeys(origins)}


def _read_origin(origin: Origin, records: Sequence[Record], on_progress: Callable[[int], None]) -> Reading:
    if origin.kind == "scores" and origin.path is not None:
        return Reading(predictions=load_predictions(origin.path, records=records), manifest=None)
    classifier = IncidentClassifier.load(origin.path)
    predictions = predict_records(records, classifier=classifier, on_progress=on_progress)
    return Reading(predictions=predictions, manifest=classifier.bundle.manifest)
