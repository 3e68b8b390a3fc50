"""`metrics.json` as Markdown: for a terminal, a pull request, a model card."""

from collections.abc import Mapping

from hawadith_evaluation.cells import MEASURES
from hawadith_evaluation.metrics_file import BootstrapValues, EstimateValues, MeasureValues, MetricsValues, ReportValues

_HEADER = "| label | n | precision | recall | F1 | average precision |\n|---|---:|---|---|---|---|"
_UNDEFINED = "–"


def render_table(metrics: MetricsValues) -> str:
    """The table of figures, and the two shares that belong to whole articles.

    Args:
        metrics: The metrics.

    Returns:
        Markdown, ends in a line break: a row per label, micro and macro, two lines, and what the figures mean.
    """
    total = sum(label["n"] for label in metrics["labels"].values())
    rows = [
        *(_render_row(f"`{name}`", str(label["n"]), label) for name, label in metrics["labels"].items()),
        _render_row("micro", str(total), metrics["micro"]),
        _render_row("macro", "", metrics["macro"]),
    ]
    exact = _render_estimate(metrics["exact_match"], digits=2)
    alarms = _render_estimate(metrics["false_alarms_per_1000"], digits=1)
    return "\n".join(
        [
            _HEADER,
            *rows,
            "",
            f"- All labels right: {exact} of {metrics['n_fully_judged']} fully judged articles.",
            f"- False alarms per 1,000 articles without incidents: {alarms}, on {metrics['n_without_incidents']} such articles.",
            "",
            _describe_figures(metrics["bootstrap"]),
            "",
        ]
    )


def render_report(report: ReportValues) -> str:
    """The whole of `metrics.json` for a reader.

    Args:
        report: The values of `metrics.json`.

    Returns:
        Markdown, ends in a line break.
    """
    return "\n".join(
        [
            "# Evaluation",
            "",
            f"- Model: `{report['model']}`",
            f"- Data: `{report['data']['path']}`, {report['n']} articles in {report['n_groups']} near-duplicate groups, "
            f"SHA-256 `{report['data']['sha256'][:16]}`",
            f"- Date: {report['date']}",
            f"- Command: `{report['command']}`",
            *_render_unscored(report["unscored"]),
            "",
            render_table(report),
        ]
    )


def _describe_figures(bootstrap: BootstrapValues) -> str:
    intervals = (
        f"In brackets: {bootstrap['confidence']:.0%} intervals, {bootstrap['method']} bootstrap over near-duplicate "
        f"groups, {bootstrap['resamples']} resamples, seed {bootstrap['seed']}. "
    )
    shown = intervals if bootstrap["resamples"] else ""
    return f"n counts positive articles. {shown}{_UNDEFINED} is undefined, for want of positives or of predictions."


def _render_row(name: str, n: str, measures: MeasureValues) -> str:
    cells = (_render_estimate(measures[measure], digits=2) for measure in MEASURES)  # type: ignore[literal-required]
    return f"| {name} | {n} | {' | '.join(cells)} |"


def _render_estimate(estimate: EstimateValues, *, digits: int) -> str:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return _UNDEFINED
    if low is None or high is None:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _render_unscored(unscored: Mapping[str, int]) -> list[str]:
    if not unscored:
        return []
    listing = ", ".join(f"{status} {count}" for status, count in sorted(unscored.items()))
    return [f"- Not read by the model, counted as given no label: {listing}"]
