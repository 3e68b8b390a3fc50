"""What the classifier says of one article."""

from collections.abc import Mapping
from dataclasses import dataclass

from hawadith.records import Field, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sentence that speaks for a label.

    Attributes:
        label: The label id that the sentence supports.
        field: The field of the raw record that holds it.
        start: First code point in that field.
        end: One past the last code point in that field.
        text: `record.<field>[start:end]`.
        score: How much the sentence speaks for the label; higher is stronger, comparable within one article and label.
    """

    label: str
    field: Field
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The incident types of one article.

    Attributes:
        id: The record's id.
        status: `ok` and `truncated` carry scores; every other status carries none. `screened_out` was read by the small model of a cascade
            alone, which ruled every label out.
        labels: Label ids whose probability reaches its threshold, in typology order.
        scores: Calibrated probability in [0, 1] per label id.
        evidence: For each label in `labels`, its sentences, best first.
        n_tokens: Tokens read (word-pieces, or words for the linear model).
        n_windows: Windows read.
        truncated: Whether a part of the article was not read.
        n_unknown: Tokens of them that the model knows nothing of.
        error: What went wrong, where something did.
        model: Names the model that decided, where several could have.
    """

    id: str
    status: Status
    labels: tuple[str, ...] = ()
    scores: Mapping[str, float]
    evidence: tuple[Evidence, ...] = ()
    n_tokens: int = 0
    n_windows: int = 0
    truncated: bool = False
    n_unknown: int = 0
    error: str | None = None
    model: str | None = None
