"""The schema of a pre-training configuration.

Defaults follow what small encoders under small budgets were found to want: a high mask rate (Wettig et al. 2023, "Should You Mask 15% in
Masked Language Modeling?"), no dropout, short sequences first (Geiping and Goldstein 2023, "Cramming"; Devlin et al. 2019).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from hawadith.errors import ConfigError
from hawadith_training.pretrain.settings import Between, read_settings

Precision = Literal["auto", "fp32", "bf16"]
"""`auto`: bf16 on an accelerator, fp32 on a CPU."""

_SHORTEST_BLOCK = 8
_MOST_COUNTED = 32_768  # word-pieces whose pairs fit into 4 GiB


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusConfig:
    """The articles to learn from.

    Attributes:
        paths: Files or folders that the readers of hawadith take.
        prepared: Folder of vocabulary and token shards; `corpus` in the run's folder when null. Runs may share one.
        held_out_every: Each article whose row number this divides is held out, for the validation loss.
        shard_rows: Articles of a shard: what a stop while tokenising costs at most.
    """

    paths: tuple[str, ...]
    prepared: str | None = None
    held_out_every: Annotated[int, Between(low=2, high=1e9)] = 200
    shard_rows: Annotated[int, Between(low=1, high=1e6)] = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyConfig:
    """The word-pieces.

    Attributes:
        size: Word-pieces at most, special tokens included.
        every: They are learned from each article whose row number this divides.
        path: A `tokenizer.json` to take instead of learning one.
    """

    size: Annotated[int, Between(low=64, high=65_535)] = 16_000
    every: Annotated[int, Between(low=1, high=1e6)] = 8
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """The shape of the encoder.

    Attributes:
        layers: Transformer layers.
        hidden: Width, a multiple of `heads`.
        heads: Attention heads.
        intermediate: Width of the feed-forward part; 4 x `hidden` when null.
        positions: Longest sequence that it can ever read, in tokens.
        embeddings: Before the first step: `random`, or `cooccurrence`, word vectors counted from the corpus.
        dropout: While pre-training; the exported configuration says 0.1, which fine-tuning wants.
    """

    layers: Annotated[int, Between(low=1, high=48)] = 4
    hidden: Annotated[int, Between(low=8, high=4096)] = 256
    heads: Annotated[int, Between(low=1, high=64)] = 4
    intermediate: Annotated[int, Between(low=8, high=65_536)] | None = None
    positions: Annotated[int, Between(low=32, high=8192)] = 512
    embeddings: Literal["random", "cooccurrence"] = "random"
    dropout: Annotated[float, Between(low=0, high=0.9)] = 0.0

    def __post_init__(self) -> None:
        if self.hidden % self.heads:
            raise ConfigError(f"hidden {self.hidden} is no multiple of heads {self.heads}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveConfig:
    """What is learned of a block of tokens.

    Attributes:
        kind: `masked_words`: whole words are hidden, each of their pieces is predicted.
        rate: Share of words that are predicted.
        masked: Share of the predicted pieces that are read as `[MASK]`.
        random: Share of them that are read as another piece; the rest is read as it stands.
    """

    kind: Literal["masked_words"] = "masked_words"
    rate: Annotated[float, Between(low=0.01, high=0.9)] = 0.3
    masked: Annotated[float, Between(low=0, high=1)] = 0.8
    random: Annotated[float, Between(low=0, high=1)] = 0.1

    def __post_init__(self) -> None:
        if self.masked + self.random > 1 + 1e-9:
            raise ConfigError(f"masked {self.masked} and random {self.random} are more than 1 together")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseConfig:
    """A stretch of training on blocks of one length.

    Attributes:
        length: Tokens of a block, special tokens included.
        tokens: Tokens to read, rounded up to whole steps.
    """

    length: Annotated[int, Between(low=_SHORTEST_BLOCK, high=8192)]
    tokens: Annotated[int, Between(low=1, high=1e13)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimiserConfig:
    """The optimiser and its schedule.

    Attributes:
        kind: `adamw`, or `muon`: Muon for the matrices of the layers, AdamW for the rest.
        batch_tokens: Tokens of a step, over all processes; a phase takes as many whole blocks as fit.
        micro_tokens: Tokens that go through the model at once in one process: bounds memory; null = all of its share.
        learning_rate: Peak.
        schedule: After the warm-up: `linear` falls to 0, `cosine` falls to 0 along a half wave (one cycle), `trapezoid` stays at the
            peak and falls to 0 over the last `decay` of the run.
        warmup: Share of the steps over which the rate rises.
        decay: Of `trapezoid`.
        weight_decay: On matrices only.
        beta2: Of AdamW; below 0.999 forgets the first, steep steps sooner.
        max_grad_norm: Gradients are scaled down to this norm.
    """

    kind: Literal["adamw", "muon"] = "adamw"
    batch_tokens: Annotated[int, Between(low=8, high=1e9)] = 8192
    micro_tokens: Annotated[int, Between(low=8, high=1e9)] | None = None
    learning_rate: Annotated[float, Between(low=1e-8, high=1)] = 1e-3
    schedule: Literal["linear", "cosine", "trapezoid"] = "trapezoid"
    warmup: Annotated[float, Between(low=0, high=1)] = 0.02
    decay: Annotated[float, Between(low=0, high=1)] = 0.2
    weight_decay: Annotated[float, Between(low=0, high=1)] = 0.01
    beta2: Annotated[float, Between(low=0.5, high=0.9999)] = 0.98
    max_grad_norm: Annotated[float, Between(low=1e-6, high=1e6)] = 1.0

    def __post_init__(self) -> None:
        if self.warmup + self.decay > 1 + 1e-9:
            raise ConfigError(f"warmup {self.warmup} and decay {self.decay} are more than 1 together")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConfig:
    """What a run says and leaves behind on its way; none of it changes the weights.

    Attributes:
        log_every: Steps between lines of the log.
        validate_every: Steps between validation losses.
        validation_tokens: Held-out tokens read for one.
        checkpoint_minutes: Minutes between checkpoints: what a kill costs at most.
        keep_checkpoints: Newest checkpoints kept.
    """

    log_every: Annotated[int, Between(low=1, high=1e6)] = 20
    validate_every: Annotated[int, Between(low=1, high=1e9)] = 500
    validation_tokens: Annotated[int, Between(low=8, high=1e9)] = 65_536
    checkpoint_minutes: Annotated[float, Between(low=0, high=1e4)] = 10.0
    keep_checkpoints: Annotated[int, Between(low=2, high=1000)] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainConfig:
    """Everything that decides how an encoder is pre-trained.

    Attributes:
        folder: The run: vocabulary, shards, checkpoints, log, and the encoder in the end.
        corpus: The articles to learn from.
        phases: Stretches of training, in order.
        vocabulary: The word-pieces.
        model: The shape of the encoder.
        objective: What is learned.
        optimiser: How it is learned.
        report: Log, validation, checkpoints.
        start: Folder of an encoder to go on from; its tokenizer and shape are taken, the optimiser starts anew.
        seed: Seeds every random choice.
        preclean: Drop page residue before the text profile, as in fine-tuning.
        precision: Of the forward and backward pass.
        export: Precision of the written weights.
    """

    folder: str
    corpus: CorpusConfig
    phases: tuple[PhaseConfig, ...]
    vocabulary: VocabularyConfig = field(default_factory=VocabularyConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    report: ReportConfig = field(default_factory=ReportConfig)
    start: str | None = None
    seed: Annotated[int, Between(low=0, high=2**31)] = 13
    preclean: bool = True
    precision: Precision = "auto"
    export: Literal["fp32", "fp16"] = "fp32"

    def __post_init__(self) -> None:
        faults = [f"phases.{place}" for place, phase in enumerate(self.phases) if phase.length > self.model.positions]
        if faults:
            raise ConfigError(f"{', '.join(faults)}: longer than model.positions {self.model.positions}")
        short = [phase.length for phase in self.phases if phase.length > self.optimiser.batch_tokens]
        if short:
            raise ConfigError(
                f"optimiser.batch_tokens {self.optimiser.batch_tokens} holds no block of {short[0]} tokens"
            )
        if self.model.embeddings == "cooccurrence" and self.vocabulary.size > _MOST_COUNTED:
            raise ConfigError(
                f"model.embeddings: cooccurrence counts all pairs of pieces, and vocabulary.size {self.vocabulary.size} has too many for "
                f"memory; up to {_MOST_COUNTED}. Take random."
            )
        if not self.phases or not self.corpus.paths:
            raise ConfigError("phases and corpus.paths must not be empty")

    @property
    def prepared_folder(self) -> Path:
        """Where vocabulary and shards lie."""
        return Path(self.corpus.prepared) if self.corpus.prepared is not None else Path(self.folder) / "corpus"


def load_config(path: Path, *, overrides: Sequence[str] = ()) -> PretrainConfig:
    """Read a pre-training configuration.

    Args:
        path: A YAML file.
        overrides: Assignments `a.b=value`, each value parsed as YAML.

    Returns:
        The checked configuration; relative paths in it count from the working directory.

    Raises:
        ConfigError: If the file cannot be read or does not fit the schema; all faults are named at once.
    """
    return read_settings(path, kind=PretrainConfig, overrides=overrides)
