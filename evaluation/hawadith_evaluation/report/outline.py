"""The parts of a report before any markup: sections of tables and charts.

The page and its Markdown twin are two spellings of the same sections, so that neither can say what the other does not. Whatever comes from
articles, paths or models is a quoted cell: the page isolates it, Markdown puts it in a code span, and both name its invisible characters.
"""

from dataclasses import dataclass
from typing import Literal

from hawadith_evaluation.metrics_file import EstimateValues
from hawadith_evaluation.report.charts import Band, Plot, Strip, draw_strip
from hawadith_evaluation.report.wording import spell_change, spell_interval, spell_number

Tone = Literal["", "good", "bad", "quiet"]
"""How a cell or row wants to be seen; the words say the same, for colour alone says nothing to some readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its heading.
        number: Its cells are counts, aligned at their last digit.
        scale: What the left and the right end of its strips stand for; None without strips.
    """

    name: str
    number: bool = False
    scale: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: What it says.
        quoted: The text is not ours.
        interval: The interval of the value that it says; empty without one.
        strip: A small chart of the same value.
        tone: How it wants to be seen.
    """

    text: str
    quoted: bool = False
    interval: str = ""
    strip: Strip | Band | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table; its first cell names it.

    Attributes:
        cells: One for each column.
        group: Neighbouring rows with the same group stand under it as their heading.
        tone: How it wants to be seen.
    """

    cells: tuple[Cell, ...]
    group: Cell | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows.
        columns: Its columns.
        rows: Its rows.
        subject: The label that it is of, where it is of one: not our word.
        shown: How many rows to show at first; the page folds the rest away, Markdown leaves it to the page, and so it does a whole
            table of which none is shown at first.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    subject: str = ""
    shown: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Cases to look at, each a few named texts; they may quote articles, so Markdown leaves them out."""

    caption: str
    cases: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a report.

    Attributes:
        anchor: Its address on the page.
        title: Its heading.
        reading: One plain sentence on how to read it.
        legend: What the marks of its charts stand for; the page alone shows it, with the charts.
        plots: Charts.
        tables: Tables.
        facts: Single findings, a sentence each.
        note: What the figures rest on; empty for nothing to add.
        examples: Cases to look at.
    """

    anchor: str
    title: str
    reading: str
    legend: str = ""
    plots: tuple[Plot, ...] = ()
    tables: tuple[Table, ...] = ()
    facts: tuple[str, ...] = ()
    note: str = ""
    examples: tuple[Examples, ...] = ()


def name(text: str) -> Cell:
    """A cell with a name that is not ours: a label, a source, an actor."""
    return Cell(text=text, quoted=True)


def count(n: int) -> Cell:
    """A cell with a count."""
    return Cell(text=f"{n:,}")


def words(text: str, *, tone: Tone = "") -> Cell:
    """A cell with words of ours."""
    return Cell(text=text, tone=tone)


def figure(
    estimate: EstimateValues,
    *,
    digits: int = 2,
    scale: tuple[float, float] = (0.0, 1.0),
    origin: float | None = None,
) -> Cell:
    """A cell with a value, its interval and the strip of both.

    Args:
        estimate: The value and its interval.
        digits: Decimals.
        scale: The values at the two ends of the strip.
        origin: The value of "no change": marked on the strip, and the value is spelt with its sign.

    Returns:
        The cell.
    """
    signed = origin is not None
    spell = spell_change if signed else spell_number
    return Cell(
        text=spell(estimate["value"], digits=digits),
        interval=spell_interval(estimate, digits=digits, signed=signed),
        strip=draw_strip(estimate, scale=scale, origin=origin),
    )
