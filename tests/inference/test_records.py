"""Records: a row becomes one or is named with its place."""

import datetime

import pytest

from hawadith.errors import DataError
from hawadith.records import Record, parse_record


def parse(row: object) -> Record:
    return parse_record(row, fallback_id="line-7", location="a.jsonl:7")


def test_record_takes_all_fields_and_ignores_the_rest() -> None:
    row = {"id": 7, "title": "عنوان", "text": "نص", "date": datetime.date(2024, 3, 1), "labels": ["a", "b"], "x": {}}
    assert parse(row) == Record(id="7", title="عنوان", text="نص", date="2024-03-01", labels=("a", "b"))


def test_record_null_fields_are_empty_not_the_word_none() -> None:
    assert parse({"text": "", "title": None, "date": None, "labels": None}) == Record(id="line-7", text="")


def test_record_labels_from_one_string() -> None:
    assert parse({"text": "", "labels": "b| a |b|"}).labels == ("b", "a")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["text"], "must be an object"),
        ({}, "no `text`"),
        ({"text": None}, "`text` is NoneType"),
        ({"text": 5}, "`text` is int"),
        ({"text": ["a"]}, "`text` is list"),
        ({"text": "", "title": 5}, "`title` is int"),
        ({"text": "", "id": 1.5}, "`id` is float"),
        ({"text": "", "id": True}, "`id` is bool"),
        ({"text": "", "labels": 5}, "`labels` must be"),
        ({"text": "", "unknown": [5]}, "`unknown` must be"),
    ],
)
def test_record_refuses_wrong_kinds_with_the_place(row: object, expected: str) -> None:
    with pytest.raises(DataError, match=expected) as caught:
        parse(row)
    assert str(caught.value).startswith("a.jsonl:7: ")
