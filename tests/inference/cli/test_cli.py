"""The command line: rows to the output, figures to standard error, deliberate errors as one message."""

import json
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import KeywordModel, build_bundle
from typer.testing import CliRunner

from hawadith import cli
from hawadith.bundle import write_json
from hawadith.bundle_files import FileEntry
from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app, main
from hawadith.cli.visible import visible
from hawadith.drift.figures import StreamFigures
from hawadith.drift.reference import REFERENCE, describe_figures
from hawadith.errors import BundleError, DataError, OutputError

ARTICLES = [
    {"id": "a", "title": "عنوان", "text": "انفجر لغم قرب القرية. وعاد الناس."},
    {"id": "b", "text": "خبر عادي \u001b[31m[red]"},
    {"id": "c", "text": None},
]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    classifier = IncidentClassifier(build_bundle("mine"), model=KeywordModel(["لغم"]))
    monkeypatch.setattr(IncidentClassifier, "load", lambda _: classifier)
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ARTICLES), encoding="utf-8")
    return path


def test_score_writes_a_row_for_every_row_and_sums_up(source: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(build_app(), ["score", str(source), "--output", str(tmp_path / "out.jsonl")])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["status"]) for row in rows] == [("a", "ok"), ("b", "ok"), ("c", "parse_error")]
    assert rows[0]["evidence"][0]["text"] == "انفجر لغم قرب القرية."
    assert "3 rows, in" in result.stderr
    assert "mine 1" in result.stderr
    assert result.stdout == ""


def test_score_without_output_prints_a_table(source: Path) -> None:
    result = CliRunner().invoke(build_app(), ["score", str(source)])
    assert result.exit_code == 0, result.output
    assert "0.98" in result.stdout
    assert "parse_error" in result.stdout
    assert "In 1 further articles the model found none" in result.stdout


def test_score_to_standard_output_holds_json_lines_alone(source: Path) -> None:
    result = CliRunner().invoke(build_app(), ["score", str(source), "--output", "-", "--no-evidence"])
    assert [json.loads(line)["evidence"] for line in result.stdout.splitlines()] == [[], [], []]


