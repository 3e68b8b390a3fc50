"""What columns and classes mean: one field a column, and no class that nobody named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.errors import ConfigError
from hawadith.readers import TableLayout
from hawadith.readers.table import FIELDS

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
headings = words.filter(lambda word: not (word.isascii() and word.isdecimal()))
named = st.dictionaries(st.sampled_from(FIELDS), headings).map(lambda columns: {"text": "sentence", **columns})
numbered = st.permutations(range(len(FIELDS))).map(lambda numbers: dict(zip(FIELDS, numbers, strict=True)))
classes = st.dictionaries(words, st.none() | st.sampled_from(["mine", "arms"]))


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"sentence": "text"}, "'sentence' is no field"),
        ({"text": "a", "title": "a"}, "two fields have the column 'a'"),
        ({"text": 0, "labels": "label"}, "0, 'label' are not of one kind"),
        ({"text": 0, "labels": -1}, "0, -1 are not of one kind"),
        ({"labels": 1}, "none is left for `text`"),
        ({"title": "text"}, "none is left for `text`"),
    ],
)
def test_layout_that_is_impossible_is_refused(columns: dict[str, str | int], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        TableLayout(columns=columns)


def test_layout_gives_a_column_to_one_field_alone() -> None:
    names = TableLayout(columns={"text": "title", "labels": "class"}).names
    assert names == {"text": "title", "labels": "class"} | {name: name for name in ("id", "date", "source", "unknown")}


@pytest.mark.parametrize(
    ("cell", "labels"),
    [("1", ("mine",)), (" 1 ", ("mine",)), ("0", ()), ("1|yes", ("mine", "arms")), ("a|b", ("arms",)), ("", ())],
)
def test_layout_reads_classes_as_labels(cell: str, labels: tuple[str, ...]) -> None:
    layout = TableLayout(classes={"1": "mine", "0": None, "yes": "arms", "a|b": "arms", "": None})
    assert layout.read_classes(cell) == (labels, None)


@pytest.mark.parametrize(("cell", "shown"), [("2", "'2'"), ("", "''"), ("1|x", "'x'"), ("1.0", "'1.0'")])
def test_layout_refuses_a_class_that_nobody_named(cell: str, shown: str) -> None:
    labels, fault = TableLayout(classes={"1": "mine", "0": None}).read_classes(cell)
    assert labels == ()
    assert fault == f"`labels` is {shown}; the classes are '1', '0'. Mend the row, or name the class."


@given(named | numbered, classes)
def test_layout_is_read_back_from_its_options(columns: dict[str, str | int], classes: dict[str, str | None]) -> None:
    try:
        layout = TableLayout(columns=columns, classes=classes)
    except ConfigError:  # two fields drew one column
        return
    options = layout.to_options()
    given_columns = [value for option, value in zip(options[::2], options[1::2], strict=True) if option == "--column"]
    given_classes = [value for option, value in zip(options[::2], options[1::2], strict=True) if option == "--class"]
    assert TableLayout.from_options(given_columns, classes=given_classes) == layout


@pytest.mark.parametrize(
    ("columns", "classes", "reason"),
    [
        (["text"], [], "--column 'text': expected FIELD=COLUMN"),
        (["text="], [], "--column 'text=': expected FIELD=COLUMN"),
        (["text=a", "text=b"], [], "'text' was given before"),
        ([], ["1"], "--class '1': expected CLASS=LABEL"),
        ([], ["1=mine", "1="], "'1' was given before"),
    ],
)
def test_layout_refuses_options_of_another_form(columns: list[str], classes: list[str], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        TableLayout.from_options(columns, classes=classes)
