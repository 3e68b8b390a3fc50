"""Web pages: the article is found in a child process that no page can hang or crash for good."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hawadith.errors import MissingExtraError
from hawadith.readers import ReadOptions, read_rows
from hawadith.readers.extraction import serve
from hawadith.readers.html import ArticleExtractor, Page
from hawadith.readers.pipes import receive, send
from hawadith.records import Record, RowFault

PARAGRAPHS = "".join(
    f"<p>{text}</p>"
    for text in (
        "انفجر لغم أرضي صباح الأربعاء قرب بلدة وادي الزهر، فأصيب راعيان بجروح ونقلا إلى المستشفى القريب.",
        "وقال شهود من أهل البلدة إن الحقل لم يُطهَّر منذ سنوات، وإن لافتات التحذير أزيلت من حوله في الشتاء.",
        "وتعمل فرق متخصصة في المنطقة على مسح الأراضي الزراعية قبل موسم الحصاد الذي يبدأ بعد أسابيع قليلة.",
    )
)
PAGE = f"""<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>إصابة راعيين بانفجار لغم</title>
<meta property="article:published_time" content="2024-05-31T08:00:00Z"></head>
<body><nav><a href="/">الرئيسية</a></nav><article><h1>إصابة راعيين بانفجار لغم</h1>{PARAGRAPHS}</article></body></html>"""
HANGING = "<html><body>" + "<p>" * 100_000


def test_read_html_finds_title_text_and_date(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page.html").write_text(PAGE, encoding="utf-8")
    (row,) = read_rows(tmp_path)
    assert isinstance(row, Record)
    assert (row.id, row.title, row.date) == ("sub/page.html", "إصابة راعيين بانفجار لغم", "2024-05-31")
    assert "انفجر لغم أرضي صباح الأربعاء" in row.text
    assert "الرئيسية" not in row.text


def test_read_html_hostile_pages_cost_themselves_alone(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HANGING, encoding="utf-8")
    (tmp_path / "b.html").write_text("<div>" * 2000, encoding="utf-8")
    (tmp_path / "c.html").write_text("", encoding="utf-8")
    (tmp_path / "d.html").write_text(PAGE + " " * 300_000, encoding="utf-8")
    (tmp_path / "e.htm").write_text(PAGE, encoding="utf-8")
    options = ReadOptions(extract_timeout=1.0, max_html_bytes=300_100)
    started = time.monotonic()
    rows = list(read_rows(tmp_path, options=options))
    assert time.monotonic() - started < 15
    statuses = [row.status if isinstance(row, RowFault) else "ok" for row in rows]
    assert statuses == ["extract_timeout", "extract_empty", "extract_empty", "too_large", "ok"]


def test_serve_answers_page_by_page() -> None:
    requests, answers = io.BytesIO(), io.BytesIO()
    for page in (PAGE, ""):
        send(requests, page.encode())
    requests.seek(0)
    serve(requests, answers, seconds=60)
    answers.seek(0)
    ready, found, nothing = (json.loads(receive(answers) or b"") for _ in range(3))
    assert (ready, nothing) == ({}, {})
    assert found["date"] == "2024-05-31"
    assert receive(answers) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_extractor_loses_no_page_to_a_signal_that_stops_the_job(number: signal.Signals) -> None:
    with ArticleExtractor(timeout=10) as extractor:
        assert isinstance(extractor.extract(PAGE.encode()), Page)
        assert extractor._process is not None
        assert os.getpgid(extractor._process.pid) != os.getpgid(0)
        os.kill(extractor._process.pid, number)
        assert isinstance(extractor.extract(PAGE.encode()), Page)


def test_extractor_reuses_its_process_and_ends_it() -> None:
    with ArticleExtractor(timeout=10) as extractor:
        assert isinstance(extractor.extract(PAGE.encode()), Page)
        first = extractor._process
        assert isinstance(extractor.extract(PAGE.encode("windows-1256", "ignore")), Page)
        assert extractor._process is first
    assert first is not None
    assert first.returncode is not None


def test_extractor_starts_again_after_a_crash() -> None:
    with ArticleExtractor(timeout=10) as extractor:
        extractor.extract(b"")
        assert extractor._process is not None
        extractor._process.kill()
        assert extractor.extract(PAGE.encode()) == "crash"
        assert isinstance(extractor.extract(PAGE.encode()), Page)


def test_read_html_reports_a_crash_as_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ArticleExtractor, "extract", lambda *_: "crash")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (fault,) = read_rows(tmp_path / "a.html")
    assert isinstance(fault, RowFault)
    assert fault.status == "error"


def test_extractor_ignores_modules_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trafilatura.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with ArticleExtractor(timeout=10) as extractor:
        assert isinstance(extractor.extract(PAGE.encode()), Page)


def test_extractor_says_how_to_install_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ImportError('no lxml_html_clean')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ArticleExtractor(timeout=10) as extractor, pytest.raises(MissingExtraError, match="no lxml_html_clean"):
        extractor.extract(PAGE.encode())


def test_extractor_says_when_its_process_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with ArticleExtractor(timeout=10) as extractor, pytest.raises(MissingExtraError, match="did not start"):
        extractor.extract(PAGE.encode())


def test_extraction_process_ends_itself_when_nobody_is_left_to_kill_it() -> None:
    command = [sys.executable, "-P", "-m", "hawadith.readers.extraction", "0.5"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        assert receive(process.stdout) == b"{}"
        send(process.stdin, HANGING.encode())
        assert process.wait(timeout=5) != 0
