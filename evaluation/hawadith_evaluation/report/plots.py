"""The charts of a report, each from its section of the values."""

import re
from collections.abc import Sequence
from itertools import pairwise

from hawadith_evaluation.metrics_file import CountValues, CurveValues, EstimateValues, LabelValues, ReliabilityValues
from hawadith_evaluation.report.charts import Dot, Frame, Line, Plot, Tick, count_ticks, dots_path, line_path, step_path
from hawadith_evaluation.report.wording import spell_count, spell_estimate

_SQUARE = Frame(width=320, height=300)
_WIDE = (520.0, 260.0)
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_X_TICKS = tuple(Tick(position=_SQUARE.x(value), text=f"{value:g}") for value in _QUARTERS)
_Y_TICKS = tuple(Tick(position=_SQUARE.y(value), text=f"{value:g}") for value in _QUARTERS)
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
_YEAR_DIGITS = 4
_TICK_DISTANCE = 70.0  # pixels: what `2024-05` takes, also in the larger letters of a phone


def plot_curve(label: str, *, curve: CurveValues, values: LabelValues, colour: int) -> Plot:
    """A precision-recall curve with the threshold in use.

    Args:
        label: Label id.
        curve: Its curve, from the highest threshold down, at least one point.
        values: Its measures: the threshold in use lies at their precision and recall.
        colour: The label's position.

    Returns:
        The chart; the lower guide is the precision of labels given at random.
    """
    rate = values["n"] / values["judged"] if values["judged"] else 0.0
    recall, precision = values["recall"], values["precision"]
    xs = [_SQUARE.x(value) for value in (0.0, *curve["recall"])]
    ys = [_SQUARE.y(value) for value in (curve["precision"][0], *curve["precision"])]
    dots = _dot(
        _SQUARE,
        x=recall,
        y=precision,
        text=f"in use: recall {spell_estimate(recall)}, precision {spell_estimate(precision)}",
    )
    return Plot(
        title=label,
        description=(
            f"Precision-recall curve, average precision {spell_estimate(values['average_precision'])}. "
            f"The threshold in use has precision {spell_estimate(precision)} at recall {spell_estimate(recall)}; "
            f"labels given at random would have precision {rate:.2f}."
        ),
        colour=colour,
        frame=_SQUARE,
        x_name="recall",
        y_name="precision",
        x_ticks=_X_TICKS,
        y_ticks=_Y_TICKS,
        lines=(
            Line(path=f"M{_SQUARE.left:g} {_SQUARE.y(rate):g}H{_SQUARE.right:g}", kind="guide"),
            Line(path=step_path(xs, ys), kind="curve"),
        ),
        dots=dots,
    )


def plot_reliability(values: ReliabilityValues, *, colour: int) -> Plot:
    """A reliability diagram.

    Args:
        values: The reliability of a label.
        colour: The label's position.

    Returns:
        The chart; the guide is where the probabilities could be taken at their word.
    """
    frame = _SQUARE
    bins = [item for item in values["bins"] if item["observed"]["value"] is not None]
    dots = [
        _dot(
            frame,
            x={"value": item["predicted"], "low": None, "high": None},
            y=item["observed"],
            text=f"{spell_count(item['n'], 'article')}: predicted {item['predicted']:.2f}, observed {spell_estimate(item['observed'])}",
        )
        for item in bins
    ]
    points = [dot for group in dots for dot in group]
    diagonal = line_path([frame.x(0), frame.x(1)], [frame.y(0), frame.y(1)])
    path = [Line(path=line_path([dot.x for dot in points], [dot.y for dot in points]), kind="curve")] if points else []
    return Plot(
        title=values["label"],
        description=(
            f"Reliability diagram of {spell_count(len(points), 'bin')}; "
            f"expected calibration error {spell_estimate(values['ece'], digits=3)}."
        ),
        colour=colour,
        frame=frame,
        x_name="predicted probability",
        y_name="observed share",
        x_ticks=_X_TICKS,
        y_ticks=_Y_TICKS,
        lines=(Line(path=diagonal, kind="guide"), *path),
        dots=tuple(points),
    )


