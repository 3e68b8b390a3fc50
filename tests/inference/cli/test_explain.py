"""The review page's command: what it leaves out it says, what it reads it keeps."""

import json
from pathlib import Path

import pytest
from tests.builders import KeywordModel, build_bundle
from typer.testing import CliRunner

from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app
from hawadith.errors import OutputError


@pytest.fixture(autouse=True)
def _classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = IncidentClassifier(build_bundle("mine"), model=KeywordModel(["لغم"]))
    monkeypatch.setattr(IncidentClassifier, "load", lambda _: classifier)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps({"id": id_, "text": f"خبر {id_}"}) + "\n" for id_ in "abc"), encoding="utf-8")
    return path


@pytest.mark.parametrize(("limit", "says"), [(2, True), (3, False), (500, False)])
def test_explain_says_when_rows_are_left_out(source: Path, tmp_path: Path, limit: int, says: bool) -> None:
    page = tmp_path / "page.html"
    result = CliRunner().invoke(build_app(), ["explain", str(source), "--output", str(page), "--limit", str(limit)])
    assert result.exit_code == 0, result.output
    assert ("The first 2 rows are on the page, further ones are not" in result.stderr) == says
    assert ("خبر c" in page.read_text("utf-8")) == (not says)
    assert result.stdout.strip() == str(page)


def test_explain_reads_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_bytes("انفجر لغم قرب القرية.".encode("windows-1256"))
    page = tmp_path / "page.html"
    arguments = ["explain", str(tmp_path / "news.txt"), "--output", str(page), "--encoding", "windows-1256"]
    result = CliRunner().invoke(build_app(), arguments)
    assert result.exit_code == 0, result.output
    assert "انفجر لغم قرب القرية." in page.read_text("utf-8")


def test_explain_writes_over_no_input(tmp_path: Path) -> None:
    article = tmp_path / "news.html"
    article.write_text("<p>خبر</p>", encoding="utf-8")
    result = CliRunner().invoke(build_app(), ["explain", str(article), "--output", str(article)])
    assert isinstance(result.exception, OutputError)
    assert article.read_text("utf-8") == "<p>خبر</p>"