def test_score_takes_several_inputs_in_order(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    more = source.with_name("more.jsonl")
    more.write_text('{"id": "d", "text": "خبر"}')
    CliRunner().invoke(build_app(), ["score", str(more), str(source), "--output", str(out), "--shard-rows", "2"])
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["d", "a", "b", "c"]


@pytest.mark.parametrize("output", ["out.jsonl", "-"])
def test_score_refuses_repeated_ids_and_says_the_way_out(source: Path, tmp_path: Path, output: str) -> None:
    place = output if output == "-" else str(tmp_path / "out" / output)
    arguments = ["score", str(source), str(source), "--output", place]
    refused = CliRunner().invoke(build_app(), arguments)
    assert isinstance(refused.exception, DataError)
    assert "--id-from ordinal" in str(refused.exception)
    assert refused.stdout == ""
    numbered = CliRunner().invoke(build_app(), [*arguments, "--id-from", "ordinal"])
    lines = (numbered.stdout if output == "-" else Path(place).read_text("utf-8")).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(("rate", "code"), [("0.2", 1), ("0.4", 0)])
def test_score_exit_code_says_whether_too_many_rows_failed(source: Path, tmp_path: Path, rate: str, code: int) -> None:
    arguments = ["score", str(source), "--output", str(tmp_path / "out.csv"), "--max-error-rate", rate]
    assert CliRunner().invoke(build_app(), arguments).exit_code == code
    assert (tmp_path / "out.csv").exists()


def test_score_says_what_an_earlier_run_did(source: Path, tmp_path: Path) -> None:
    arguments = ["score", str(source), "--output", f"{tmp_path}/out/"]
    CliRunner().invoke(build_app(), arguments)
    again = CliRunner().invoke(build_app(), arguments)
    assert "3 rows, 3 of them by an earlier run, in" in again.stderr


@pytest.mark.parametrize("name", ["articles.jsonl", "scores/out.jsonl"])
def test_score_does_not_write_over_or_into_its_input(source: Path, name: str) -> None:
    before = source.read_bytes()
    place = source if "scores" not in name else source.parent
    result = CliRunner().invoke(build_app(), ["score", str(place), "--output", str(source.parent / name)])
    assert isinstance(result.exception, OutputError)
    assert source.read_bytes() == before


def test_score_reads_csv_in_the_encoding_that_it_is_told(source: Path, tmp_path: Path) -> None:
    table = tmp_path / "in" / "articles.csv"
    table.parent.mkdir()
    table.write_bytes("id,text\na,انفجر لغم\n".encode("windows-1256"))
    arguments = ["score", str(table), "--output", "-", "--encoding", "windows-1256"]
    assert json.loads(CliRunner().invoke(build_app(), arguments).stdout)["labels"] == ["mine"]


def test_score_says_how_the_articles_differ_from_those_of_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = build_bundle("mine")
    reference = StreamFigures(
        articles=1_000, labels={"mine": 10}, scores={"mine": [1_000, *[0] * 11]}, lengths=[0, 1_000, *[0] * 14]
    )
    write_json(tmp_path / REFERENCE, describe_figures(reference))
    manifest = replace(bundle.manifest, files={REFERENCE: FileEntry(size=1, sha256="0")})
    bundle = replace(bundle, path=tmp_path, manifest=manifest)
    monkeypatch.setattr(IncidentClassifier, "load", lambda _: IncidentClassifier(bundle, model=KeywordModel(["لغم"])))
    source = tmp_path / "in.jsonl"
    source.write_text("".join(f'{{"id": "{n}", "text": "Explosion: لغم {n}"}}\n' for n in range(300)), encoding="utf-8")
    for output in ([], ["--output", str(tmp_path / "out.csv")], ["--output", "-"]):
        result = CliRunner().invoke(build_app(), ["score", str(source), *output])
        assert "drift: Mine is given to 100.0% of the articles (before: 1.0%)" in result.stderr
        assert "drift: 100.0% of the articles are mostly not in Arabic" in result.stderr
        assert "drift" not in result.stdout


def test_score_looks_at_the_reference_before_it_scores(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = build_bundle("mine")
    manifest = replace(bundle.manifest, files={REFERENCE: FileEntry(size=1, sha256="0")})
    bundle = replace(bundle, path=tmp_path / "gone", manifest=manifest)
    monkeypatch.setattr(IncidentClassifier, "load", lambda _: IncidentClassifier(bundle, model=KeywordModel(["لغم"])))
    result = CliRunner().invoke(build_app(), ["score", str(source), "--output", str(tmp_path / "out.csv")])
    assert isinstance(result.exception, BundleError)
    assert not (tmp_path / "out.csv").exists()


def test_explain_writes_a_page(source: Path, tmp_path: Path) -> None:
    page = tmp_path / "build" / "review.html"
    result = CliRunner().invoke(build_app(), ["explain", str(source), "--output", str(page)])
    assert result.exit_code == 0, result.output
    assert "انفجر لغم قرب القرية." in page.read_text("utf-8")


def test_deliberate_error_is_one_message_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["hawadith", "score", "x.jsonl", "--model", "no/such/bundle"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    message = capsys.readouterr().err
    assert message.startswith("BundleError: no/such/bundle")
    assert "Traceback" not in message


def test_deliberate_error_shows_hostile_names_as_escapes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["hawadith", "score", "\x1b[2J[red]\u202e.jsonl"])
    with pytest.raises(SystemExit):
        main()
    assert "\\u001b[2J[red]\\u202e.jsonl does not exist" in capsys.readouterr().err


def test_warning_shows_hostile_text_as_escapes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def warn() -> None:
        logging.getLogger("hawadith.readers").warning("%s was left out.", "\x1b[2J\u202e.jsonl")

    monkeypatch.setattr(cli, "build_app", lambda: warn)
    main()
    assert capsys.readouterr().err == "\\u001b[2J\\u202e.jsonl was left out.\n"
    assert logging.getLogger("hawadith").handlers == []


def test_program_lists_the_commands_of_all_packages() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "hawadith", "--help"], capture_output=True, text=True, check=True
    )
    assert all(name in done.stdout for name in ("score", "explain", "train", "evaluate", "data"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[bold]x[/]", "[bold]x[/]"),
        ("a\u001b[31mb", "a\\u001b[31mb"),
        ("\u202eabc", "\\u202eabc"),
        ("سطر\nآخر", "سطر\nآخر"),
    ],
)
def test_visible_makes_hostile_text_harmless(text: str, expected: str) -> None:
    assert visible(text).plain == expected
