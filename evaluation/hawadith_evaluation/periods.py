"""When an article appeared, as far as its date can be read: the month for counts, the year for slices.

Dates come as their collections wrote them. Only forms whose order cannot be mistaken are read, year first: `03/05/2024` is March to one
outlet and May to another, and a wrong month is worse than none.
"""

import re

UNDATED = "undated"
"""The period of an article without a date that can be read."""

_DATE = re.compile(r"\s*(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?|(\d{2})(\d{2}))(?:[T\s].*)?\s*", re.DOTALL)
_YEARS = range(1900, 2101)


def read_month(date: str | None) -> str:
    """The month of a date.

    Args:
        date: As a record holds it: `2024-05-03`, `2024/5`, `20240503`, with or without a time; in any digits.

    Returns:
        As `2024-05`; `UNDATED` where there is no date or it is of another form.

    Example:
        >>> read_month("٢٠٢٤-٠٥-٠٣T10:00Z")
        '2024-05'
    """
    match = _DATE.fullmatch(date or "")
    if match is None:
        return UNDATED
    year, _, month, day, packed_month, packed_day = match.groups()
    number, in_month = int(month or packed_month), int(day or packed_day or 1)
    if int(year) not in _YEARS or number not in range(1, 13) or in_month not in range(1, 32):
        return UNDATED
    return f"{int(year):04}-{number:02}"


def read_year(date: str | None) -> str:
    """The year of a date, as `2024`; `UNDATED` where it cannot be read."""
    month = read_month(date)
    return month if month == UNDATED else month[:4]
