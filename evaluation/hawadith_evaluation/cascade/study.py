"""From articles and two models to the values of `cascade.json`."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from hawadith.cascade.plan import PLAN_VERSION
from hawadith.errors import ConfigError
from hawadith.readers import read_records
from hawadith.records import Record
from hawadith_evaluation.cascade.layout import CascadeValues, LossValues, MeasuredValues
from hawadith_evaluation.cascade.opinions import Opinion, Role, read_opinion
from hawadith_evaluation.cascade.screening import Losses, Screening, choose_screening
from hawadith_evaluation.cells import divide
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.estimates import Resampling, estimate_statistics
from hawadith_evaluation.measure import fingerprint_records
from hawadith_evaluation.predictions import check_ids

_EXCHANGEABLE = (
    "The articles to be scored are like these: what the large model finds among them is as hard for the small one to see. Near "
    "duplicates are one story, and stories are independent."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a cascade is measured on, and what is to be promised.

    Attributes:
        data: The articles, labelled or not.
        model: The large model's bundle; None for the bundled default.
        scores: Scores that stand for it; None lets it score the articles.
        small: The small model's bundle; None for the bundled default.
        small_scores: Scores that stand for it; None lets it score the articles.
        at_most: Share in (0, 1) of the large model's positives that may be lost.
        confidence: Of the promise, in (0, 1).
        resamples: Bootstrap resamples behind the intervals.
        seed: Seeds them.
        skip_bad_rows: Go on without rows that cannot be read.
    """

    data: tuple[Path, ...]
    model: Path | None = None
    scores: Path | None = None
    small: Path | None = None
    small_scores: Path | None = None
    at_most: float = 0.02
    confidence: float = 0.9
    resamples: int = 1000
    seed: int = 13
    skip_bad_rows: bool = False

    def spell_command(self) -> str:
        """The command that gives the same figures again."""
        options = {
            "--model": self.model,
            "--scores": self.scores,
            "--small": self.small,
            "--small-scores": self.small_scores,
            "--at-most": self.at_most,
            "--confidence": self.confidence,
            "--resamples": self.resamples,
            "--seed": self.seed,
        }
        words = [word for name, value in options.items() if value is not None for word in (name, str(value))]
        flags = ["--skip-bad-rows"] if self.skip_bad_rows else []
        return shlex.join(["hawadith", "cascade", *map(str, self.data), *words, *flags])


def measure_cascade(study: Study, *, console: Console) -> CascadeValues:
    """Choose the thresholds of a cascade, and measure what they do.

    The articles are put in the order of their ids first, so that no interval depends on the order of a file.

    Args:
        study: What to measure on, and what to promise.
        console: Where progress is shown.

    Returns:
        The values of `cascade.json`.

    Raises:
        ConfigError: If both models are the same.
        DataError: If articles or scores cannot be used, or the promise cannot be made on them.
    """
    records = sorted(read_records(study.data, skip_bad=study.skip_bad_rows), key=lambda record: record.id)
    check_ids(records)
    large, small = _read_opinions(study, records=records, console=console)
    if large.bundle.identity == small.bundle.identity:
        raise ConfigError(
            f"Both models are {large.bundle.model_id}; name a larger one with --model, or a smaller with --small."
        )
    groups = group_records(records)
    decisions = large.predictions.decisions
    screening = choose_screening(
        small.peaks, decisions=decisions, groups=groups, at_most=study.at_most, confidence=study.confidence
    )
    return {
        "cascade_version": PLAN_VERSION,
        "large": large.to_mapping(),
        "small": small.to_mapping(),
        "thresholds": dict.fromkeys(small.bundle.typology.ids, screening.threshold),
        "promise": {
            "at_most": study.at_most,
            "confidence": study.confidence,
            "assumes": [_EXCHANGEABLE, *large.assumptions, *small.assumptions],
        },
        "measured": _measure(
            screening,
            ruled_out=small.peaks < screening.threshold,
            quiet=~np.asarray(decisions.any(axis=1)),
            resampling=Resampling(groups=groups, resamples=study.resamples, seed=study.seed),
        ),
        "data": {"paths": [str(path) for path in study.data], "sha256": fingerprint_records(records)},
        "warnings": [*large.warn(study.data), *small.warn(study.data)],
        "code_version": version("hawadith"),
        "date": datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": study.spell_command(),
    }


def _read_opinions(study: Study, *, records: Sequence[Record], console: Console) -> tuple[Opinion, Opinion]:
    with Progress(transient=True, console=console) as progress:

        def read(role: Role, *, model: Path | None, scores: Path | None) -> Opinion:
            task = progress.add_task(f"Scores of the {role} model", total=len(records))
            return read_opinion(
                role,
                model=model,
                scores=scores,
                records=records,
                on_progress=lambda done: progress.advance(task, advance=done),
            )

        large = read("large", model=study.model, scores=study.scores)
        return large, read("small", model=study.small, scores=study.small_scores)


def _measure(
    screening: Screening, *, ruled_out: NDArray[np.bool_], quiet: NDArray[np.bool_], resampling: Resampling
) -> MeasuredValues:
    def measure(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        of_all = divide(weights[ruled_out].sum(axis=0), weights.sum(axis=0))
        of_quiet = divide(weights[ruled_out & quiet].sum(axis=0), weights[quiet].sum(axis=0))
        return np.stack([of_all, of_quiet])

    of_all, of_quiet = estimate_statistics(measure, resampling=resampling)
    return {
        "articles": len(quiet),
        "stories": len(np.unique(resampling.groups)),
        "by_story": _tabulate(screening.stories),
        "by_label": _tabulate(screening.decisions),
        "ruled_out": of_all.to_mapping(),
        "ruled_out_of_rest": of_quiet.to_mapping(),
    }


def _tabulate(losses: Losses) -> LossValues:
    return {"positives": losses.positives, "lost": losses.lost}