def plot_counts(label: str, *, counts: Sequence[CountValues], colour: int) -> Plot:
    """Counts of a label over time, true and predicted.

    Args:
        label: Label id.
        counts: Its counts in the order of their periods, at least one; a bias without interval is drawn without one.
        colour: The label's position.

    Returns:
        The chart. The interval about a prediction is the true count plus the interval of the bias.
    """
    times = _read_times(counts)
    ceiling = max(max(item["true"], item["predicted"], item["true"] + (item["bias"]["high"] or 0)) for item in counts)
    ticks = count_ticks(ceiling)
    frame = Frame(width=_WIDE[0], height=_WIDE[1], x_range=(times[0] - 0.5, times[-1] + 0.5), y_range=(0, ticks[-1]))
    dots = [
        _dot(frame, x=_exactly(time), y=_predicted_interval(item), text=_spell_counts(item))
        for time, item in zip(times, counts, strict=True)
    ]
    return Plot(
        title=label,
        description="Incidents by period. " + "; ".join(map(_spell_counts, counts)) + ".",
        colour=colour,
        frame=frame,
        x_name="year" if len(counts[0]["period"]) == _YEAR_DIGITS else "month",
        y_name="articles",
        x_ticks=_date_ticks(counts, times=times, frame=frame),
        y_ticks=tuple(Tick(position=frame.y(value), text=f"{value:g}") for value in ticks),
        lines=_count_lines(counts, times=times, frame=frame),
        dots=tuple(dot for group in dots for dot in group),
    )


def _read_times(counts: Sequence[CountValues]) -> list[int]:
    """Where each period lies in time, in months or years; one after the other where a period is neither."""
    found = [_PERIOD.fullmatch(item["period"]) for item in counts]
    parts = [(int(match[1]), match[2]) for match in found if match]
    if len(parts) < len(counts):
        return list(range(len(counts)))
    return [year if month is None else 12 * year + int(month) - 1 for year, month in parts]


def _date_ticks(counts: Sequence[CountValues], *, times: Sequence[int], frame: Frame) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    for time, item in zip(times, counts, strict=True):
        if not ticks or frame.x(time) - ticks[-1].position >= _TICK_DISTANCE:
            ticks.append(Tick(position=frame.x(time), text=item["period"]))
    return tuple(ticks)


def _count_lines(counts: Sequence[CountValues], *, times: Sequence[int], frame: Frame) -> tuple[Line, ...]:
    """True and predicted counts, joined between neighbouring periods alone: nothing is known of a gap."""
    xs = [frame.x(time) for time in times]
    true, predicted = ([frame.y(item[key]) for item in counts] for key in ("true", "predicted"))
    gaps = [place for place in range(1, len(times)) if times[place] - times[place - 1] > 1]
    bounds = list(pairwise([0, *gaps, len(times)]))
    return (
        Line(path="".join(line_path(xs[low:high], true[low:high]) for low, high in bounds), kind="truth"),
        Line(path="".join(line_path(xs[low:high], predicted[low:high]) for low, high in bounds), kind="curve"),
        Line(path=dots_path(xs, true), kind="true-dots"),
    )


def _dot(frame: Frame, *, x: EstimateValues, y: EstimateValues, text: str) -> tuple[Dot, ...]:
    if x["value"] is None or y["value"] is None:
        return ()
    left, right = (frame.x(x["value"] if bound is None else bound) for bound in (x["low"], x["high"]))
    low, high = (frame.y(y["value"] if bound is None else bound) for bound in (y["low"], y["high"]))
    return (Dot(x=frame.x(x["value"]), y=frame.y(y["value"]), left=left, right=right, low=low, high=high, text=text),)


def _predicted_interval(item: CountValues) -> EstimateValues:
    low, high = item["bias"]["low"], item["bias"]["high"]
    return {
        "value": item["predicted"],
        "low": None if low is None else item["true"] + low,
        "high": None if high is None else item["true"] + high,
    }


def _exactly(value: float) -> EstimateValues:
    return {"value": value, "low": None, "high": None}


def _spell_counts(item: CountValues) -> str:
    return f"{item['period']}: {item['true']} true, {item['predicted']} predicted"
