"""The input of a job: what it was when the job began is what is scored, or the job says what changed."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.builders import KeywordModel
from tests.inference.batch.jobs import build_classifier, read_folder, read_lines, run, write_articles, write_rows

from hawadith.batch import ids
from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.ids import IdCheck
from hawadith.batch.inputs import JobInput, check_ids
from hawadith.batch.job import run_job
from hawadith.errors import DataError, OutputError
from hawadith.model import ArticleScores
from hawadith.readers import ReadOptions
from hawadith.records import Record, Row
from hawadith.text.article import PreparedArticle


def fill(folder: Path) -> Path:
    """Three files of articles: two, one and three rows."""
    write_rows(folder / "a.jsonl", [{"id": "a1", "text": "x"}, {"id": "a2", "text": "y"}])
    (folder / "b.txt").write_text("خبر", encoding="utf-8")
    write_rows(folder / "c.jsonl", [{"id": f"c{n}", "text": "z"} for n in range(3)])
    return folder


def build_input(folder: Path) -> JobInput:
    return JobInput([folder], options=ReadOptions(), listing=folder.with_suffix(".listing"), stdin_copy=Path("none"))


def test_survey_lists_every_file_with_its_rows_and_hash(tmp_path: Path) -> None:
    reading = build_input(fill(tmp_path / "in"))
    assert not reading.is_listed
    assert reading.survey(check_ids=True) == 6
    listed = read_lines(tmp_path / "in.listing")
    assert [(entry["file"], entry["rows"]) for entry in listed] == [("a.jsonl", 2), ("b.txt", 1), ("c.jsonl", 3)]
    again = build_input(tmp_path / "in")
    assert again.is_listed
    assert again.compare() == 6


@pytest.mark.parametrize("first_row", range(8))
def test_read_begins_at_any_row(tmp_path: Path, first_row: int) -> None:
    reading = build_input(fill(tmp_path / "in"))
    reading.survey(check_ids=True)
    expected = ["a1", "a2", "b.txt", "c0", "c1", "c2"][first_row:]
    assert [row.id for row in reading.read(first_row=first_row)] == expected


def test_read_opens_no_file_before_the_first_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = build_input(fill(tmp_path / "in"))
    reading.survey(check_ids=True)
    opened: list[str] = []
    original = Path.open

    def watch(self: Path, *args: object, **kwargs: object) -> object:
        opened.append(self.name)
        return original(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", watch)
    list(reading.read(first_row=3))
    assert opened == ["in.listing", "c.jsonl"]


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"a2", b"a3"))


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "other bytes": (lambda folder: change(folder / "a.jsonl"), "a.jsonl: 52 bytes"),
    "grown": (lambda folder: (folder / "c.jsonl").write_bytes(b"{}"), "c.jsonl: 2 bytes"),
    "gone": (lambda folder: (folder / "b.txt").unlink(), "b.txt: it is gone"),
    "gone at the end": (lambda folder: (folder / "c.jsonl").unlink(), "c.jsonl: it is gone"),
    "new": (lambda folder: (folder / "aa.txt").write_text("x"), "aa.txt: it was not there"),
    "new at the end": (lambda folder: (folder / "z.txt").write_text("x"), "z.txt: it was not there"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_job_refuses_an_input_that_changed_since_and_names_it(tmp_path: Path, kind: str) -> None:
    source = fill(tmp_path / "in")
    run(source, output=f"{tmp_path}/out/")
    before = read_folder(tmp_path / "out")
    alter, expected = CHANGES[kind]
    alter(source)
    with pytest.raises(DataError, match=rf"The input changed under the job: .*{expected}"):
        run(source, output=f"{tmp_path}/out/")
    assert read_folder(tmp_path / "out") == before


def test_job_goes_on_with_an_input_that_was_only_touched_or_moved(tmp_path: Path) -> None:
    source = fill(tmp_path / "in")
    run(source, output=f"{tmp_path}/out/")
    os.utime(source / "a.jsonl", (1, 1))
    assert run(source.rename(tmp_path / "elsewhere"), output=f"{tmp_path}/out/").resumed == 6


@pytest.mark.parametrize("kind", ["written to", "removed"])
def test_job_stops_before_a_shard_whose_input_changed_while_it_was_scored(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "in"
    write_articles(source / "a.jsonl", 7)

    class Meddles(KeywordModel):
        calls = 0

        def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
            Meddles.calls += 1
            if Meddles.calls == 2:
                alter()
            return super().score(articles)

    def alter() -> None:
        if kind == "written to":
            change(source / "a.jsonl")
            os.utime(source / "a.jsonl", ns=(1, 1))
        else:
            (source / "a.jsonl").unlink()

    classifier = build_classifier(Meddles(["لغم"]))
    with pytest.raises(DataError, match="The input changed under the job"):
        run_job([source], output=f"{tmp_path}/out/", classifier=classifier, settings=JobSettings(shard_rows=3))
    assert [path.name for path in (tmp_path / "out").glob("part-*")] == ["part-00000.parquet"]
    assert [line["kind"] for line in read_lines(tmp_path / "out" / "manifest.jsonl")] == ["job", "shard"]


def test_job_stops_where_a_file_came_before_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_articles(tmp_path / "in" / "sub" / "a.jsonl", 3)
    original = JobInput.read

    def read_late(self: JobInput, *, first_row: int) -> Iterator[Row]:
        (tmp_path / "in" / "b.txt").write_text("x")
        return original(self, first_row=first_row)

    monkeypatch.setattr(JobInput, "read", read_late)
    with pytest.raises(DataError, match=r"b\.txt: it was not there when the job began"):
        run(tmp_path / "in", output=f"{tmp_path}/out/")


def test_listing_of_web_pages_runs_no_extractor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawadith.readers.html.ArticleExtractor._start", None)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text("<p>x</p>")
    assert build_input(tmp_path / "in").survey(check_ids=True) == 1


def test_check_ids_refuses_what_a_job_refuses(tmp_path: Path) -> None:
    fill(tmp_path / "in")
    check_ids([tmp_path / "in"], options=ReadOptions())
    with pytest.raises(DataError, match="came before, 6 of them"):
        check_ids([tmp_path / "in", tmp_path / "in"], options=ReadOptions())


def test_ids_that_only_share_a_hash_are_no_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawadith.batch.ids._hash", lambda id_: len(id_))
    rows: list[Row] = [Record(id=id_, text="", location=f"x:{n}") for n, id_ in enumerate(["aa", "bb", "c", "dd"])]
    ids = IdCheck()
    for row in rows:
        ids.add(row)
    ids.finish(lambda: iter(rows))


def test_ids_names_ten_places_and_counts_the_rest() -> None:
    rows: list[Row] = [Record(id="same", text="", location=f"x:{n}") for n in range(1, 15)]
    ids = IdCheck()
    for row in rows:
        ids.add(row)
    with pytest.raises(DataError, match=r"13 of them: 'same' at x:2 and x:1; .*x:11 and x:1; and 3 more\. Mend"):
        ids.finish(lambda: iter(rows))


def test_job_refuses_an_input_that_can_be_read_but_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "in.jsonl")
    with pytest.raises(DataError, match=r"in\.jsonl is no plain file, .* give - as INPUT"):
        run(tmp_path / "in.jsonl", output=tmp_path / "out.jsonl")


def test_job_does_not_read_what_it_writes(tmp_path: Path) -> None:
    run(write_articles(tmp_path / "in.jsonl"), output=f"{tmp_path}/out/")
    before = read_folder(tmp_path / "out")
    with pytest.raises(OutputError, match=r"part-00000\.parquet lies in the job's folder"):
        run(tmp_path / "out" / "part-00000.parquet", output=f"{tmp_path}/out/", resume=False)
    assert read_folder(tmp_path / "out") == before


def test_ids_of_a_file_that_stands_there_twice_are_counted_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Record(id=str(n % 3_000), text="", location=f"in:{n}") for n in range(6_000)]
    check, asked = IdCheck(), []

    def look(found: Iterator[Row], *, suspects: set[int]) -> tuple[list[str], int]:
        asked.append(len(suspects))
        return compare(found, suspects=suspects)

    compare = ids._compare
    monkeypatch.setattr(ids, "_compare", look)
    for row in rows:
        check.add(row)
    with pytest.raises(DataError, match=r"3000 of them: '0' at in:3000 and in:0; .*; and 2990 more"):
        check.finish(lambda: iter(rows))
    assert asked == [1_000]
