"""Charts as geometry: where lines, dots and ticks lie, so that a template only spells SVG.

By hand, not by a plotting library, for three reasons. The chart that matters most here is an interval beside its number in a table row,
which no library draws. A library's chart has a fixed width, and its letters shrink with the page on a phone. And colours must follow the
reader's theme, which is one class name here. Curves are drawn as steps: the area under a precision-recall curve is its average precision.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from hawadith_evaluation.metrics_file import EstimateValues

_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 12.0, 12.0, 46.0  # room for the ticks and the names of the axes, at 12 px letters
_MAX_TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """An interval on a line, in percent of the line's length.

    Attributes:
        value: The value's place in [0, 100].
        low: The interval's lower end; the value's place where it has none.
        high: The interval's upper end; likewise.
        origin: The place of "no change"; None for a strip without one.
        limit: The place of a tolerance; None for a strip without one.
    """

    value: float
    low: float
    high: float
    origin: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of a line, in percent of its length: probabilities between two cuts."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis: where, in pixels of the chart, and what it says."""

    position: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a chart: its SVG path data and what it stands for."""

    path: str
    kind: Literal["curve", "truth", "true-dots", "guide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A value of a chart with its intervals, in pixels of the chart.

    Attributes:
        x: Of the value.
        y: Of the value.
        left: Where a horizontal interval begins; `x` without one.
        right: Where it ends.
        low: Where a vertical interval begins; `y` without one.
        high: Where it ends.
        text: What a pointer that rests on it is told.
    """

    x: float
    y: float
    left: float
    right: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The drawing area of a chart: data go in, pixels come out.

    Attributes:
        width: Of the whole chart, in pixels.
        height: Of the whole chart, in pixels.
        x_range: Data at the left and the right edge of the drawing area.
        y_range: Data at its lower and upper edge.
    """

    width: float
    height: float
    x_range: tuple[float, float] = (0.0, 1.0)
    y_range: tuple[float, float] = (0.0, 1.0)

    @property
    def left(self) -> float:
        """Left edge of the drawing area."""
        return _LEFT

    @property
    def right(self) -> float:
        """Right edge of the drawing area."""
        return self.width - _RIGHT

    @property
    def top(self) -> float:
        """Upper edge of the drawing area."""
        return _TOP

    @property
    def bottom(self) -> float:
        """Lower edge of the drawing area."""
        return self.height - _BOTTOM

    def x(self, value: float) -> float:
        """Pixels from the left; what lies outside the range is drawn at its edge."""
        return round(self.left + (self.right - self.left) * place(value, scale=self.x_range) / 100, 1)

    def y(self, value: float) -> float:
        """Pixels from the top; what lies outside the range is drawn at its edge."""
        return round(self.bottom - (self.bottom - self.top) * place(value, scale=self.y_range) / 100, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A chart of two axes.

    Attributes:
        title: What it shows; not ours when it is a label, so the page isolates it.
        description: The same in a sentence, for those who cannot see it.
        colour: Which of the page's hues it takes: the label's position.
        frame: Its drawing area.
        x_name: Name of the horizontal axis.
        y_name: Name of the vertical axis.
        x_ticks: Marks of the horizontal axis.
        y_ticks: Marks of the vertical axis.
        lines: Its lines, the lowest first.
        dots: Its values.
    """

    title: str
    description: str
    colour: int
    frame: Frame
    x_name: str
    y_name: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]


def place(value: float, *, scale: tuple[float, float]) -> float:
    """Where a value lies on a line.

    Args:
        value: The value.
        scale: The values at the two ends of the line, the first below the second.

    Returns:
        Percent of the line's length in [0, 100]; what lies outside is put at the end.
    """
    low, high = scale
    return round(100 * min(1.0, max(0.0, (value - low) / (high - low))), 2)


def draw_strip(
    estimate: EstimateValues,
    *,
    scale: tuple[float, float] = (0.0, 1.0),
    origin: float | None = None,
    limit: float | None = None,
) -> Strip | None:
    """Lay an interval on a line.

    Args:
        estimate: The value and its interval.
        scale: The values at the two ends of the line.
        origin: The value of "no change", to be marked.
        limit: A tolerance, to be marked.

    Returns:
        The strip; None where the value is undefined.
    """
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return None
    return Strip(
        value=place(value, scale=scale),
        low=place(value if low is None else low, scale=scale),
        high=place(value if high is None else high, scale=scale),
        origin=None if origin is None else place(origin, scale=scale),
        limit=None if limit is None else place(limit, scale=scale),
    )


def widest(estimates: Iterable[EstimateValues], *, least: float) -> float:
    """The end of a symmetric scale on which every estimate and interval fits.

    Args:
        estimates: The estimates.
        least: The smallest end, so that noise about 0 is not blown up.

    Returns:
        The end, at least `least`.
    """
    bounds = (bound for item in estimates for bound in (item["value"], item["low"], item["high"]))
    return max([least, *(abs(bound) for bound in bounds if bound is not None)])


def step_path(xs: Sequence[float], ys: Sequence[float]) -> str:
    """SVG path data that goes to each next y first, then along to its x.

    Args:
        xs: Pixels, one for each point, at least one.
        ys: Pixels, likewise.

    Returns:
        Path data.
    """
    steps = "".join(f"V{y:g}H{x:g}" for x, y in zip(xs[1:], ys[1:], strict=True))
    return f"M{xs[0]:g} {ys[0]:g}{steps}"


def line_path(xs: Sequence[float], ys: Sequence[float]) -> str:
    """SVG path data of straight lines from point to point.

    Args:
        xs: Pixels, one for each point.
        ys: Pixels, likewise.

    Returns:
        Path data.
    """
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in zip(xs, ys, strict=True))


def dots_path(xs: Sequence[float], ys: Sequence[float]) -> str:
    """SVG path data of dots alone: lines of no length, which the ends of their stroke make visible.

    Args:
        xs: Pixels, one for each point.
        ys: Pixels, likewise.

    Returns:
        Path data.
    """
    return "".join(f"M{x:g} {y:g}h0" for x, y in zip(xs, ys, strict=True))


def count_ticks(highest: float) -> tuple[float, ...]:
    """Round whole numbers from 0 to at least `highest`.

    Args:
        highest: The largest count, from 0.

    Returns:
        At most five numbers at even steps of 1, 2 or 5 times a power of ten, at least two of them.
    """
    least = max(1.0, highest / (_MAX_TICKS - 1))
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least - 1e-9)
    return tuple(step * number for number in range(max(1, math.ceil(highest / step)) + 1))
