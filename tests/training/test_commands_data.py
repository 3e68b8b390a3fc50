"""`hawadith data`: exit codes, files and what is printed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hawadith.errors import OutputError
from hawadith_training.commands_data import app

STORY = "أصيب راع صباح اليوم في انفجار لغم أرضي قرب القرية القديمة ونقل إلى المستشفى القريب من البلدة"


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_check_exits_1_on_leaks_and_writes_json(tmp_path: Path) -> None:
    train = write(
        tmp_path / "train.jsonl", {"id": "a", "text": STORY, "labels": ["mine"]}, {"id": "x\u202e", "text": 5}
    )
    dev = write(tmp_path / "dev.jsonl", {"id": "b", "text": STORY})
    result = CliRunner().invoke(app, ["check", str(train), str(dev), "--json", str(tmp_path / "found.json")])
    assert result.exit_code == 1
    assert "Leaks: 1 pairs, 1 groups. Label conflicts: 1 pairs." in result.output
    assert "`text` is int" in result.output
    assert json.loads((tmp_path / "found.json").read_bytes())["n_leaks"] == 1


def test_check_exits_0_without_leaks_and_lists_as_many_as_asked(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": f"r{n}\u202e", "text": STORY} for n in range(9)]
    rows += [{"text": None}] * 9
    result = CliRunner().invoke(app, ["check", str(write(tmp_path / "a.jsonl", *rows)), "--show", "3"])
    assert result.exit_code == 0
    assert "The same story twice in one input (3 of 8)" in result.output
    assert "and 6 more bad rows" in result.output
    assert "\u202e" not in result.output


def test_split_writes_parts_and_prints_counts(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": n,
            "text": f"{n} {n * 7} {n * 11} {n * 13}",
            "labels": ["mine"] if n % 4 == 0 else [],
            "date": f"20{n:02}-01-01",
        }
        for n in range(10, 50)
    ]
    source = write(tmp_path / "in.jsonl", *rows)
    arguments = ["split", str(source), "--output", str(tmp_path / "out"), "--parts", "train=3,test=1"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert [len((tmp_path / "out" / f"{name}.jsonl").read_bytes().splitlines()) for name in ("train", "test")] == [
        30,
        10,
    ]
    counts = next(line.split() for line in result.output.splitlines() if "mine" in line)
    assert sorted(map(int, counts[1:])) in ([2, 8], [3, 7])
    assert CliRunner().invoke(app, [*arguments, "--before", "2045-01-01"]).exit_code == 0
    assert len((tmp_path / "out" / "test.jsonl").read_bytes().splitlines()) == 5


def annotate(tmp_path: Path, *more: str, output: str = "out.jsonl") -> Result:
    """Two articles, of which one is annotated, and an annotation whose article is not there."""
    articles = write(tmp_path / "in.jsonl", {"id": "x", "text": STORY}, {"id": "y", "text": STORY})
    known = write(tmp_path / "known.jsonl", {"id": "x", "labels": ["mine"]}, {"id": "z\u202e", "labels": []})
    arguments = ["annotate", str(articles), "--annotations", str(known), "--output", str(tmp_path / output)]
    return CliRunner().invoke(app, [*arguments, *more])


def test_annotate_writes_articles_and_says_what_it_found(tmp_path: Path) -> None:
    result = annotate(tmp_path)
    assert result.exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [(row["id"], row.get("labels")) for row in rows] == [("x", ["mine"]), ("y", None)]
    assert "1 of 2 annotated articles found" in result.output
    assert "Not found: z" in result.output
    assert "\u202e" not in result.output


def test_annotate_can_write_the_annotated_alone_and_ask_for_all_of_them(tmp_path: Path) -> None:
    result = annotate(tmp_path, "--only-annotated", "--require-all")
    assert result.exit_code == 1
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 1


@pytest.mark.parametrize(
    ("output", "named"),
    [("in.jsonl", "would write over"), ("known.jsonl", "would write over"), ("a.csv", "name it a.jsonl")],
)
def test_annotate_refuses_outputs_that_harm_or_that_nobody_could_read(tmp_path: Path, output: str, named: str) -> None:
    result = annotate(tmp_path, output=output)
    assert isinstance(result.exception, OutputError)
    assert named in str(result.exception)
    assert (tmp_path / "in.jsonl").read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("module", ["numpy", "rich.table", "hawadith.readers", "hawadith_evaluation"])
def test_commands_data_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, hawadith_training.commands_data; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
