"""The sections on what a model finds: figures per label, curves, slices."""

from collections.abc import Mapping, Sequence

from hawadith_evaluation.cells import MEASURES
from hawadith_evaluation.metrics_file import (
    BootstrapValues,
    CurveValues,
    MeasureValues,
    MetricsValues,
    OperatingValues,
    SeveralValues,
    SliceValues,
)
from hawadith_evaluation.report.outline import Cell, Column, Row, Section, Table, count, figure, name, words
from hawadith_evaluation.report.plots import plot_curve
from hawadith_evaluation.report.wording import UNDEFINED, spell_count, spell_estimate, spell_number

_UNIT = ("0", "1")
_MEASURE_NAMES = {"f1": "F1", "average_precision": "average precision"}
_ALARM_SCALE = (0.0, 1000.0)
_FEWEST_RESAMPLES = 200  # of which 5 lie beyond either bound of a 95% interval
_FEW_RESAMPLES = "So few resamples make no steady interval: take 1,000. "
_NARROW = (
    "A figure that one story alone defines has no interval; one without width says that no resample moved the figure, not that it is "
    "certain: after n stories without a fault the rate of faults may still be 3 in n. "
)
_SLICE_COLUMNS = (
    Column(name="slice"),
    Column(name="n", number=True),
    Column(name="positives", number=True),
    Column(name="F1", scale=_UNIT),
    Column(name="recall", scale=_UNIT),
    Column(name="average precision", scale=_UNIT),
    Column(name="false alarms per 1,000", scale=("0", "1,000")),
)


def describe_figures(metrics: MetricsValues) -> Section:
    """The figures of each label, and the shares that belong to whole articles.

    Args:
        metrics: The metrics.

    Returns:
        The section.
    """
    total = sum(label["n"] for label in metrics["labels"].values())
    rows = [
        *(_measure_row(name(label), count(values["n"]), values) for label, values in metrics["labels"].items()),
        _measure_row(words("micro"), count(total), metrics["micro"]),
        _measure_row(words("macro"), words(""), metrics["macro"]),
    ]
    measures = (Column(name=_MEASURE_NAMES.get(measure, measure), scale=_UNIT) for measure in MEASURES)
    alarms = spell_estimate(metrics["false_alarms_per_1000"], digits=1)
    return Section(
        anchor="figures",
        title="Figures per label",
        reading="In brackets is the interval that the true figure plausibly lies in: where two of them overlap widely, these articles "
        "cannot tell the figures apart.",
        legend="Dot: the figure. Bar: its interval.",
        tables=(
            Table(
                caption="Precision, recall, F1 and average precision",
                columns=(Column(name="label"), Column(name="n", number=True), *measures),
                rows=tuple(rows),
            ),
        ),
        facts=(
            f"All labels right: {spell_estimate(metrics['exact_match'])} of {metrics['n_fully_judged']} fully judged articles.",
            f"False alarms per 1,000 articles without incidents: {alarms}, on {metrics['n_without_incidents']} such articles.",
            *_describe_several(metrics.get("several")),
        ),
        note=_describe_intervals(metrics["bootstrap"]),
    )


def describe_curves(
    metrics: MetricsValues, *, curves: Mapping[str, CurveValues], operating: Mapping[str, Sequence[OperatingValues]]
) -> Section:
    """What other thresholds would give.

    Args:
        metrics: The metrics: where the thresholds in use lie.
        curves: The curve of each label that has one.
        operating: Recall at fixed precisions, by label.

    Returns:
        The section; without curves or operating points it has none.
    """
    plots = [
        plot_curve(label, curve=curves[label], values=values, colour=colour)
        for colour, (label, values) in enumerate(metrics["labels"].items())
        if label in curves and len(curves[label]["recall"])
    ]
    rows = [_operating_row(label, point) for label, points in operating.items() for point in points]
    columns = (Column(name="goal"), Column(name="recall", scale=_UNIT), Column(name="threshold"))
    return Section(
        anchor="curves",
        title="Precision and recall at other thresholds",
        reading="More recall costs precision: what would be lost or won by moving the threshold of a label.",
        legend="Curve: every threshold, the highest at the left. Dot with bars: the threshold in use and its intervals. "
        "Dotted: labels given at random.",
        plots=tuple(plots),
        tables=(Table(caption="Greatest recall at a fixed precision", columns=columns, rows=tuple(rows)),)
        if rows
        else (),
        note="A threshold read off these articles flatters a little on them." if rows else "",
    )


