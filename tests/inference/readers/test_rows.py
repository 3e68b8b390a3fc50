"""Rows: nothing behind this door fails to encode."""

from hawadith.readers.rows import build_row
from hawadith.records import Record


def test_build_row_replaces_lone_surrogates_in_marks() -> None:
    mark = {"label": "\ud800", "field": "text", "start": 0, "end": 2}
    row = build_row({"text": "نص", "evidence": [mark], "context": [mark]}, fallback_id="1", location="a.jsonl:1")
    assert isinstance(row, Record)
    for marks in (row.evidence, row.context):
        assert [(mark.label, mark.start, mark.end) for mark in marks] == [("\ufffd", 0, 2)]
