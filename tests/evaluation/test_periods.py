"""Dates: what is plainly year first is read, everything else is undated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith_evaluation.periods import UNDATED, read_month, read_year


@pytest.mark.parametrize(
    "date",
    [
        "2024-05-03",
        " 2024-05-03 ",
        "2024-05",
        "2024/5/3",
        "2024.05.03",
        "20240503",
        "2024-05-03T10:00:00Z",
        "2024-05-03 10:00\n",
        "٢٠٢٤-٠٥-٠٣",
    ],
)
def test_month_is_read_of_dates_that_begin_with_the_year(date: str) -> None:
    assert read_month(date) == "2024-05"
    assert read_year(date) == "2024"


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "03/05/2024",
        "3 مايو 2024",
        "2024",
        "2024-13-01",
        "2024-00",
        "2024-05-32",
        "2024-05/03",
        "1714694400",
        "20241303",
        "0001-05-03",
        "3024-05-03",
        "2024-05-03x",
        "202405",
    ],
)
def test_month_of_anything_else_is_undated(date: str | None) -> None:
    assert read_month(date) == UNDATED
    assert read_year(date) == UNDATED


@given(date=st.dates())
def test_month_of_every_iso_date_is_its_first_seven_characters(date: object) -> None:
    text = str(date)
    assert read_month(text) == (text[:7] if "1900" <= text[:4] <= "2100" else UNDATED)


@given(text=st.text())
def test_month_never_raises(text: str) -> None:
    read_month(text)
