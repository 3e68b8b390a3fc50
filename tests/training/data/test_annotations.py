"""Annotations: what a file of them may say, and what is refused with its place."""

import hashlib
import json
from pathlib import Path

import pytest

from hawadith.errors import DataError
from hawadith.records import Mark
from hawadith_training.data.annotations import Annotation, digest_text, read_annotations

MARK = {"label": "mine", "field": "text", "start": 0, "end": 4}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_annotations_are_read_by_id_and_other_keys_are_ignored(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", {"id": "x", "labels": ["mine", "arms", "mine"], "unknown": ["drugs"], "by": 7})
    marked = {"id": "y", "labels": None, "evidence": [MARK], "context": [{**MARK, "end": 9}], "sha256": "0" * 16}
    second = write(tmp_path / "b.jsonl", marked)
    mark = Mark(label="mine", field="text", start=0, end=4)
    assert read_annotations([first, second]) == {
        "x": Annotation(id="x", labels=("mine", "arms"), unknown=("drugs",)),
        "y": Annotation(
            id="y", evidence=(mark,), context=(Mark(label="mine", field="text", start=0, end=9),), sha256="0" * 16
        ),
    }


def test_annotations_say_where_they_stand_behind_a_byte_order_mark_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf\r\n{"id": "x", "labels": []}\r\n')
    assert read_annotations([path])["x"].location == f"{path}:2"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ([], "must be an object with `id`"),
        ({"labels": []}, "must be an object with `id`"),
        ({"id": 7, "labels": []}, "must be an object with `id`"),
        ({"id": "", "labels": []}, "must be an object with `id`"),
        ({"id": "x"}, "neither `labels` nor `evidence`"),
        ({"id": "x", "labels": "mine"}, "`labels` must be a list"),
        ({"id": "x", "labels": [""]}, "`labels` must be a list"),
        ({"id": "x", "labels": [], "unknown": [5]}, "`unknown` must be a list"),
        ({"id": "x", "evidence": [], "unknown": []}, "`unknown` says something only beside `labels`"),
        ({"id": "x", "labels": [], "context": []}, "`context` says something only beside `evidence`"),
        ({"id": "x", "evidence": [{**MARK, "start": 4}]}, r"`evidence\[0\]` must be"),
        ({"id": "x", "evidence": [], "context": [MARK, 5]}, r"`context\[1\]` must be"),
        ({"id": "x", "labels": [], "sha256": "ABC"}, "`sha256` must be the first 16"),
        ({"id": "x", "labels": [], "sha256": 16}, "`sha256` must be the first 16"),
    ],
)
def test_annotation_that_is_bad_is_refused_with_its_place(tmp_path: Path, row: object, named: str) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "good", "labels": []}, row)
    with pytest.raises(DataError, match=rf"1 annotations are bad(.|\n)*a\.jsonl:2: .*{named}"):
        read_annotations([path])


def test_annotations_that_are_bad_are_counted_and_the_first_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{\n" * 30)
    with pytest.raises(DataError, match="30 annotations are bad") as caught:
        read_annotations([path])
    assert str(caught.value).count("not JSON") == 20


def test_annotation_twice_counts_once_where_it_says_the_same(tmp_path: Path) -> None:
    row = {"id": "x", "labels": ["mine"]}
    paths = [write(tmp_path / "a.jsonl", row), write(tmp_path / "b.jsonl", row)]
    assert list(read_annotations(paths)) == ["x"]
    write(paths[1], {**row, "labels": []})
    with pytest.raises(DataError, match=r"b\.jsonl:1: 'x' is annotated otherwise at .*a\.jsonl:1"):
        read_annotations(paths)


def test_annotation_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot read the annotations"):
        read_annotations([tmp_path / "none.jsonl"])
    (tmp_path / "a.jsonl").write_bytes(b"\xff")
    with pytest.raises(DataError, match="is not UTF-8"):
        read_annotations([tmp_path / "a.jsonl"])
    (tmp_path / "a.jsonl").write_bytes(b"\n")
    with pytest.raises(DataError, match="no annotation"):
        read_annotations([tmp_path / "a.jsonl"])


def test_annotation_fits_the_text_that_it_was_made_on() -> None:
    text = "انفجر لغم"
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest_text(text) == digest
    for length in (16, 40, 64):
        assert Annotation(id="x", sha256=digest[:length]).fits(text)
        assert not Annotation(id="x", sha256=digest[:length]).fits(text + " ")
    assert Annotation(id="x").fits("any")
