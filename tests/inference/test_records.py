"""Records: a row becomes one or is named with its place."""

import datetime

import pytest

from hawadith.errors import DataError
from hawadith.readers import demand_labels
from hawadith.records import Mark, Record, RowFault, parse_marks, parse_record


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
    ],
)
def test_record_refuses_wrong_kinds_with_the_place(row: object, expected: str) -> None:
    with pytest.raises(DataError, match=expected) as caught:
        parse(row)
    assert str(caught.value).startswith("a.jsonl:7: ")


@pytest.mark.parametrize("key", ["labels", "unknown"])
@pytest.mark.parametrize("value", [5, [5], False, {"a": 1}])
def test_record_labels_that_cannot_be_read_cost_no_score_but_no_training_either(key: str, value: object) -> None:
    record = parse({"text": "نص", key: value})
    assert record.text == "نص"
    fault = demand_labels(record)
    assert isinstance(fault, RowFault)
    assert (fault.status, fault.location) == ("parse_error", "a.jsonl:7")
    assert f"`{key}` must be a list" in fault.message


def test_record_with_readable_labels_passes_the_demand() -> None:
    record = parse({"text": "نص", "labels": ["a"]})
    assert demand_labels(record) is record


@pytest.mark.parametrize(("value", "expected"), [(20240101, "20240101"), (1.5, "1.5"), ({"a": 1}, None), ([1], None)])
def test_record_date_and_source_of_other_kinds_cost_no_row(value: object, expected: str | None) -> None:
    record = parse({"text": "نص", "date": value, "source": value})
    assert (record.date, record.source) == (expected, expected)


MARK = {"label": "mine", "field": "text", "start": 1, "end": 3}


def test_record_reads_marked_sentences() -> None:
    title = {**MARK, "field": "title", "start": 0, "text": "ignored"}
    assert parse({"title": "عنوان", "text": "نص ", "evidence": [MARK, title]}).evidence == (
        Mark(label="mine", field="text", start=1, end=3),
        Mark(label="mine", field="title", start=0, end=3),
    )


def test_record_reads_sentences_that_belong_to_a_report_apart() -> None:
    record = parse({"text": "نص ث", "evidence": [MARK], "context": [{**MARK, "start": 0}]})
    assert record.evidence == (Mark(label="mine", field="text", start=1, end=3),)
    assert record.context == (Mark(label="mine", field="text", start=0, end=3),)


@pytest.mark.parametrize("key", ["evidence", "context"])
@pytest.mark.parametrize("value", [None, [], ()])
def test_record_without_marks_has_no_fault(key: str, value: object) -> None:
    record = parse({"text": "نص", key: value})
    assert (record.evidence, record.context, record.evidence_fault) == ((), (), None)


@pytest.mark.parametrize("key", ["evidence", "context"])
@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("نص", "` must be a list"),
        ({"label": "mine"}, "` must be a list"),
        ([MARK, "نص"], "[1]` must be"),
        ([{**MARK, "label": None}], "[0]` must be"),
        ([{**MARK, "field": "body"}], "[0]` must be"),
        ([{**MARK, "field": ["text"]}], "[0]` must be"),
        ([{**MARK, "start": True}], "[0]` must be"),
        ([{**MARK, "start": 1.0}], "[0]` must be"),
        ([{**MARK, "start": -1}], "[0]` must be"),
        ([{**MARK, "start": 3}], "[0]` must be"),
        ([{**MARK, "end": 5}], "[0]` must be"),
        ([{**MARK, "field": "title"}], "[0]` must be"),
    ],
)
def test_record_marks_that_cannot_be_read_cost_marks_alone(key: str, value: object, place: str) -> None:
    record = parse({"text": "نص ث", "labels": ["mine"], "evidence": [MARK], "context": [MARK], key: value})
    assert (record.text, record.labels, record.label_fault) == ("نص ث", ("mine",), None)
    assert (record.evidence, record.context) == ((), ())
    assert record.evidence_fault is not None
    assert record.evidence_fault.startswith(f"a.jsonl:7: `{key}{place}")


def test_parse_marks_without_lengths_leaves_the_bound_to_who_knows_it() -> None:
    assert parse_marks([{**MARK, "end": 9**9}], key="evidence") == (
        (Mark(label="mine", field="text", start=1, end=9**9),),
        None,
    )


def test_parse_record_says_where_it_was_read_and_whether_it_had_an_id() -> None:
    named = parse_record({"id": "x", "text": "خبر"}, fallback_id="a:3", location="a.jsonl:3")
    unnamed = parse_record({"id": None, "text": "خبر"}, fallback_id="a:3", location="a.jsonl:3")
    assert (named.location, named.id_given) == ("a.jsonl:3", True)
    assert (unnamed.id, unnamed.id_given) == ("a:3", False)
