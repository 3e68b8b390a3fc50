"""The style sheet's promise: readable in both themes, whatever the label."""

import re
from importlib.resources import files

import pytest

from hawadith.explain.views import N_COLOURS

CSS = files("hawadith.explain").joinpath("page.css.j2").read_text(encoding="utf-8")
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3."""

VISIBLE = 3.0
"""WCAG 2.2, success criterion 1.4.11: lines that carry meaning."""


def _theme(name: str) -> str:
    light, rest = CSS.split("@media screen and (prefers-color-scheme: dark)", 1)
    return light if name == "light" else rest.split("\n}", 1)[0]


def _colours(theme: str, variable: str) -> list[str]:
    return re.findall(rf"--{variable}: (#[0-9a-f]{{6}});", theme)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_label_colours_are_readable(name: str) -> None:
    theme = _theme(name)
    hues, tints = _colours(theme, "hue"), _colours(theme, "tint")
    [page], [card], [ink], [on_hue] = (_colours(theme, variable) for variable in ("page", "card", "ink", "on-hue"))
    assert len(hues) == len(tints) == len(set(hues)) == N_COLOURS
    for hue, tint in zip(hues, tints, strict=True):
        assert min(_contrast(hue, page), _contrast(hue, card), _contrast(on_hue, hue), _contrast(ink, tint)) >= READABLE
        assert _contrast(hue, tint) >= VISIBLE


@pytest.mark.parametrize("name", ["light", "dark"])
def test_plain_colours_are_readable(name: str) -> None:
    theme = _theme(name)
    [page], [card], [warn_tint] = (_colours(theme, variable) for variable in ("page", "card", "warn-tint"))
    for variable in ("ink", "soft", "warn"):
        [colour] = _colours(theme, variable)
        assert min(_contrast(colour, page), _contrast(colour, card)) >= READABLE
    assert _contrast(_colours(theme, "warn")[0], warn_tint) >= READABLE


def test_style_sheet_asks_for_nothing_from_outside() -> None:
    assert not re.search(r"url\(|@import|@font-face|image-set|//", CSS)
