"""The join of articles and annotations: what is written, what stays as it was, and what ends it without an output."""

import json
import lzma
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hawadith.errors import DataError
from hawadith.readers import read_records
from hawadith.records import Mark, Record
from hawadith_training.data.annotate import JoinReport, write_annotated
from hawadith_training.data.annotations import Annotation, digest_text

TEXT = "انفجر لغم قرب القرية. هدأت المدينة."
MARK = Mark(label="mine", field="text", start=0, end=21)
HINT = Mark(label="mine", field="text", start=22, end=len(TEXT))


def write_lines(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    return path


def article(id_: object = "x", text: str = TEXT, **more: object) -> dict[str, object]:
    return {"id": id_, "title": "عنوان", "text": text, **more}


def join(*sources: Path, annotation: Annotation, output: Path, only_annotated: bool = False) -> JoinReport:
    return write_annotated(
        sources, annotations={annotation.id: annotation}, output=output, only_annotated=only_annotated
    )


def read_rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_annotate_writes_labels_and_marks_and_keeps_what_else_a_row_has(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", article(labels=["arms"], unknown=["mine"], stratum="s", sure=False))
    annotation = Annotation(
        id="x", labels=("mine",), unknown=("drugs",), evidence=(MARK,), context=(HINT,), sha256=digest_text(TEXT)[:16]
    )
    join(source, annotation=annotation, output=tmp_path / "out.jsonl")
    (row,) = read_rows_of(tmp_path / "out.jsonl")
    assert (row["stratum"], row["sure"]) == ("s", False)
    assert read_records(tmp_path / "out.jsonl") == [
        Record(
            id="x", title="عنوان", text=TEXT, labels=("mine",), unknown=("drugs",), evidence=(MARK,), context=(HINT,)
        )
    ]


def test_annotate_without_labels_leaves_those_of_the_article(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", article(labels=["mine"], unknown=["arms"]))
    join(source, annotation=Annotation(id="x", evidence=(MARK,)), output=tmp_path / "out.jsonl")
    (record,) = read_records(tmp_path / "out.jsonl")
    assert (record.labels, record.unknown, record.evidence) == (("mine",), ("arms",), (MARK,))


def test_annotate_without_evidence_leaves_the_marks_of_the_article(tmp_path: Path) -> None:
    marks = [{"label": "mine", "field": "text", "start": 0, "end": 21}]
    source = write_lines(tmp_path / "in.jsonl", article(evidence=marks, context=marks))
    join(source, annotation=Annotation(id="x", labels=("mine",)), output=tmp_path / "out.jsonl")
    (record,) = read_records(tmp_path / "out.jsonl")
    assert (record.labels, record.evidence, record.context) == (("mine",), (MARK,), (MARK,))


def test_annotate_copies_other_rows_byte_for_byte_or_leaves_them_out(tmp_path: Path) -> None:
    other = b'{"text":"a",  "extra": [1.50]}'
    (tmp_path / "in.jsonl").write_bytes(other + b"\n" + json.dumps(article()).encode())
    annotation = Annotation(id="x", labels=("mine",))
    whole = join(tmp_path / "in.jsonl", annotation=annotation, output=tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes().splitlines()[0] == other
    few = join(tmp_path / "in.jsonl", annotation=annotation, output=tmp_path / "few.jsonl", only_annotated=True)
    assert [row["id"] for row in read_rows_of(tmp_path / "few.jsonl")] == ["x"]
    assert whole.summarise().endswith("written once; 2 of 2 rows written.")
    assert (whole.n_rows, whole.n_written, few.n_rows, few.n_written) == (2, 2, 2, 1)


def test_annotate_reads_packed_corpora_and_tables(tmp_path: Path) -> None:
    packed = write_lines(tmp_path / "a.jsonl", article("1")).read_bytes()
    (tmp_path / "a.jsonl").unlink()
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(packed))
    pq.write_table(pa.table({"id": ["2", "3"], "text": [TEXT, TEXT]}), tmp_path / "b.parquet")
    annotations = {id_: Annotation(id=id_, labels=("mine",)) for id_ in ("1", "2")}
    write_annotated([tmp_path], annotations=annotations, output=tmp_path / "out" / "all.jsonl")
    assert [(record.id, record.labels) for record in read_records(tmp_path / "out")] == [
        ("1", ("mine",)),
        ("2", ("mine",)),
        ("3", ()),
    ]


def test_annotate_writes_an_article_that_comes_twice_once(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", article(7), article("7", title=None), article("y"), article("y"))
    output = tmp_path / "out.jsonl"
    report = join(source, source, annotation=Annotation(id="7", labels=("mine",)), output=output)
    assert [row["id"] for row in read_rows_of(output)] == ["7", "y", "y", "y", "y"]
    assert (report.found, report.repeated, report.n_rows, report.n_written) == (("7",), ("7",), 8, 5)


def test_annotate_reports_what_it_did_not_find(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", article())
    annotations = {id_: Annotation(id=id_, labels=()) for id_ in ["x", *map(str, range(12))]}
    report = write_annotated([source], annotations=annotations, output=tmp_path / "out.jsonl")
    assert report.missing == tuple(map(str, range(12)))
    assert report.summarise() == (
        "1 of 13 annotated articles found, 0 of them more than once and written once; 1 of 1 rows written.\n"
        "Not found: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more. Give the files that hold them, too, if they are wanted."
    )


LONE = '{"id": "x", "text": "a\\ud800b", "n": "\\ud800"}'


def test_annotate_counts_a_lone_surrogate_as_the_readers_do(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(LONE)
    mark = Mark(label="mine", field="text", start=2, end=3)
    annotation = Annotation(id="x", labels=("mine",), evidence=(mark,), sha256=digest_text("a\ufffdb"))
    join(tmp_path / "in.jsonl", annotation=annotation, output=tmp_path / "out.jsonl")
    (record,) = read_records(tmp_path / "out.jsonl")
    assert (record.text, record.evidence) == ("a\ufffdb", (mark,))


FAR = Mark(label="mine", field="text", start=0, end=len(TEXT) + 1)
FAR_TITLE = Mark(label="mine", field="title", start=0, end=6)


@pytest.mark.parametrize(
    ("row", "annotation", "named"),
    [
        ({}, Annotation(id="x", labels=(), sha256="0" * 16), "the text is not the one that was annotated"),
        ({}, Annotation(id="x", labels=("mine",), evidence=(FAR,)), r"`evidence\[0\]` must be"),
        ({}, Annotation(id="x", labels=("mine",), evidence=(FAR_TITLE,)), r"`evidence\[0\]` must be"),
        ({}, Annotation(id="x", labels=("mine",), evidence=(MARK,), context=(MARK, FAR)), r"`context\[1\]` must be"),
        ({}, Annotation(id="x", evidence=(MARK,)), "evidence is marked for mine; the article's labels: none"),
        ({"labels": 5}, Annotation(id="x", evidence=()), "`labels` must be a list"),
        ({"evidence": 5}, Annotation(id="x", labels=()), "`evidence` must be a list"),
    ],
)
def test_annotation_that_does_not_fit_its_article_ends_without_an_output(
    tmp_path: Path, row: dict[str, object], annotation: Annotation, named: str
) -> None:
    source = write_lines(tmp_path / "in.jsonl", article("a"), article() | row)
    (tmp_path / "out.jsonl").write_bytes(b"before")
    with pytest.raises(DataError, match=rf"1 of 2 rows(.|\n)*in\.jsonl:2: 'x', annotated at .*{named}"):
        join(source, annotation=annotation, output=tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_annotate_refuses_another_text_under_the_same_id(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", article(), article(text=TEXT + " "))
    with pytest.raises(DataError, match=r"in\.jsonl:2: 'x' stands at .*in\.jsonl:1 with another text"):
        join(source, annotation=Annotation(id="x", labels=()), output=tmp_path / "out.jsonl")


@pytest.mark.parametrize("only_annotated", [True, False])
def test_annotate_refuses_bad_rows_and_names_the_first(tmp_path: Path, only_annotated: bool) -> None:
    (tmp_path / "in.jsonl").write_bytes(json.dumps(article()).encode() + b"\n{" * 30)
    annotation, output = Annotation(id="x", labels=()), tmp_path / "out.jsonl"
    with pytest.raises(DataError, match="30 of 31 rows") as caught:
        join(tmp_path / "in.jsonl", annotation=annotation, output=output, only_annotated=only_annotated)
    assert str(caught.value).count("parse_error") == 20
    assert not output.exists()


def test_annotate_that_meets_no_article_writes_nothing(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "in.jsonl", article())
    with pytest.raises(DataError, match="None of the 1 annotated ids is that of one of the 1 articles"):
        join(source, annotation=Annotation(id="y", labels=()), output=tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_annotate_looks_at_every_input_before_it_reads_one(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_bytes(b"none")
    with pytest.raises(DataError, match=r"none\.jsonl does not exist"):
        join(
            tmp_path / "in.parquet",
            tmp_path / "none.jsonl",
            annotation=Annotation(id="x", labels=()),
            output=tmp_path / "out.jsonl",
        )


def test_annotate_holds_the_annotations_and_not_the_articles(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    with path.open("wb") as stream:
        for number in range(2000):
            stream.write(json.dumps(article(str(number), text=f"{number} " + "x" * 4000)).encode() + b"\n")
    annotation = Annotation(id="1999", labels=("mine",))
    join(path, annotation=annotation, output=tmp_path / "warm.jsonl", only_annotated=True)
    tracemalloc.start()
    join(path, annotation=annotation, output=tmp_path / "out.jsonl", only_annotated=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 8e6
    assert peak < 1e6
