"""An inbox: what arrives is scored once each, whole, through stops, kills and restarts."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pyarrow.parquet as pq
import pytest
from tests.inference.batch.jobs import build_classifier, read_lines, run, write_articles, write_rows

from hawadith.batch.files import measure_file, stat_file
from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.folder import JobFolder
from hawadith.batch.follow import Pace, follow_inbox
from hawadith.batch.inbox import Inbox
from hawadith.batch.job import JobResult
from hawadith.batch.journal import ArrivedFile, Journal
from hawadith.batch.progress import Progress
from hawadith.batch.rounds import take_in
from hawadith.batch.shards import ShardScorer
from hawadith.errors import ConfigError, OutputError
from hawadith.readers import ReadOptions
from hawadith.readers.html import Extractor
from hawadith.readers.reading import read_file
from hawadith.readers.sources import InputFile
from hawadith.records import Record, Row

MINE = "انفجر لغم قرب القرية."


class Stop:
    """Ends a watch after so many looks at which nothing was left to do, or after so many shards; acts before each look."""

    def __init__(
        self, *, looks: int = 2, shards: int = 1_000, before_look: Callable[[int], None] | None = None
    ) -> None:
        self.event = threading.Event()
        self.event.wait = self._wait  # type: ignore[method-assign]
        self._looks = looks
        self._shards = shards
        self._before_look = before_look
        self._seen = 0

    def _wait(self, timeout: float | None = None) -> bool:
        self._seen += 1
        if self._before_look is not None:
            self._before_look(self._seen)
        if self._seen >= self._looks:
            self.event.set()
        return self.event.is_set()

    def hear(self, progress: Progress) -> None:
        """Count a shard."""
        if progress.counts.rows:
            self._shards -= 1
        if self._shards <= 0:
            self.event.set()


def follow(
    inbox: Path, output: Path, *, stop: Stop | None = None, resume: bool = True, id_from: str = "record"
) -> JobResult:
    stop = stop or Stop()
    return follow_inbox(
        inbox,
        output=f"{output}/",
        classifier=build_classifier(),
        settings=JobSettings(shard_rows=3, follows=True, id_from=id_from),  # type: ignore[arg-type]
        pace=Pace(settle=0, poll=0, stop=stop.event),
        resume=resume,
        report=stop.hear,
    )


def read_ids(output: Path) -> list[str]:
    parts = sorted(output.glob("part-*.parquet"))
    return [row["id"] for part in parts for row in pq.read_table(part).to_pylist()]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def test_follow_scores_what_is_there_and_what_arrives(inbox: Path, tmp_path: Path) -> None:
    write_rows(inbox / "a.jsonl", [{"id": "a", "text": MINE}])

    def arrive(look: int) -> None:
        if look == 2:
            (inbox / "b.txt").write_text("خبر", encoding="utf-8")
            write_articles(inbox / "c.jsonl", 7)

    result = follow(inbox, tmp_path / "out", stop=Stop(looks=4, before_look=arrive))
    assert read_ids(tmp_path / "out") == ["a", "b.txt", *(f"a{n}" for n in range(7))]
    assert (result.counts.rows, result.resumed) == (9, 0)
    assert not (tmp_path / "out" / ".round.jsonl").exists()
    [error] = read_lines(tmp_path / "out" / "errors.jsonl")
    assert (error["file"], error["line"]) == (str(inbox / "c.jsonl"), 4)


def test_follow_goes_on_where_it_was_stopped(inbox: Path, tmp_path: Path) -> None:
    write_articles(inbox / "a.jsonl", 10)
    first = follow(inbox, tmp_path / "out", stop=Stop(shards=2))
    assert first.counts.rows == 6
    (inbox / "a.jsonl").unlink()  # taken in already: its fate is nobody's concern any more
    second = follow(inbox, tmp_path / "out")
    assert (second.counts.rows, second.resumed) == (10, 6)
    assert read_ids(tmp_path / "out") == [f"a{n}" for n in range(10)]


def test_follow_leaves_alone_what_a_reader_of_the_output_moved_away(inbox: Path, tmp_path: Path) -> None:
    write_articles(inbox / "a.jsonl", 10)
    follow(inbox, tmp_path / "out", stop=Stop(shards=2), id_from="ordinal")
    (tmp_path / "taken").mkdir()
    (tmp_path / "out" / "part-00000.parquet").rename(tmp_path / "taken" / "part-00000.parquet")
    second = follow(inbox, tmp_path / "out", id_from="ordinal")
    assert (second.counts.rows, second.resumed) == (10, 6)
    assert [*read_ids(tmp_path / "taken"), *read_ids(tmp_path / "out")] == [str(n) for n in range(1, 11)]


def test_follow_that_fails_in_its_first_shard_keeps_what_it_took_in(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(inbox / "a.jsonl", 2)

    def fail(*_: object, **__: object) -> None:
        raise OutputError("no space left")

    monkeypatch.setattr(JobFolder, "commit", fail)
    with pytest.raises(OutputError, match="no space left"):
        follow(inbox, tmp_path / "out")
    monkeypatch.undo()
    (inbox / "a.jsonl").unlink()  # taken in already
    assert follow(inbox, tmp_path / "out").counts.rows == 2


def test_follow_stops_between_two_files_that_it_takes_in(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        write_rows(inbox / f"{name}.jsonl", [{"id": name, "text": MINE}])
    stop, read = Stop(looks=100), []

    def stop_then_read(file: InputFile, *, options: ReadOptions, extractor: Extractor) -> Iterator[Row]:
        read.append(file.name)
        stop.event.set()
        return read_file(file, options=options, extractor=extractor)

    monkeypatch.setattr("hawadith.batch.follow.read_file", stop_then_read)
    assert follow(inbox, tmp_path / "out", stop=stop).counts.rows == 0
    assert read == ["a.jsonl"]
    monkeypatch.undo()
    assert follow(inbox, tmp_path / "out").counts.rows == 3
    assert read_ids(tmp_path / "out") == ["a", "b", "c"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_follow_tells_names_apart_that_are_no_text(inbox: Path, tmp_path: Path) -> None:
    for name in (b"a\xfe.jsonl", b"a\xff.jsonl"):
        write_rows(inbox / os.fsdecode(name), [{"id": repr(name), "text": MINE}])
    assert follow(inbox, tmp_path / "out", stop=Stop(looks=4)).counts.rows == 2
    assert follow(inbox, tmp_path / "out").counts.rows == 2


def test_follow_scores_nothing_twice(inbox: Path, tmp_path: Path) -> None:
    write_articles(inbox / "a.jsonl", 4)
    follow(inbox, tmp_path / "out")
    os.utime(inbox / "a.jsonl", (1, 1))
    assert follow(inbox, tmp_path / "out", stop=Stop(looks=3)).counts.rows == 4


def test_follow_takes_other_content_under_a_known_name_as_a_new_arrival(inbox: Path, tmp_path: Path) -> None:
    write_rows(inbox / "a.jsonl", [{"id": "monday", "text": "x"}])

    def replace(look: int) -> None:
        if look == 1:
            write_rows(inbox / "a.jsonl", [{"id": "friday", "text": "x"}])

    follow(inbox, tmp_path / "out", stop=Stop(looks=3, before_look=replace))
    assert read_ids(tmp_path / "out") == ["monday", "friday"]


def test_follow_file_whose_ids_cannot_serve_costs_itself_alone(inbox: Path, tmp_path: Path) -> None:
    write_rows(inbox / "a.jsonl", [{"id": "same", "text": "x"}, {"id": "same", "text": "y"}])
    write_rows(inbox / "b.jsonl", [{"id": "good", "text": MINE}])
    (inbox / "c.csv").write_text("no,such,column\n1,2,3\n")
    follow(inbox, tmp_path / "out")
    assert read_ids(tmp_path / "out") == ["a.jsonl", "good", "c.csv"]
    first, second = read_lines(tmp_path / "out" / "errors.jsonl")
    assert "came before" in str(first["error"])
    assert "no column `text`" in str(second["error"])


def test_follow_numbers_rows_through_all_arrivals(inbox: Path, tmp_path: Path) -> None:
    write_rows(inbox / "a.jsonl", [{"text": str(n)} for n in range(4)])
    follow(inbox, tmp_path / "out", id_from="ordinal")
    write_rows(inbox / "b.jsonl", [{"text": str(n)} for n in range(2)])
    follow(inbox, tmp_path / "out", id_from="ordinal")
    assert read_ids(tmp_path / "out") == ["1", "2", "3", "4", "5", "6"]


def test_follow_begun_anew_scores_the_inbox_again(inbox: Path, tmp_path: Path) -> None:
    write_articles(inbox / "a.jsonl", 4)
    follow(inbox, tmp_path / "out")
    assert follow(inbox, tmp_path / "out", resume=False).resumed == 0
    assert len(read_ids(tmp_path / "out")) == 4


def test_follow_refuses_the_folder_of_a_job_that_does_not_follow(inbox: Path, tmp_path: Path) -> None:
    write_articles(inbox / "a.jsonl", 4)
    run(inbox, output=f"{tmp_path}/out/")
    with pytest.raises(OutputError, match="follows: False → True"):
        follow(inbox, tmp_path / "out")


def test_follow_without_the_copy_of_what_it_took_in_says_so(inbox: Path, tmp_path: Path) -> None:
    write_articles(inbox / "a.jsonl", 7)
    follow(inbox, tmp_path / "out", stop=Stop(shards=1))
    (tmp_path / "out" / ".round.jsonl").unlink()
    with pytest.raises(OutputError, match="4 rows of it were not scored"):
        follow(inbox, tmp_path / "out")


@pytest.mark.parametrize(("source", "output"), [("inbox", "out.jsonl"), ("nothing", "out/")])
def test_follow_needs_two_folders(inbox: Path, tmp_path: Path, source: str, output: str) -> None:
    with pytest.raises(ConfigError, match="--follow watches a folder and writes a folder"):
        follow_inbox(
            inbox.with_name(source),
            output=f"{tmp_path}/{output}",
            classifier=build_classifier(),
            settings=JobSettings(follows=True),
            pace=Pace(stop=threading.Event()),
        )


class Killed(BaseException):
    """Stands for the end of the process: nothing behind it runs but `finally`."""


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [(Journal, "add_round", 1), (ShardScorer, "score_missing", 1), (Journal, "add_shard", 2), (Path, "unlink", 1)],
)
def test_follow_broken_off_at_any_point_scores_every_row_once(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, call: int
) -> None:
    write_articles(inbox / "a.jsonl", 7)
    write_rows(inbox / "b.jsonl", [{"id": "b", "text": MINE}])
    original = getattr(owner, name)
    calls = iter(range(1, 1_000))

    def die(*args: object, **kwargs: object) -> object:
        if (name != "unlink" or str(args[0]).endswith(".round.jsonl")) and next(calls) == call:
            raise Killed
        return original(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die)
        with pytest.raises(Killed):
            follow(inbox, tmp_path / "out")
    follow(inbox, tmp_path / "out")
    assert Counter(read_ids(tmp_path / "out")) == Counter([*(f"a{n}" for n in range(7)), "b"])


def test_inbox_waits_until_a_file_has_settled(inbox: Path) -> None:
    watched = Inbox(inbox, settle=2)
    assert watched.look(now=0) == []
    (inbox / "a.txt").write_text("one")
    (inbox / "b.txt.part").write_text("one")
    assert watched.look(now=10) == []
    (inbox / "a.txt").write_text("one and two")
    assert watched.look(now=12) == []
    assert watched.look(now=13) == []
    assert [file.name for file in watched.look(now=14)] == ["a.txt"]


def test_inbox_knows_a_file_by_name_and_bytes(inbox: Path) -> None:
    (inbox / "a.txt").write_text("one")
    watched = Inbox(inbox, settle=0)
    [file] = watched.look(now=0)
    size, mtime_ns = stat_file(file)
    watched.know([ArrivedFile(name="a.txt", size=size, mtime_ns=mtime_ns, sha256=measure_file(file)[1])])
    assert watched.look(now=1) == []
    os.utime(inbox / "a.txt", (1, 1))
    assert watched.look(now=2) == []
    (inbox / "a.txt").write_text("two")
    assert [file.name for file in watched.look(now=3)] == ["a.txt"]


def test_take_in_leaves_a_file_that_is_written_to(inbox: Path) -> None:
    (inbox / "a.txt").write_text("one")
    (inbox / "b.txt").write_text("two")
    files = [
        InputFile(path=inbox / name, name=name, kind="text", within=True) for name in ("a.txt", "b.txt", "gone.txt")
    ]

    def read(file: InputFile) -> Iterator[Row]:
        if file.name == "a.txt":
            (inbox / "a.txt").write_text("one and more")
        yield Record(id=file.name, text=file.path.read_text())

    intake = take_in(files, copy=inbox / "copy", read=read, check_ids=True)
    assert [file.name for file in intake.files] == ["b.txt"]
    assert [row["id"] for row in read_lines(inbox / "copy")] == ["b.txt"]


def test_follow_command_ends_in_order_on_a_signal(inbox: Path, tmp_path: Path) -> None:
    write_rows(inbox / "a.jsonl", [{"id": "a", "text": MINE}])
    program = Path(sys.executable).parent / "hawadith"
    command = [str(program), "score", str(inbox), "--follow", "--settle", "0", "--output", f"{tmp_path}/out/"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = monotonic() + 60
    while not list(tmp_path.glob("out/part-*.parquet")) and monotonic() < deadline:
        sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "1 rows, in" in errors
    assert read_ids(tmp_path / "out") == ["a"]
    assert not (tmp_path / "out" / ".lock").exists()
