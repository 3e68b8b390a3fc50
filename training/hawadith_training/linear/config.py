"""Settings of `encoder.kind: linear`; the defaults are the recipe that docs/results.md measures."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearConfig:
    """How a linear model is fitted.

    Attributes:
        min_df: An n-gram enters the vocabulary when at least so many training articles hold it.
        focus_sentences: Sentences per label that the second view reads, beside the whole article.
        strength: Weight of the training loss against the penalty on coefficients (scikit-learn's `C`); larger fits closer.
        balance: From 0 (every article counts once) to 1 (a label's positives count as much as its negatives, together).
        copy_weight: How much a changed copy of an article counts in the loss, beside 1 of the article, where `augment` asks for copies.
        scout_folds: Folds in which the training articles' sentences are ranked by a scout that has not seen the article.
        judge_sentences: Where articles carry marked sentences of a label, its scout learns from sentences instead of articles, and is
            heard on the article.
        judge_strength: `strength` of such a scout.
        judge_balance: `balance` of such a scout, over sentences.
    """

    min_df: Annotated[int, Field(ge=1)] = 3
    focus_sentences: Annotated[int, Field(ge=1)] = 3
    strength: Annotated[float, Field(gt=0)] = 100.0
    balance: Annotated[float, Field(ge=0, le=1)] = 1.0
    copy_weight: Annotated[float, Field(gt=0, le=1)] = 1.0
    scout_folds: Annotated[int, Field(ge=2)] = 5
    judge_sentences: bool = True
    judge_strength: Annotated[float, Field(gt=0)] = 30.0
    judge_balance: Annotated[float, Field(ge=0, le=1)] = 0.5
