"""The schema of `finetune`: how a transformer is fine-tuned.

Defaults lie in the published fine-tuning ranges of BERT (Devlin et al. 2019, appendix A.3), whose shape AraBERT has; the
bounds below refuse typing errors, not experiments. Checked by `hawadith_training.config`.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from hawadith.errors import ConfigError
from hawadith.windows import Windowing

Precision = Literal["auto", "fp32", "bf16", "fp16"]
"""`auto`: bf16, else fp16, where an accelerator has it; fp32 on a CPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchConfig:
    """The shape of an encoder from random weights, with word-pieces learned from the training articles.

    For smoke runs and for tests of the whole way; a useful model starts from a pre-trained encoder.

    Attributes:
        vocabulary: Word-pieces at most, 200 to 100,000.
        layers: Transformer layers, 1 to 48.
        hidden: Width, a multiple of `heads`.
        heads: Attention heads.
        intermediate: Width of the feed-forward part; 4 x `hidden` when null.
        positions: Longest window in tokens, specials included.
    """

    vocabulary: Annotated[int, Field(ge=200, le=100_000)] = 4_000
    layers: Annotated[int, Field(ge=1, le=48)] = 2
    hidden: Annotated[int, Field(ge=8, le=4_096)] = 64
    heads: Annotated[int, Field(ge=1, le=64)] = 2
    intermediate: Annotated[int, Field(ge=8)] | None = None
    positions: Annotated[int, Field(ge=32, le=8_192)] = 512

    def __post_init__(self) -> None:
        if self.hidden % self.heads:
            raise ConfigError(f"hidden {self.hidden} is no multiple of heads {self.heads}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LossConfig:
    """The loss per article and label; labels that nobody judged are masked.

    Attributes:
        kind: `bce` (binary cross-entropy with positive weights) or `asymmetric` (Ridnik et al. 2021), which turns easy
            negatives down.
        positive_weight_cap: Of `bce`: a positive weighs as much as there are negatives per positive in training, at most
            this; 1 = no weighting. Weights shift probabilities more than the order of articles; calibration on dev takes
            the shift back.
        gamma_negative: Of `asymmetric`: focus on hard negatives, 0 to 10.
        gamma_positive: Of `asymmetric`: focus on hard positives, 0 to 10, usually below `gamma_negative`.
        clip: Of `asymmetric`: negatives below this probability weigh nothing, 0 to 0.5.
    """

    kind: Literal["bce", "asymmetric"] = "bce"
    positive_weight_cap: Annotated[float, Field(ge=1, le=1_000)] = 8.0
    gamma_negative: Annotated[float, Field(ge=0, le=10)] = 4.0
    gamma_positive: Annotated[float, Field(ge=0, le=10)] = 1.0
    clip: Annotated[float, Field(ge=0, le=0.5)] = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class FinetuneConfig:
    """Everything that decides how a transformer is fine-tuned.

    Attributes:
        scratch: Start from random weights of this shape instead of `encoder.path`.
        windowing: How articles are cut into windows, in training and in scoring.
        epochs: Passes over the training articles at most; published: 2 to 5.
        max_steps: Optimiser steps at most, whatever `epochs` says; null = no such limit.
        learning_rate: Peak of the schedule, for the head and the top layer; published: 2e-5 to 5e-5.
        layer_decay: Each layer learns at this fraction of the rate of the layer above it, in (0, 1]; 1 = one rate for
            all.
        frozen_layers: How many of the lowest layers do not learn; the embeddings below them go by `frozen_embeddings`.
        frozen_embeddings: The embeddings do not learn; saves a third of the optimiser's memory of a base model with 64,000
            word-pieces.
        warmup: Fraction of the steps over which the rate rises to its peak, then it falls linearly to 0.
        weight_decay: Of AdamW, on matrices only.
        max_grad_norm: Gradients are scaled down to this norm.
        dropout: Of the hidden states and the head; null = as the encoder was published.
        token_budget: Padded tokens that go through the encoder at once: bounds memory. An article beyond it goes through
            alone, in parts that are computed again on the way back.
        accumulation: Batches per optimiser step.
        gradient_checkpointing: Keep each layer's input only and compute the rest again: about a third slower, a fraction
            of the memory.
        loss: The loss.
        patience: Stop after so many evaluations without a better macro average precision on dev; null = never.
        evaluate_every: Optimiser steps between evaluations, each with a checkpoint; null = once an epoch.
        keep_checkpoints: Checkpoints kept, the best always among them.
        precision: Of the forward and backward pass.
        threads: CPU threads; null = torch's choice. One is as quick for tiny models, and what makes a resumed run equal an
            unbroken one to the last digits.
        log_every: Optimiser steps between progress reports.
        report_to: `tensorboard` writes event files to `<output>.tensorboard` (needs `pip install tensorboard`).
    """

    scratch: ScratchConfig | None = None
    windowing: Windowing = field(default_factory=Windowing)
    epochs: Annotated[int, Field(ge=1, le=1_000)] = 4
    max_steps: Annotated[int, Field(ge=1)] | None = None
    learning_rate: Annotated[float, Field(gt=0, le=0.1)] = 3e-5
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 1.0
    frozen_layers: Annotated[int, Field(ge=0)] = 0
    frozen_embeddings: bool = False
    warmup: Annotated[float, Field(ge=0, lt=1)] = 0.1
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.01
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    dropout: Annotated[float, Field(ge=0, lt=1)] | None = None
    token_budget: Annotated[int, Field(ge=64)] = 4_096
    accumulation: Annotated[int, Field(ge=1)] = 4
    gradient_checkpointing: bool = False
    loss: LossConfig = LossConfig()
    patience: Annotated[int, Field(ge=1)] | None = 2
    evaluate_every: Annotated[int, Field(ge=1)] | None = None
    keep_checkpoints: Annotated[int, Field(ge=2)] = 2
    precision: Precision = "auto"
    threads: Annotated[int, Field(ge=1)] | None = None
    log_every: Annotated[int, Field(ge=1)] = 10
    report_to: Literal["none", "tensorboard"] = "none"
