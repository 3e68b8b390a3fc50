"""What a comparison finds: numbers only; `verdicts` puts them into words, `gate` into an exit status."""

from collections.abc import Mapping
from dataclasses import dataclass

from hawadith_evaluation.estimates import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A and B on one label, or on the mean of the labels.

    Attributes:
        a: What A reaches, the mean over its runs.
        b: What B reaches.
        difference: B minus A.
        p: Of the permutation test; None where the difference is undefined.
        p_holm: The same, corrected for the number of labels; equal to `p` for the mean of the labels.
        size: How often the test rejects at the 5% level where there is no difference, given these outputs.
        detectable: The difference that these articles would have shown four times in five; None where the interval is a point.
        same: All runs of both sides say the same of every article, as far as it is measured.
        spread_a: Standard deviation between the runs of A; None for one run.
        spread_b: The same of B.
    """

    a: Estimate
    b: Estimate
    difference: Estimate
    p: float | None
    p_holm: float | None
    size: float | None
    detectable: float | None
    same: bool
    spread_a: float | None
    spread_b: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides compared.

    Attributes:
        measure: One of `MEASURES`.
        labels: By label id.
        macro: The mean over the labels that define the measure on both sides.
        positives: By label id: positive articles.
        judged: By label id: articles on which it was judged.
        runs: Training runs of A and of B.
        n: Articles.
        n_groups: Near-duplicate groups: the units of bootstrap and permutation.
        resamples: Bootstrap resamples behind each interval.
        permutations: Permutations behind each p.
        seed: Their seed.
    """

    measure: str
    labels: Mapping[str, Contrast]
    macro: Contrast
    positives: Mapping[str, int]
    judged: Mapping[str, int]
    runs: tuple[int, int]
    n: int
    n_groups: int
    resamples: int
    permutations: int
    seed: int
