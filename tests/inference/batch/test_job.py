"""Jobs: one row out for every row in, in order, whatever is run again and however it is cut."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import KeywordModel
from tests.inference.batch.jobs import build_classifier, read_folder, read_lines, run, write_articles, write_rows

from hawadith.batch.destination import Destination
from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.folder import JobFolder
from hawadith.batch.job import run_job
from hawadith.batch.progress import Progress
from hawadith.classifier import IncidentClassifier
from hawadith.errors import DataError, OutputError
from hawadith.model import ArticleScores
from hawadith.prediction import Prediction
from hawadith.records import Record, Row, RowFault
from hawadith.scoring import cut_shards, score_shard
from hawadith.text.article import PreparedArticle


def test_job_folder_holds_parts_manifest_listing_and_errors(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl", 7)
    result = run(source, output=f"{tmp_path}/out/")
    parts = ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert sorted(read_folder(tmp_path / "out")) == ["errors.jsonl", "inputs.jsonl", "manifest.jsonl", *parts]
    first, *shards, last = read_lines(tmp_path / "out" / "manifest.jsonl")
    assert (first["kind"], last) == ("job", {"kind": "end", "rows": 7, "shards": 3})
    assert [shard["rows"] for shard in shards] == [3, 3, 1]
    assert (result.counts.rows, result.counts.statuses) == (7, {"ok": 6, "parse_error": 1})
    assert result.counts.error_rate == pytest.approx(1 / 7)


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_job_for_a_single_file_leaves_nothing_beside_it_and_replaces_it(tmp_path: Path, name: str) -> None:
    source = write_articles(tmp_path / "in" / "in.jsonl")
    place = tmp_path / "out"
    run(source, output=place / name)
    first = read_folder(place)
    (place / name).write_text("older")
    assert run(source, output=place / name).resumed == 0
    assert read_folder(place) == first
    assert list(first) == [name]


def test_job_for_a_single_file_removes_its_own_strays_alone(tmp_path: Path) -> None:
    (tmp_path / ".o[1].jsonl.job.tmp" / "part").mkdir(parents=True)  # of a process that was killed while it removed it
    (tmp_path / ".o1.jsonl.a.tmp.jsonl").write_text("of another job")
    run(write_articles(tmp_path / "in.jsonl"), output=tmp_path / "o[1].jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".o1.jsonl.a.tmp.jsonl", "in.jsonl", "o[1].jsonl"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_job_counts_the_rows_of_a_single_file_before_it_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    source, output = write_articles(tmp_path / "in.jsonl"), tmp_path / f"out{suffix}"
    complete = Destination.complete

    def alter(destination: Destination, job: JobFolder) -> None:
        part = job.path / f"part-00001{suffix}"
        content = bytearray(part.read_bytes())
        content[content.rindex(b"\n", 0, -1)] = ord(" ")  # a line less, in as many bytes
        part.write_bytes(content)
        complete(destination, job)

    monkeypatch.setattr(Destination, "complete", alter)
    with pytest.raises(OutputError, match=r"its parts hold .* rows, the job has 10"):
        run(source, output=output)
    assert not output.exists()
    monkeypatch.undo()
    run(source, output=output)  # the altered part is scored again
    run(source, output=tmp_path / f"whole{suffix}")
    assert output.read_bytes() == (tmp_path / f"whole{suffix}").read_bytes()


def test_job_outputs_hold_the_same_rows_whatever_the_shards(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    for rows in (1, 4, 100):
        run(source, output=tmp_path / f"{rows}.jsonl", shard_rows=rows)
    assert len({(tmp_path / f"{rows}.jsonl").read_bytes() for rows in (1, 4, 100)}) == 1
    assert [row["id"] for row in read_lines(tmp_path / "1.jsonl")] == [f"a{n}" for n in range(10)]


def test_job_that_fails_before_its_first_shard_leaves_nothing(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}])
    for output in ("out/", "out.jsonl"):
        with pytest.raises(DataError, match=r"came before, 1 of them: 'a' at .*in\.jsonl:2 and .*in\.jsonl:1"):
            run(source, output=f"{tmp_path}/{output}")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_job_refuses_missing_ids_and_numbers_rows_on_request(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [{"text": "x"}, {"id": "", "text": "y"}, {"id": "7", "text": "z"}])
    with pytest.raises(
        DataError, match=r"without an `id`, 2 of them: .*in\.jsonl:1; .*in\.jsonl:2\. .*--id-from ordinal"
    ):
        run(source, output=tmp_path / "out.jsonl")
    run(source, output=tmp_path / "out.jsonl", id_from="ordinal", shard_rows=2)
    assert [row["id"] for row in read_lines(tmp_path / "out.jsonl")] == ["1", "2", "3"]


def test_job_numbers_rows_alike_when_it_goes_on(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl", 8)

    class Dies(KeywordModel):
        def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
            if any("7" in article.text.raw for article in articles):
                raise KeyboardInterrupt
            return super().score(articles)

    with pytest.raises(KeyboardInterrupt):
        run(source, output=tmp_path / "out.jsonl", model=Dies(["لغم"]), id_from="ordinal")
    assert run(source, output=tmp_path / "out.jsonl", id_from="ordinal").resumed == 6
    assert [row["id"] for row in read_lines(tmp_path / "out.jsonl")] == [str(n) for n in range(1, 9)]


def test_job_scores_standard_input_and_knows_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_articles(tmp_path / "in.jsonl").read_bytes()

    def pipe(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    pipe(content)
    assert run(Path("-"), output=f"{tmp_path}/out/").counts.rows == 10
    assert read_lines(tmp_path / "out" / "errors.jsonl")[0]["file"] == "stdin"
    assert not (tmp_path / "out" / ".stdin.jsonl").exists()
    pipe(content)
    assert run(Path("-"), output=f"{tmp_path}/out/").resumed == 10
    pipe(content[:-10])
    with pytest.raises(DataError, match="The input changed under the job: stdin"):
        run(Path("-"), output=f"{tmp_path}/out/")


def test_job_lost_or_altered_part_is_scored_again_and_must_be_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    before = read_folder(tmp_path / "out")
    (tmp_path / "out" / "part-00001.parquet").unlink()
    run(source, output=f"{tmp_path}/out/")
    assert read_folder(tmp_path / "out") == before
    altered = bytearray(before["part-00001.parquet"])
    altered[len(altered) // 2] ^= 1  # of the same size
    (tmp_path / "out" / "part-00001.parquet").write_bytes(altered)
    run(source, output=f"{tmp_path}/out/")
    assert read_folder(tmp_path / "out") == before
    (tmp_path / "out" / "part-00001.parquet").write_bytes(b"torn")
    monkeypatch.setattr(KeywordModel, "rank_sentences", lambda *_, labels: [[] for _ in labels])
    with pytest.raises(OutputError, match="was lost or altered and, scored again, is not the same"):
        run(source, output=f"{tmp_path}/out/")


def test_job_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    before = read_folder(tmp_path / "out")
    temporary = [".part-00003.parquet.a.tmp.parquet", ".inputs.jsonl.a.tmp.jsonl", "..stdin.jsonl.a.tmp.jsonl"]
    for name in [*temporary, "..round.jsonl.a.tmp.jsonl", ".stdin.jsonl", ".lock", "part-00099.parquet"]:
        (tmp_path / "out" / name).write_text("half")
    run(source, output=f"{tmp_path}/out/")
    assert read_folder(tmp_path / "out") == before


def test_job_begun_anew_forgets_what_was_there(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl", 9)
    run(source, output=f"{tmp_path}/out/", shard_rows=1)
    run(source, output=f"{tmp_path}/out/", resume=False)
    run(source, output=f"{tmp_path}/fresh/")
    assert read_folder(tmp_path / "out") == read_folder(tmp_path / "fresh")


@pytest.mark.parametrize(
    "name", ["thesis.txt", "part-00000.parquet", "part-two.docx", ".git", "inputs.jsonl", "errors.jsonl"]
)
@pytest.mark.parametrize("resume", [True, False])
def test_job_refuses_a_folder_that_holds_something_else(tmp_path: Path, name: str, resume: bool) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("years of work")
    with pytest.raises(OutputError, match="scores are not mixed into it"):
        run(write_articles(tmp_path / "in.jsonl"), output=f"{tmp_path}/out/", resume=resume)
    assert read_folder(tmp_path / "out") == {name: b"years of work"}


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_job_unknown_output_lists_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.jsonl, \.csv, \.parquet or /"):
        run(write_articles(tmp_path / "in.jsonl"), output=tmp_path / name)


def test_job_output_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("older")
    with pytest.raises(OutputError, match="is a folder"):
        run(source, output=tmp_path / "folder.csv")
    with pytest.raises(OutputError, match="is a file"):
        run(source, output=f"{tmp_path}/file/")
    with pytest.raises(OutputError, match="Cannot write"):
        run(source, output=tmp_path / "file" / "out.jsonl")


@pytest.mark.parametrize(
    "line", [b'{"kind": "song"}\n', b"[1]\n", b'{"kind": "job", "format_version": 2}\n', b"{}\n", b'{"mine": 1}']
)
def test_job_refuses_a_journal_of_others(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.jsonl").write_bytes(line)
    with pytest.raises(OutputError, match="no journal of this version"):
        run(write_articles(tmp_path / "in.jsonl"), output=f"{tmp_path}/out/")
    assert (tmp_path / "out" / "manifest.jsonl").read_bytes() == line


def test_job_leaves_an_input_alone_that_bears_the_name_of_its_listing(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "inputs.jsonl")
    before = source.read_bytes()
    with pytest.raises(OutputError, match=r"inputs\.jsonl lies in the job's folder"):
        run(source, output=f"{tmp_path}/")
    assert read_folder(tmp_path) == {"inputs.jsonl": before}


def test_job_without_its_listing_does_not_mix_inputs(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    (tmp_path / "out" / "inputs.jsonl").unlink()
    with pytest.raises(OutputError, match=r"inputs\.jsonl is gone"):
        run(source, output=f"{tmp_path}/out/")


@pytest.mark.parametrize("removed", range(8))
def test_job_killed_while_it_forgets_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: int) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    before, unlink, left = read_folder(tmp_path / "out"), Path.unlink, [removed]

    def stop(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent.name == "out" and path.name != ".lock":
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stop)
    with pytest.raises(KeyboardInterrupt):
        run(source, output=f"{tmp_path}/out/", resume=False)
    monkeypatch.undo()
    run(source, output=f"{tmp_path}/out/", resume=removed % 2 == 0)
    assert read_folder(tmp_path / "out") == before


def test_job_of_standard_input_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "no id"}\n')))
    with pytest.raises(DataError, match="without an `id`"):
        run(Path("-"), output=f"{tmp_path}/out/")
    assert not (tmp_path / "out").exists()


def test_job_refuses_errors_that_were_cut(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    (tmp_path / "out" / "errors.jsonl").write_bytes(b"")
    with pytest.raises(OutputError, match=r"errors\.jsonl has 0 bytes.* --no-resume"):
        run(source, output=f"{tmp_path}/out/")
    assert run(source, output=f"{tmp_path}/out/", resume=False).counts.errors == 1


def test_job_of_an_empty_input_gives_an_output_without_rows(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [])
    assert run(source, output=tmp_path / "out.jsonl").counts.error_rate == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_job_says_how_far_it_is(tmp_path: Path) -> None:
    heard: list[Progress] = []
    shown: list[int] = []

    def show(rows: Sequence[Row], predictions: Sequence[Prediction]) -> None:
        shown.append(len(list(zip(rows, predictions, strict=True))))

    run_job(
        [write_articles(tmp_path / "in.jsonl", 7)],
        output=f"{tmp_path}/out/",
        classifier=build_classifier(),
        settings=JobSettings(shard_rows=3),
        report=heard.append,
        on_shard=show,
    )
    assert [(progress.counts.rows, progress.resumed, progress.total) for progress in heard] == [
        (0, 0, 7),
        (3, 0, 7),
        (6, 0, 7),
        (7, 0, 7),
    ]
    assert shown == [0, 3, 3, 1]


words = st.sampled_from(["انفجر لغم", "خبر", "", "سم", "عدم"])
inputs = st.lists(
    st.one_of(words.map(lambda text: {"text": text}), st.sampled_from([7, None, {"text": 5}])), max_size=12
)


@settings(deadline=None, max_examples=12)
@given(inputs, st.integers(1, 5))
def test_job_gives_one_row_for_every_row_in_order(
    tmp_path_factory: pytest.TempPathFactory, values: list[object], shard_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("job")
    rows = [{**value, "id": f"r{n}"} if isinstance(value, dict) else value for n, value in enumerate(values)]
    source = write_rows(folder / "in.jsonl", rows)
    result = run(source, output=folder / "out.jsonl", shard_rows=shard_rows)
    written = read_lines(folder / "out.jsonl")
    assert result.counts.rows == len(written) == len(values)
    named = [row["id"] for row, value in zip(written, values, strict=True) if isinstance(value, dict)]
    assert named == [f"r{n}" for n, value in enumerate(values) if isinstance(value, dict)]
    assert result.counts.errors == sum(row["error"] is not None for row in written)


def test_identical_articles_are_scored_once_within_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    predict = IncidentClassifier.predict

    def count(self: IncidentClassifier, articles: Sequence[Record | str], *, evidence: bool = True) -> list[Prediction]:
        asked.append(len(articles))
        return predict(self, articles, evidence=evidence)

    monkeypatch.setattr(IncidentClassifier, "predict", count)
    shard: list[Row] = [Record(id=str(n), text="انفجر لغم" if n % 2 else "خبر") for n in range(6)]
    shard.append(Record(id="titled", title="خبر", text="انفجر لغم"))
    predictions = score_shard(shard, predictor=build_classifier(), evidence=True)
    assert asked == [3]
    assert [prediction.id for prediction in predictions] == [row.id for row in shard]
    assert [prediction.labels for prediction in predictions] == [(), ("mine",)] * 3 + [("mine",)]


def test_shards_are_bounded_by_characters_as_well_as_rows() -> None:
    rows: list[Row] = [Record(id=str(n), text="x" * size) for n, size in enumerate([5, 5, 5, 30, 1, 1, 1, 1])]
    rows.append(RowFault(id="f", status="parse_error", message="m" * 20, location="x:1"))
    sizes = [len(shard) for shard in cut_shards(rows, max_rows=3, max_characters=12)]
    assert sizes == [3, 1, 3, 2]


def test_model_is_asked_in_bounded_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Counts(KeywordModel):
        def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
            asked.append(len(articles))
            return super().score(articles)

    monkeypatch.setattr("hawadith.scoring._CALL_CHARACTERS", 30)
    shard = [Record(id=str(n), text=f"خبر رقم {n}") for n in range(10)]
    assert len(score_shard(shard, predictor=build_classifier(Counts(["لغم"])), evidence=False)) == 10
    assert len(asked) == 3


def test_predictor_that_loses_rows_is_caught() -> None:
    class Loses:
        def predict(self, articles: Sequence[Record | str], *, evidence: bool = True) -> list[Prediction]:
            return [Prediction(id="x", status="ok", scores={})] if len(articles) == 1 else []

    rows = [Record(id=str(n), text=str(n)) for n in range(3)]
    assert [p.id for p in score_shard(rows, predictor=Loses(), evidence=False)] == ["0", "1", "2"]
