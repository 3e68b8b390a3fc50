"""The schema of an evaluation configuration, and its door-keeper."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from hawadith.errors import ConfigError
from hawadith_evaluation.duplicates import SAME_STORY
from hawadith_evaluation.intervals import IntervalMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateConfig:
    """How predictions are measured.

    Attributes:
        resamples: Bootstrap resamples behind each interval; 0 leaves the intervals out.
        seed: Seeds the bootstrap.
        interval: How intervals are read off the resamples: `bca`, corrected for bias and skewness, or `percentile`.
        same_story: Jaccard similarity from which two articles are resampled as one.
        promise_recall: Recall that a threshold of each label is promised for, where the articles support it.
        promise_precision: The same for precision.
        promise_confidence: Of each promise, over the draw of the articles.
        review_budget: Share of the articles that a reader can see per label: sizes the band of probabilities that goes to review.
        failures_per_label: Misses, and as many false alarms, of each label that the page shows for reading; 0 quotes no article.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    resamples: Annotated[int, Field(strict=True, ge=0)] = 1000
    seed: Annotated[int, Field(strict=True, ge=0)] = 13
    interval: IntervalMethod = "bca"
    same_story: Annotated[float, Field(strict=True, gt=0, le=1)] = SAME_STORY
    promise_recall: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.9
    promise_precision: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.8
    promise_confidence: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.9
    review_budget: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.05
    failures_per_label: Annotated[int, Field(strict=True, ge=0)] = 8


_DOOR: TypeAdapter[EvaluateConfig] = TypeAdapter(EvaluateConfig)


def load_config(path: Path | None, *, overrides: Mapping[str, object]) -> EvaluateConfig:
    """Read an evaluation configuration.

    Args:
        path: A YAML file; the defaults where None.
        overrides: Settings that win over the file's, where not None.

    Returns:
        The checked configuration.

    Raises:
        ConfigError: If the file cannot be read or does not fit the schema; all faults are named at once.
    """
    raw: object = {}
    if path is not None:
        try:
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(
                f"Cannot read the configuration {path}: {error.strerror}. See configs/evaluate for a complete one."
            ) from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path} must be a mapping of settings, not {type(raw).__name__}.")
    try:
        return _DOOR.validate_python({**raw, **{key: value for key, value in overrides.items() if value is not None}})
    except ValidationError as error:
        faults = "\n".join(f"  - {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ConfigError(f"{path or 'The options'} do not fit the schema:\n{faults}") from error
