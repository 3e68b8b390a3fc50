"""The style sheet's promise: readable in both themes, printable, and nothing from outside."""

import re
from importlib.resources import files

import pytest
from tests.inference.explain.test_style import READABLE, VISIBLE, _colours, _contrast, _theme

from hawadith_evaluation.report.page import _render_css

CSS = files("hawadith_evaluation.report").joinpath("page.css.j2").read_text(encoding="utf-8")


def _own_colour(name: str, variable: str) -> str:
    light, dark = CSS.split("@media screen and (prefers-color-scheme: dark)", 1)
    [colour] = _colours(light if name == "light" else dark.split("\n}", 1)[0], variable)
    return colour


@pytest.mark.parametrize("name", ["light", "dark"])
def test_verdicts_are_readable(name: str) -> None:
    [card], [soft], [warn_tint] = (_colours(_theme(name), variable) for variable in ("card", "soft", "warn-tint"))
    [ink] = _colours(_theme(name), "ink")
    assert _contrast(_own_colour(name, "good"), card) >= READABLE
    assert _contrast(soft, card) >= READABLE
    assert _contrast(ink, warn_tint) >= READABLE


@pytest.mark.parametrize("name", ["light", "dark"])
def test_bars_and_curves_are_visible(name: str) -> None:
    [card] = _colours(_theme(name), "card")
    colours = [_own_colour(name, "bar"), *_colours(_theme(name), "hue"), *_colours(_theme(name), "ink")]
    assert min(_contrast(colour, card) for colour in colours) >= VISIBLE


def test_style_sheet_asks_for_nothing_from_outside() -> None:
    assert not re.search(r"url\(|@import|@font-face|image-set|//", CSS)


def test_report_stands_on_the_style_sheet_of_the_review_page() -> None:
    css = _render_css()
    assert css.startswith("/* Label colours")
    assert css.endswith(CSS.rstrip("\n")) or css.endswith(CSS)


def test_every_fold_opens_and_no_chart_is_cut_on_paper() -> None:
    paper = CSS.split("@media print", 1)[1]
    assert "details::details-content { content-visibility: visible" in paper
    assert re.search(r"tr, figure[^}]*break-inside: avoid", paper)