def describe_slices(slices: Sequence[SliceValues]) -> Section:
    """How the figures differ between parts of the articles.

    Args:
        slices: Figures of the parts, those of a dimension together.

    Returns:
        The section.
    """
    n_small = sum(part["small"] for part in slices)
    return Section(
        anchor="slices",
        title="Slices: where it works and where not",
        reading="Compare within one dimension: a slice whose interval lies clear of its neighbours is where to look, and a slice marked "
        "“few” has too few positives to mean much.",
        tables=(
            Table(
                caption="Figures by slice, all labels pooled",
                columns=_SLICE_COLUMNS,
                rows=tuple(map(_slice_row, slices)),
            ),
        ),
        facts=(f"{spell_count(len(slices), 'slice')}, of which {n_small} with few positives. None is hidden.",),
        note="Among many slices some differ by chance: with 95% intervals one in twenty misses its true figure.",
    )


def _describe_several(several: SeveralValues | None) -> tuple[str, ...]:
    """A line, where there are articles that report several types."""
    if several is None or not several["n"]:
        return ()
    found, recall = spell_estimate(several["all_found"]), spell_estimate(several["recall"])
    return (
        f"Articles that report two or more types: all found in {found} of {several['n']}; recall {recall} over their {several['n_pairs']} "
        "pairs of article and type.",
    )


def _operating_row(label: str, point: OperatingValues) -> Row:
    threshold = point["threshold"]
    return Row(
        group=name(label),
        cells=(
            words(f"precision ≥ {point['precision']:.2f}"),
            figure(point["recall"]),
            words("out of reach" if threshold is None else spell_number(threshold, digits=3)),
        ),
    )


def _slice_row(part: SliceValues) -> Row:
    return Row(
        group=name(part["dimension"]),
        tone="quiet" if part["small"] else "",
        cells=(
            name(part["name"]),
            count(part["n"]),
            words(f"{part['positives']:,}{' (few)' if part['small'] else ''}"),
            figure(part["f1"]),
            figure(part["recall"]),
            figure(part["average_precision"]),
            figure(part["false_alarms_per_1000"], digits=0, scale=_ALARM_SCALE),
        ),
    )


def _measure_row(first: Cell, n: Cell, measures: MeasureValues) -> Row:
    cells = (figure(measures[measure]) for measure in MEASURES)  # type: ignore[literal-required]
    return Row(cells=(first, n, *cells))


def _describe_intervals(bootstrap: BootstrapValues) -> str:
    intervals = (
        f"In brackets: {bootstrap['confidence']:.0%} intervals, {bootstrap['method']} bootstrap over near-duplicate "
        f"groups, {bootstrap['resamples']} resamples, seed {bootstrap['seed']}. "
    )
    fallbacks = bootstrap.get("fallbacks", {})
    listing = ", ".join(f"{reason}: {n}" for reason, n in sorted(fallbacks.items()))
    fallen = f"Percentile intervals where {bootstrap['method']} is undefined ({listing}). " if fallbacks else ""
    few = _FEW_RESAMPLES if bootstrap["resamples"] < _FEWEST_RESAMPLES else ""
    shown = f"{intervals}{few}{fallen}{_NARROW}" if bootstrap["resamples"] else ""
    return f"n counts positive articles. {shown}{UNDEFINED} is undefined, for want of positives or of predictions."
