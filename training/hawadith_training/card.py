"""The model card (`README.md` of a bundle): what it is, what it was trained on, how good it is, what it is not for.

After Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from hawadith.bundle import Manifest
from hawadith.calibration import Calibration, LabelCalibration
from hawadith.typology import Typology
from hawadith_evaluation.metrics import Metrics
from hawadith_evaluation.metrics_file import SectionValues
from hawadith_evaluation.report import SummaryValues, render_summary
from hawadith_training.config import CardConfig

_LIMITS = """\
## Limits and misuse

Scores are statistical: read the evidence before you publish a count, and never act against a person on a score. A label says that an
article *reports* an incident, not that it happened. Figures and thresholds hold for articles like those it was measured on: another period,
dialect, outlet or style can differ widely, recall above all. Do not use it to target, to profile or to decide about anyone.
"""


def render_card(
    *,
    manifest: Manifest,
    typology: Typology,
    calibration: Calibration,
    learned: str,
    measured_on: str,
    metrics: Metrics,
    config: CardConfig,
    sections: SectionValues | None = None,
) -> str:
    """Write the card.

    Args:
        manifest: What the bundle says of itself.
        typology: Its incident types.
        calibration: Its thresholds and their goals.
        learned: What it learned from, in numbers.
        measured_on: Which articles the figures and thresholds rest on.
        metrics: The figures.
        config: Origin of the data and licence of the weights, in words.
        sections: What else was measured: calibration, promises and robustness get a line each.

    Returns:
        Markdown.
    """
    types = "\n".join(
        f"- `{label.id}` ({label.name_en}, {label.name_ar}): {label.definition}" for label in typology.labels
    )
    thresholds = "\n".join(_describe_threshold(label) for label in calibration.labels)
    figures: SummaryValues = {**metrics.to_mapping(), **(sections or SectionValues())}
    return f"""\
# hawadith model: {manifest.kind}

Reads Arabic news articles and says which incident types each one reports. Encoder: {manifest.encoder}. Text profile:
{manifest.profile.name} version {manifest.profile.version}. Written by hawadith {manifest.code_version}.

## Incident types

{types}

## Data

Learned from {learned}; fingerprint `{manifest.data_fingerprint[:16]}`. {config.data}

## Licence of the weights

{config.licence}

## Thresholds

{thresholds}

## Figures

On {measured_on}. Calibration and thresholds were chosen on the same ones, so the figures flatter a little. In brackets 95% intervals.

{render_summary(figures)}
{_LIMITS}"""


def _describe_threshold(label: LabelCalibration) -> str:
    promise = "best F1" if label.goal.kind == "f1" else f"{label.goal.kind} of at least {label.goal.at_least}"
    return f"- `{label.label}`: {label.threshold:.3f}, chosen for {promise} on {label.positives} positive articles"
