"""TSV: a quote opens nothing, and what a spreadsheet quoted is what it was before."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.readers.tabs import cut_tabs

plain = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('قال "نعم" ومضى', 'قال "نعم" ومضى'),
        ('"قال نعم ومضى', '"قال نعم ومضى'),
        ('قال نعم ومضى"', 'قال نعم ومضى"'),
        ('"', '"'),
        ('"نعم" ثم "لا"', '"نعم" ثم "لا"'),
        ('"قال ""نعم"" ومضى"', 'قال "نعم" ومضى'),
        ('"""نعم"" قال"', '"نعم" قال'),
        ('""', ""),
        ('"1"', "1"),
        (r'"a \"b\" c"', r'"a \"b\" c"'),
    ],
)
def test_cut_tabs_takes_off_the_quotes_that_a_writer_put_on(cell: str, expected: str) -> None:
    assert cut_tabs(f"7\t{cell}\t1\n") == ["7", expected, "1"]


@pytest.mark.parametrize(("line", "cells"), [("\n", []), ("\r\n", []), ("a\t\r\n", ["a", ""]), ("\ta", ["", "a"])])
def test_cut_tabs_ends_rows_at_line_ends(line: str, cells: list[str]) -> None:
    assert cut_tabs(line) == cells


@given(st.lists(plain, min_size=2))
def test_cut_tabs_reads_what_a_writer_of_csv_wrote(cells: list[str]) -> None:
    sink = io.StringIO()
    csv.writer(sink, delimiter="\t").writerow(cells)
    assert cut_tabs(sink.getvalue()) == cells


@given(st.lists(plain.filter(lambda cell: '"' not in cell), min_size=2), st.integers(0, 20))
def test_cut_tabs_keeps_a_lone_quote_wherever_it_stands(cells: list[str], place: int) -> None:
    quoted = [*cells[:-1], cells[-1][:place] + '"' + cells[-1][place:]]
    assert cut_tabs("\t".join(quoted)) == quoted
