"""The part of a model card that an export writes: in which precision the runtime computes, and what that costs.

It is replaced when a bundle is exported again; the rest of the card speaks of the checkpoint, which stays.
"""

import re

from hawadith.encoder.precision import Precision
from hawadith_evaluation.report.wording import spell_estimate
from hawadith_training.gate import MAX_CHANGED, MAX_DROP, GateResult

_HEADING = "## Runtime"
_SECTION = re.compile(rf"^{_HEADING}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_MEANING = {
    "fp32": "Weights and products in 32 bits.",
    "int8-weights": "Weights in 8 bits, products in 32.",
    "int8": "Weights and products in 8 bits, with scales fixed on training articles (SmoothQuant, nncf).",
}


def render_runtime(*, precision: Precision, result: GateResult | None) -> str:
    """Write the section.

    Args:
        precision: The number format of the runtime.
        result: What it costs against the checkpoint in torch; None where it was not measured.

    Returns:
        Markdown, heading first.
    """
    head = f"{_HEADING}\n\nPrecision `{precision}`: {_MEANING[precision]}"
    if result is None:
        return f"{head}\n"
    changed = spell_estimate(result.changed.to_mapping(), digits=4)
    return f"""\
{head} Against the checkpoint in torch, fp32, on {result.n} labelled articles
(in brackets 95% intervals over near-duplicate groups):

| figure | value | bound |
|---|---|---|
| macro average precision, fp32 | {spell_estimate(result.reference.to_mapping(), digits=4)} | |
| macro average precision, this runtime | {spell_estimate(result.candidate.to_mapping(), digits=4)} | |
| loss | {spell_estimate(result.drop.to_mapping(), digits=4, signed=True)} | at most {MAX_DROP} |
| decisions that change | {result.n_changed} of {result.n_decisions}: {changed} | at most {MAX_CHANGED} |
| largest shift of a probability | {result.largest_shift:.4f} | |
"""


def replace_runtime(card: str, *, section: str) -> str:
    """Put the section into a card, in place of that of an earlier export.

    Args:
        card: Markdown.
        section: What `render_runtime` wrote.

    Returns:
        The card with the section at its end.
    """
    return f"{_SECTION.sub('', card).rstrip()}\n\n{section}"
