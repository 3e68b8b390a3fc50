"""The schema of a training configuration, and its door-keeper.

Frozen dataclasses are the schema; pydantic checks a YAML file against them and reports every fault at once with its dotted path. Nothing
behind this door checks a value again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, cast

import yaml
from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from hawadith.calibration import Goal, GoalKind
from hawadith.errors import ConfigError
from hawadith.readers import ReadOptions, TableLayout
from hawadith_training.encoder.config import FinetuneConfig
from hawadith_training.linear.config import LinearConfig
from hawadith_training.self_training import SelfTrainingConfig


def _refuse_mistaken(value: object) -> object:
    """Pass a column on.

    Args:
        value: As YAML gives it.

    Returns:
        The same.

    Raises:
        ValueError: If YAML has taken a name for something else.
    """
    if isinstance(value, bool | float):
        raise ValueError(f"YAML reads this as {value!r}; write the name in quotes")  # noqa: TRY004 - pydantic wants it
    return value


def _spell_class(value: object) -> object:
    """A class as it stands in the file: `1` needs no quotes; for what YAML reads otherwise, `yes` or `1.0`, see `_refuse_mistaken`."""
    value = _refuse_mistaken(value)
    return str(value) if isinstance(value, int) else value


_Column = Annotated[str | int, BeforeValidator(_refuse_mistaken)]
_Class = Annotated[str, BeforeValidator(_spell_class)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConfig:
    """Labelled articles.

    Attributes:
        train: File or folder of labelled articles, as every reader of hawadith takes it; or a list of them.
        dev: The same, held out for calibration, thresholds and early stopping; without it they come from cross-fitting (linear) or from a
            tenth of the training articles (transformer).
        auxiliary: The same, to learn from only: hard cases that were picked out, or another genre. Nothing is calibrated or measured on
            them, and those that retell an article of `train` or `dev` are left out.
        sentences: The same, of sentences on their own with their labels, to learn from only: a linear model's scouts learn from them, no
            regression over articles does. A transformer reads them as short articles.
        same_as: Other files that hold the articles of `train`, such as those that it was joined from: an evaluation on one of them warns
            that the model has learned from it.
        columns: In .csv and .tsv files, the column of each field: its name in the header line, or its number from 0 where there is none.
            A field that is not named has the column of its own name.
        classes: In the same files, the label id that each class in the label column stands for, null for no label. Where empty, the
            column holds label ids.
        skip_bad_rows: Go on without rows that cannot be read, instead of stopping with all of them named.
    """

    train: str | tuple[str, ...]
    dev: str | tuple[str, ...] | None = None
    auxiliary: str | tuple[str, ...] | None = None
    sentences: str | tuple[str, ...] | None = None
    same_as: tuple[str, ...] = ()
    columns: Mapping[str, _Column] = field(default_factory=dict)
    classes: Mapping[_Class, str | None] = field(default_factory=dict)
    skip_bad_rows: bool = False

    def __post_init__(self) -> None:
        TableLayout(columns=self.columns, classes=self.classes)  # it refuses what no table can mean

    @property
    def reading(self) -> ReadOptions:
        """How `train` and `dev` are read."""
        return ReadOptions(table=TableLayout(columns=self.columns, classes=self.classes))

    @property
    def train_paths(self) -> tuple[str, ...]:
        """What `train` names."""
        return (self.train,) if isinstance(self.train, str) else self.train

    @property
    def dev_paths(self) -> tuple[str, ...]:
        """What `dev` names; empty where nothing is held out."""
        return (self.dev,) if isinstance(self.dev, str) else self.dev or ()

    @property
    def auxiliary_paths(self) -> tuple[str, ...]:
        """What `auxiliary` names."""
        return (self.auxiliary,) if isinstance(self.auxiliary, str) else self.auxiliary or ()

    @property
    def sentence_paths(self) -> tuple[str, ...]:
        """What `sentences` names."""
        return (self.sentences,) if isinstance(self.sentences, str) else self.sentences or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderConfig:
    """Which kind of model, and where a transformer starts from.

    Attributes:
        kind: `linear` (n-grams) or `transformer` (a BERT-family encoder).
        path: Hub id or folder of the encoder; null for a linear model, or for a transformer made from scratch.
        revision: Hub revision (commit, tag or branch) to pin.
    """

    kind: Literal["linear", "transformer"]
    path: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdConfig:
    """What each label's threshold is chosen for.

    Attributes:
        kind: `f1`, `recall` or `precision`, for every label not named in `per_label`.
        at_least: In (0, 1]; for `recall` and `precision`.
        per_label: Other goals by label id.
    """

    kind: GoalKind = "f1"
    at_least: float | None = None
    per_label: Mapping[str, Goal] = field(default_factory=dict)

    def goals(self, labels: Sequence[str]) -> dict[str, Goal]:
        """The goal of each label."""
        return {label: self.per_label.get(label, Goal(kind=self.kind, at_least=self.at_least)) for label in labels}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardConfig:
    """What the model card says that no program can know.

    Attributes:
        data: Where the training articles come from, who labelled them, and under which terms.
        licence: Under which terms the weights may be used.
    """

    data: str = "Origin and labelling of the articles were not stated."
    licence: str = "Not stated."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """Everything that decides how a model is trained.

    Attributes:
        typology: Path of the typology file.
        data: Labelled articles.
        encoder: Kind and origin of the model.
        self_training: Articles that nobody labelled, and a teacher who labels them; transformers learn from them, too.
        init_from: A bundle to grow from: what it learned is kept, labels are matched by id, new labels start fresh.
        seed: Seeds every random choice.
        preclean: Drop page residue and fold look-alike characters before the text profile.
        augment: `actors` learns beside each article from a copy in which every known actor is another of its kind, so that names decide
            less; `none` learns from the articles alone.
        thresholds: Goals of the thresholds.
        card: Words for the model card.
        linear: Settings of `encoder.kind: linear`.
        finetune: Settings of `encoder.kind: transformer`.
    """

    # Sections without a setting of their own take this one over: an unknown key is a fault everywhere.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    typology: str
    data: DataConfig
    encoder: EncoderConfig
    self_training: SelfTrainingConfig | None = None
    init_from: str | None = None
    seed: int = 13
    preclean: bool = True
    augment: Literal["none", "actors"] = "none"
    thresholds: ThresholdConfig = field(default_factory=ThresholdConfig)
    card: CardConfig = field(default_factory=CardConfig)
    linear: LinearConfig = field(default_factory=LinearConfig)
    finetune: FinetuneConfig = field(default_factory=FinetuneConfig)

    def __post_init__(self) -> None:
        if self.self_training is not None and self.encoder.kind == "linear":
            raise ConfigError(
                "self_training is for encoder.kind transformer; a linear model learns from labels: set it to null"
            )


def load_config(path: Path, *, overrides: Sequence[str] = ()) -> TrainConfig:
    """Read a training configuration.

    Args:
        path: A YAML file.
        overrides: Assignments `a.b=value`, each value parsed as YAML.

    Returns:
        The checked configuration; relative paths in it count from the working directory.

    Raises:
        ConfigError: If the file cannot be read or does not fit the schema; all faults are named at once.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"Cannot read the configuration {path}: {error.strerror}. See configs/train for complete ones."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path} must be a mapping of settings, not {type(raw).__name__}.")
    for override in overrides:
        _apply_override(raw, override)
    return parse_config(raw, where=str(path))


def parse_config(raw: Mapping[str, object], *, where: str) -> TrainConfig:
    """Check plain values against the schema.

    Args:
        raw: The values.
        where: What to call them in a message.

    Returns:
        The checked configuration.

    Raises:
        ConfigError: If they do not fit; all faults are named at once with their dotted paths.
    """
    try:
        return _DOOR.validate_python(dict(raw))
    except ValidationError as error:
        faults = "\n".join(f"  - {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ConfigError(f"{where} does not fit the schema:\n{faults}") from error


_DOOR: TypeAdapter[TrainConfig] = TypeAdapter(TrainConfig)


def _apply_override(raw: dict[str, object], override: str) -> None:
    key, separator, value = override.partition("=")
    if not separator or not all(key.split(".")):
        raise ConfigError(f"--set {override!r}: expected a.b=value, for example --set data.train=articles.jsonl")
    *parents, leaf = key.split(".")
    target = raw
    for parent in parents:
        child = target.setdefault(parent, {})
        if not isinstance(child, dict):
            raise ConfigError(f"--set {override!r}: {parent!r} is a value, not a section.")
        target = cast("dict[str, object]", child)
    try:
        target[leaf] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override!r}: the value is not valid YAML: {error}") from error
