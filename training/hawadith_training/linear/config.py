"""Settings of `encoder.kind: linear`; the defaults are the recipe that docs/results.md measures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearConfig:
    """How a linear model is fitted.

    Attributes:
        min_df: An n-gram enters the vocabulary when at least so many training articles hold it.
        idf_power: In [0, 1]: how strongly rare n-grams outweigh frequent ones; 0 not at all, 1 the usual inverse document frequency.
        length_power: In [0, 1]: how much an article's length dampens each of its n-grams; 1 is the usual unit length, less lets a
            long article say more.
        focus_sentences: Sentences per label that the second view reads, besides the whole article.
        strength: Weight of the training loss against the penalty on coefficients (scikit-learn's `C`); larger fits closer.
        balance: In [0, 1]: how far positives are weighted up to the negatives' total; 0 counts every article once.
        scout_folds: Folds in which the training articles' sentences are scored by a model that has not seen the article.

    Raises:
        ValueError: If a setting is out of its range; every fault is named.
    """

    min_df: int = 3
    idf_power: float = 0.7
    length_power: float = 0.8
    focus_sentences: int = 3
    strength: float = 100.0
    balance: float = 1.0
    scout_folds: int = 5

    def __post_init__(self) -> None:
        faults = [
            f"{name} is {getattr(self, name)}; it must be {what}"
            for name, holds, what in (
                ("min_df", self.min_df >= 1, "at least 1"),
                ("idf_power", 0 <= self.idf_power <= 1, "in [0, 1]"),
                ("length_power", 0 <= self.length_power <= 1, "in [0, 1]"),
                ("focus_sentences", self.focus_sentences >= 1, "at least 1"),
                ("strength", self.strength > 0, "above 0"),
                ("balance", 0 <= self.balance <= 1, "in [0, 1]"),
                ("scout_folds", self.scout_folds >= 2, "at least 2"),
            )
            if not holds
        ]
        if faults:
            raise ValueError("; ".join(faults))
