"""The package's sentences: complete, of their own wording, and refused with every fault where a file is laid out wrongly."""

from pathlib import Path

import pytest
from tests.builders import CONFIGS

from hawadith.errors import ConfigError
from hawadith.typology import load_typology
from hawadith_evaluation.robustness.wording import load_sentences, load_wording


def test_every_default_label_has_several_report_sentences() -> None:
    sentences = load_sentences()
    assert set(load_typology(CONFIGS / "typology.yaml").ids) < set(sentences)
    assert all(len(reports) >= 4 for reports in sentences.values())


def test_sentences_are_all_different_and_end_as_sentences_do() -> None:
    texts = [
        text
        for reports in load_sentences().values()
        for report in reports
        for text in (report.report, report.negated, report.rumour, report.exercise)
    ]
    assert len(set(texts)) == len(texts)
    assert all(text.endswith(".") and text.count(".") == 1 for text in texts)


def test_page_wording_is_complete() -> None:
    wording = load_wording()
    assert min(len(wording.buttons), len(wording.link_headers), len(wording.headlines)) >= 5
    assert len(wording.incident_headlines) >= 3


def test_own_sentences_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sentences.yaml"
    path.write_text("floods:\n  - {report: أ, negated: ب, rumour: ج, exercise: د}\n", encoding="utf-8")
    [report] = load_sentences(path)["floods"]
    assert (report.report, report.exercise) == ("أ", "د")


def test_wrong_sentences_are_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "sentences.yaml"
    path.write_text("floods:\n  - {report: أ, negatd: ب, rumour: ج}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"(?s)sentences\.yaml does not fit.*negated.*exercise.*negatd"):
        load_sentences(path)
