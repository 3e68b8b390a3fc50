"""Characters that steer rendering are named, and nothing else is touched."""

import sys
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.inference.explain.reading import INK

from hawadith.explain.visible import Run, spell_out, split_runs

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
WHITE_SPACE = set("\t\n")


def _restore(run: Run) -> str:
    return run.text or chr(int(run.code.removeprefix("U+"), 16))


def test_runs_name_every_character_that_steers_rendering() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    passed = "".join(run.text for run in split_runs(every))
    assert {c for c in passed if unicodedata.category(c) in STEERING} == INK | WHITE_SPACE


def test_runs_leave_written_language_alone() -> None:
    text = "قُتِلَ ٣ مـدنيين، ﷺ ۝ «نقلًا عن AFP» 👍🏽 ❤️ کوردی é — 3.14%"
    assert [run.text for run in split_runs(text)] == [text]


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec=None) | st.sampled_from("\u202e\u200f\r\n\x1b\ud800ا")))
def test_runs_are_the_whole_text(text: str) -> None:
    assert "".join(map(_restore, split_runs(text))) == text


def test_runs_tell_what_misleads_from_what_is_common() -> None:
    kinds = {run.code: run.kind for run in split_runs("\u202e\u2066\x1b\ud800\u2028\u200f\u200b\ufeff\r")}
    assert {code for code, kind in kinds.items() if kind == "quiet"} == {"U+200F", "U+200B", "U+FEFF"}
    assert {code for code, kind in kinds.items() if kind == "return"} == {"U+000D"}


def test_spelled_out_text_holds_no_steering_character() -> None:
    assert spell_out("أ\u202eب\ud800") == "أ[U+202E]ب[U+D800]"
