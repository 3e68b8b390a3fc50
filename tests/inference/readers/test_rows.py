"""Rows: nothing behind this door fails to encode."""

import pytest

from hawadith.readers.rows import build_row
from hawadith.records import Record


@pytest.mark.parametrize("keys", [("evidence",), ("context",), ("evidence", "context")])
def test_build_row_replaces_lone_surrogates_in_marks(keys: tuple[str, ...]) -> None:
    mark = {"label": "\ud800", "field": "text", "start": 0, "end": 2}
    row = build_row({"text": "نص"} | {key: [mark] for key in keys}, fallback_id="1", location="a.jsonl:1")
    assert isinstance(row, Record)
    for key in keys:
        assert [(mark.label, mark.start, mark.end) for mark in getattr(row, key)] == [("\ufffd", 0, 2)]
