"""The report as Markdown: for a terminal, a pull request, a model card. The same sections as on the page, without charts and article text.

What is not ours stands in code spans: there no link, mention, image or markup works, and invisible characters are spelt out.
"""

import re

from hawadith.explain.visible import spell_out
from hawadith_evaluation.metrics_file import MetricsValues, ReportValues
from hawadith_evaluation.report.assembly import build_sections, describe_identity, list_warnings
from hawadith_evaluation.report.content import ReportContent, SummaryValues
from hawadith_evaluation.report.evidence import describe_evidence
from hawadith_evaluation.report.measures import describe_figures
from hawadith_evaluation.report.outline import Cell, Row, Section, Table
from hawadith_evaluation.report.robustness import count_passed
from hawadith_evaluation.report.wording import spell_count, spell_estimate

_BACKTICKS = re.compile("`+")
_BAR = "¦"  # in place of a bar, which ends a cell even in a code span, and which readers of Markdown escape in different ways
_SHOWN_ROWS = 40


def render_markdown(content: ReportContent) -> str:
    """The whole report.

    Args:
        content: One evaluation.

    Returns:
        Markdown, ends in a line break; articles are named by id, none is quoted.
    """
    identity = [f"- {term}: {_spell(cell)}" for term, cell in describe_identity(content.metrics)]
    warnings = [f"**Warning:** {' '.join(spell_out(warning).split())}" for warning in list_warnings(content.metrics)]
    parts = ["# Evaluation", *warnings, "\n".join(identity), *map(_render_section, build_sections(content))]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def render_table(metrics: MetricsValues) -> str:
    """The table of figures per label, and the shares that belong to whole articles.

    Args:
        metrics: The metrics.

    Returns:
        Markdown, ends in a line break: a row per label, micro and macro, a line per share, and what the figures mean.
    """
    return _render_body(describe_figures(metrics))


def render_figures(metrics: SummaryValues) -> str:
    """The table, and the section on evidence where there is something to say of it: what a cross-validation measures.

    Args:
        metrics: The figures, and the evidence where it was measured.

    Returns:
        Markdown, ends in a line break.
    """
    section = describe_evidence(metrics.get("evidence", ()))
    return render_table(metrics) + (f"\n{_render_section(section)}" if section.tables else "")


def render_summary(metrics: SummaryValues | ReportValues) -> str:
    """The short form, for a model card: the table, and a line on each further thing to know before relying on the model.

    Args:
        metrics: The figures, and each section that was measured.

    Returns:
        Markdown, ends in a line break.
    """
    lines = [
        *_summarise_reliability(metrics),
        *_summarise_guarantees(metrics),
        *_summarise_robustness(metrics),
    ]
    return render_table(metrics) + ("\n" + "\n".join(lines) + "\n" if lines else "")


def quote(text: str) -> str:
    """Put a text that is not ours into a code span.

    Args:
        text: Any text.

    Returns:
        One line of Markdown in which nothing of the text works as markup, also inside a table.
    """
    shown = " ".join(spell_out(text).split()).replace("|", _BAR)
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


def _render_section(section: Section) -> str:
    return f"## {section.title}\n\n{section.reading}\n\n{_render_body(section)}"


def _render_body(section: Section) -> str:
    tables = [table for table in section.tables if table.shown]
    titled = len(tables) > 1 or any(table.subject for table in tables)
    parts = [_render_table(table, titled=titled) for table in tables]
    parts += ["\n".join(f"- {fact}" for fact in section.facts)] if section.facts else []
    parts += [section.note] if section.note else []
    return "\n\n".join(parts) + "\n"


def _render_table(table: Table, *, titled: bool) -> str:
    subject = f", {quote(table.subject)}" if table.subject else ""
    head = [f"**{table.caption}**{subject}", ""] if titled else []
    shown = table.rows[: min(table.shown, _SHOWN_ROWS)]
    hidden = len(table.rows) - len(shown)
    return "\n".join(
        [
            *head,
            "| " + " | ".join(column.name for column in table.columns) + " |",
            "|" + "|".join("---:" if column.number else "---" for column in table.columns) + "|",
            *map(_render_row, shown),
            *(["", f"{hidden} more rows in `report.html`."] if hidden else []),
        ]
    )


def _render_row(row: Row) -> str:
    first, *others = map(_spell, row.cells)
    grouped = f"{_spell(row.group)}: {first}" if row.group else first
    return f"| {' | '.join([grouped, *others])} |"


def _spell(cell: Cell) -> str:
    text = quote(cell.text) if cell.quoted else cell.text.replace("|", _BAR)
    return f"{text} {cell.interval}" if cell.interval else text


def _summarise_reliability(metrics: SummaryValues | ReportValues) -> list[str]:
    return [
        f"- Calibration of {quote(item['label'])}: ECE {spell_estimate(item['ece'], digits=3)}, Brier score "
        f"{spell_estimate(item['brier'], digits=3)}, on {spell_count(item['positives'], 'positive')}"
        f"{', too few to rely on' if item['few'] else ''}."
        for item in metrics.get("reliability", ())
    ]


def _summarise_guarantees(metrics: SummaryValues | ReportValues) -> list[str]:
    return [
        f"- Promise for {quote(item['label'])}: {item['goal']} of at least {item['at_least']:.2f} with {item['confidence']:.0%} confidence "
        + ("cannot be met." if item["threshold"] is None else f"at threshold {item['threshold']:.3f}.")
        for item in metrics.get("guarantees", ())
    ]


def _summarise_robustness(metrics: SummaryValues | ReportValues) -> list[str]:
    robustness = metrics.get("robustness")
    if not robustness:
        return []
    capabilities = robustness["capabilities"]
    failed = ", ".join(quote(item["name"]) for item in capabilities if not item["passed"])
    verdict = f"outside of it: {failed}" if failed else "none outside of it"
    return [f"- Robustness: {count_passed(capabilities)}; {verdict}."]
