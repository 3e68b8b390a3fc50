"""The geometry of charts: everything inside its frame, everything where its value is."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.evaluation.report.contents import estimate

from hawadith_evaluation.report.charts import Frame, count_ticks, draw_strip, line_path, place, step_path, widest

ANY = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(ANY, ANY, ANY)
def test_place_is_on_the_line_whatever_the_value(value: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    assert 0 <= place(value, scale=(low, high)) <= 100


def test_strip_lies_where_its_values_are() -> None:
    strip = draw_strip(estimate(0.5, 0.2), scale=(-1.0, 1.0), origin=0.0, limit=0.9)
    assert strip is not None
    assert (strip.low, strip.value, strip.high, strip.origin, strip.limit) == (65, 75, 85, 50, 95)


def test_strip_without_interval_is_a_point() -> None:
    strip = draw_strip({"value": 0.25, "low": None, "high": None})
    assert strip is not None
    assert (strip.low, strip.value, strip.high, strip.origin, strip.limit) == (25, 25, 25, None, None)


def test_undefined_value_has_no_strip() -> None:
    assert draw_strip({"value": None, "low": 0.1, "high": 0.2}) is None


def test_widest_holds_every_bound_and_is_never_too_narrow() -> None:
    assert widest([estimate(-0.3, 0.1), estimate(0.2, 0.1), estimate(None)], least=0.05) == pytest.approx(0.4)
    assert widest([], least=0.05) == widest([estimate(0.01, 0.01)], least=0.05) == 0.05


def test_frame_puts_the_ends_of_its_ranges_at_its_edges() -> None:
    frame = Frame(width=320, height=300, x_range=(10, 20), y_range=(0, 5))
    assert (frame.x(10), frame.x(20)) == (frame.left, frame.right)
    assert (frame.y(0), frame.y(5)) == (frame.bottom, frame.top)
    assert frame.left < frame.x(12) < frame.x(18) < frame.right
    assert frame.bottom > frame.y(1) > frame.y(4) > frame.top


def test_steps_go_to_the_next_height_before_they_go_along() -> None:
    assert step_path([0, 1, 2.5], [9, 8, 7]) == "M0 9V8H1V7H2.5"


def test_lines_go_from_point_to_point() -> None:
    assert line_path([0, 1.5], [9, 8]) == "M0 9L1.5 8"


@given(st.integers(0, 10**7))
def test_count_ticks_are_few_even_and_hold_the_highest(highest: int) -> None:
    ticks = count_ticks(highest)
    assert 2 <= len(ticks) <= 5
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert all(math.isclose(tick, round(tick)) and math.isclose(tick, ticks[1] * i) for i, tick in enumerate(ticks))
