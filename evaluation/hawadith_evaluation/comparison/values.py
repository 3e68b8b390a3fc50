"""From a comparison to the values of `comparison.json`."""

from hawadith_evaluation.comparison.gate import Gate, check_gate
from hawadith_evaluation.comparison.layout import ComparisonValues, ContrastValues, SideValues
from hawadith_evaluation.comparison.results import Comparison, Contrast
from hawadith_evaluation.comparison.sides import SharedLabels
from hawadith_evaluation.comparison.verdicts import describe_contrast, judge
from hawadith_evaluation.intervals import CONFIDENCE
from hawadith_evaluation.metrics_file import DataValues

_UNIT = "near-duplicate group"


def tabulate_comparison(
    comparison: Comparison,
    *,
    sides: tuple[SideValues, SideValues],
    labels: SharedLabels,
    gate: Gate,
    data: DataValues,
    date: str,
    command: str,
) -> ComparisonValues:
    """Spell out a comparison.

    Args:
        comparison: A and B.
        sides: Who they are.
        labels: Which labels could be compared.
        gate: What B must keep to.
        data: What they were compared on.
        date: When.
        command: What gives the same figures again.

    Returns:
        The values of `comparison.json`.
    """
    measure = comparison.measure
    return {
        "measure": measure,
        "a": sides[0],
        "b": sides[1],
        "labels": {
            label: {
                **_tabulate_contrast(contrast, measure=measure, positives=comparison.positives[label]),
                "n": comparison.positives[label],
                "judged": comparison.judged[label],
            }
            for label, contrast in comparison.labels.items()
        },
        "macro": _tabulate_contrast(comparison.macro, measure=measure, positives=None),
        "only_a": labels.only_a,
        "only_b": labels.only_b,
        "gate": check_gate(comparison, gate=gate, missing=labels.only_a),
        "n": comparison.n,
        "n_groups": comparison.n_groups,
        "bootstrap": {
            "resamples": comparison.resamples,
            "seed": comparison.seed,
            "confidence": CONFIDENCE,
            "method": "percentile",
            "unit": _UNIT,
        },
        "permutation": {
            "permutations": comparison.permutations,
            "seed": comparison.seed,
            "unit": _UNIT,
            "swapped": "ranks within the label" if measure == "average_precision" else "decisions",
            "correction": "Holm",
        },
        "data": data,
        "date": date,
        "command": command,
    }


def _tabulate_contrast(contrast: Contrast, *, measure: str, positives: int | None) -> ContrastValues:
    return {
        "a": contrast.a.to_mapping(),
        "b": contrast.b.to_mapping(),
        "difference": contrast.difference.to_mapping(),
        "p": contrast.p,
        "p_holm": contrast.p_holm,
        "size": contrast.size,
        "detectable": contrast.detectable,
        "spread_a": contrast.spread_a,
        "spread_b": contrast.spread_b,
        "verdict": judge(contrast),
        "words": describe_contrast(contrast, measure=measure, positives=positives),
    }
