"""What a run says: JSON lines in its log, a line per report or a live line for whoever watches."""

import io
import json
from pathlib import Path

from rich.console import Console

from hawadith_training.pretrain.journal import Journal


def test_journal_appends_events_behind_a_torn_line(tmp_path: Path) -> None:
    file = tmp_path / "run" / "log.jsonl"
    with Journal(file) as journal:
        journal.write("start", step=0)
    file.write_text(file.read_text("utf-8") + '{"event": "st')  # as a kill leaves it
    with Journal(file) as journal:
        journal.write("resume", step=5, note="ملاحظة")
    lines = file.read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in (lines[0], lines[2])] == ["start", "resume"]
    assert json.loads(lines[2])["note"] == "ملاحظة"
    assert len(lines) == 3


def test_journal_of_another_process_is_silent(tmp_path: Path) -> None:
    stream = io.StringIO()
    with Journal(tmp_path / "log.jsonl", console=Console(file=stream), enabled=False) as journal:
        journal.write("start")
        journal.say("hello")
        journal.track(done=1, total=2, report="report")
    assert not (tmp_path / "log.jsonl").exists()
    assert stream.getvalue() == ""


def test_journal_shows_reports_alone_where_there_is_no_terminal(tmp_path: Path) -> None:
    stream = io.StringIO()
    with Journal(tmp_path / "log.jsonl", console=Console(file=stream)) as journal:
        journal.track(done=1, total=4)
        journal.track(done=2, total=4, report="loss [5]")
    assert stream.getvalue() == "loss [5]\n"


def test_journal_shows_a_live_line_on_a_terminal(tmp_path: Path) -> None:
    stream = io.StringIO()
    with Journal(tmp_path / "log.jsonl", console=Console(file=stream, force_terminal=True, width=100)) as journal:
        journal.track(done=1, total=4, report="loss 5")
        journal.track(done=2, total=4)
        journal.say("a checkpoint")
    assert "50.0%" in stream.getvalue()
    assert "loss 5" in stream.getvalue()
    assert "a checkpoint" in stream.getvalue()
