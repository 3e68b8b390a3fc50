"""The release gate: may B take the place of A?

By default B fails where its figure lies more than the tolerance below A's, on any label or on their mean. That is what people expect of a
gate with a tolerance: the figure they read decides. It is noisy where positives are few, so each failure says whether the test supports it.
Two other readings are a choice, not a default, because with few articles they answer whatever B is worth: `proven` fails only where the
whole interval lies below, so that all passes; `safe` fails unless the whole interval lies above (non-inferiority), so that nothing does.

A label that B lacks has fallen as far as one can. So has the precision of a B that gives a label to no article, where A's was more than the
tolerance. And a gate opens on figures: where not one label could be measured, B has shown nothing and stays outside.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hawadith.errors import ConfigError
from hawadith_evaluation.comparison.layout import GateRule, GateValues, RegressionValues
from hawadith_evaluation.comparison.results import Comparison, Contrast
from hawadith_evaluation.comparison.verdicts import describe_difference, describe_p, judge

MACRO = "macro"
"""The name under which the mean of the labels regresses."""

_ROUNDING = 1e-9  # 0.75 - 0.77 is a shade more than 0.02 below 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a release must keep to.

    Attributes:
        tolerance: How far B may lie below A, from 0 to 1.
        rule: Which number must not lie further below.
    """

    tolerance: float = 0.02
    rule: GateRule = "estimate"

    def __post_init__(self) -> None:
        """Check the tolerance.

        Raises:
            ConfigError: If it is not in [0, 1].
        """
        if not (math.isfinite(self.tolerance) and 0 <= self.tolerance <= 1):
            raise ConfigError(f"--tolerance must lie in [0, 1], in units of the measure; got {self.tolerance}.")


def check_gate(comparison: Comparison, *, gate: Gate, missing: Sequence[str]) -> GateValues:
    """Decide.

    Args:
        comparison: A and B.
        gate: What B must keep to.
        missing: Labels that A knows and B lacks.

    Returns:
        Whether B passes, and where it does not.
    """
    regressions: list[RegressionValues] = [
        {"label": label, "difference": None, "significant": False, "words": "B lacks this label of A."}
        for label in missing
    ]
    regressions += [
        {
            "label": label,
            "difference": contrast.difference.value,
            "significant": judge(contrast) == "worse",
            "words": _describe_regression(contrast, gate=gate, corrected=contrast is not comparison.macro),
        }
        for label, contrast in (*comparison.labels.items(), (MACRO, comparison.macro))
        if _regresses(contrast, gate=gate) or (contrast is comparison.macro and contrast.difference.value is None)
    ]
    return {"rule": gate.rule, "tolerance": gate.tolerance, "passed": not regressions, "regressions": regressions}


def _regresses(contrast: Contrast, *, gate: Gate) -> bool:
    difference = contrast.difference
    number = {"estimate": difference.value, "proven": difference.high, "safe": difference.low}[gate.rule]
    if number is None:  # nothing was measured: nothing has fallen, and nothing is shown to be safe
        return gate.rule == "safe" or _fell_silent(contrast, gate=gate)
    return number < -gate.tolerance - _ROUNDING


def _fell_silent(contrast: Contrast, *, gate: Gate) -> bool:
    """Whether A has a figure to lose and B none, because it gives the label to no article."""
    return contrast.b.value is None and (contrast.a.value or 0.0) > gate.tolerance


def _describe_regression(contrast: Contrast, *, gate: Gate, corrected: bool) -> str:
    if _fell_silent(contrast, gate=gate):
        return f"B gives this label to no article, so that nothing is left of A's {contrast.a.value:.3f}."
    if contrast.difference.value is None:
        return "Nothing could be measured, so that nothing shows that B is safe."
    limit = f"B - A is {describe_difference(contrast.difference)}; {_LIMITS[gate.rule]} -{gate.tolerance:.3f}."
    p = describe_p(contrast, corrected=corrected)
    if judge(contrast) == "worse":
        return f"{limit} The fall is significant ({p})."
    return f"{limit} No significant fall ({p}): it may be noise, and more labelled articles would tell."


_LIMITS = {
    "estimate": "it must not lie below",
    "proven": "the upper bound must not lie below",
    "safe": "the lower bound must not lie below",
}
