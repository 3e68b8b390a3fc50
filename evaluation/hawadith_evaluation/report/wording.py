"""How the report spells numbers: one way for the page and for Markdown, and nothing undefined dressed up as a number."""

from hawadith_evaluation.metrics_file import EstimateValues

UNDEFINED = "–"
"""Stands for a value that the articles do not define."""

_MINUS = "−"  # as wide as the plus sign, and never the end of a line


def spell_number(value: float | None, *, digits: int) -> str:
    """A number that is never negative.

    Args:
        value: The number; None where undefined.
        digits: Decimals.

    Returns:
        The number, or `UNDEFINED`.
    """
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def spell_change(value: float | None, *, digits: int) -> str:
    """A difference, always with its sign; what rounds to 0 has none.

    Args:
        value: The difference; None where undefined.
        digits: Decimals.

    Returns:
        The difference, or `UNDEFINED`.
    """
    if value is None:
        return UNDEFINED
    size = f"{abs(value):.{digits}f}"
    if float(size) == 0:
        return size
    return f"{'+' if value > 0 else _MINUS}{size}"


def spell_estimate(estimate: EstimateValues, *, digits: int = 2, signed: bool = False) -> str:
    """A value with its interval in brackets, where it has one.

    Args:
        estimate: The value and its interval.
        digits: Decimals.
        signed: Spell a difference.

    Returns:
        Such as `0.71 [0.65, 0.77]`, or `UNDEFINED`.
    """
    spell = spell_change if signed else spell_number
    value = spell(estimate["value"], digits=digits)
    interval = spell_interval(estimate, digits=digits, signed=signed)
    return f"{value} {interval}" if interval else value


def spell_interval(estimate: EstimateValues, *, digits: int = 2, signed: bool = False) -> str:
    """The interval of a value alone.

    Args:
        estimate: The value and its interval.
        digits: Decimals.
        signed: Spell differences.

    Returns:
        Such as `[0.65, 0.77]`; empty where the value or the interval is undefined.
    """
    if estimate["value"] is None or estimate["low"] is None or estimate["high"] is None:
        return ""
    spell = spell_change if signed else spell_number
    return f"[{spell(estimate['low'], digits=digits)}, {spell(estimate['high'], digits=digits)}]"


def spell_share(value: float | None, *, digits: int = 0) -> str:
    """A share of one in percent.

    Args:
        value: The share in [0, 1]; None where undefined.
        digits: Decimals of the percentage.

    Returns:
        Such as `5%`, or `UNDEFINED`.
    """
    return UNDEFINED if value is None else f"{value:.{digits}%}"


def spell_count(n: int, noun: str) -> str:
    """A count with its noun.

    Args:
        n: The count, from 0.
        noun: A noun whose plural ends in s.

    Returns:
        Such as `1 article` or `1,204 articles`.
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
