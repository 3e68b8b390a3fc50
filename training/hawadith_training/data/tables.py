"""What `hawadith data` prints: one readable table per finding."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table

from hawadith.cli.visible import visible
from hawadith.records import Record
from hawadith_training.data.check import DataReport, SharedStory, SourceSummary
from hawadith_training.data.split import parse_day


def print_report(report: DataReport, *, console: Console, shown: int) -> None:
    """Print what `hawadith data check` found.

    Args:
        report: The findings.
        console: Where to.
        shown: Pairs, and bad rows, that are listed at most; all are counted.
    """
    console.print(_inputs_table(report.sources))
    columns = {summary.source: {"(none)": summary.n_unlabelled, **summary.labels} for summary in report.sources}
    console.print(labels_table(columns, title="Rows per label"))
    _print_bad_rows(report.sources, console=console, shown=shown)
    leaks = [story for story in report.stories if story.is_leak]
    within = [story for story in report.stories if not story.is_leak]
    for title, stories in (
        ("Leaks: the same story in two inputs", leaks),
        ("The same story twice in one input", within),
    ):
        if stories:
            console.print(
                _stories_table(stories[:shown], title=f"{title} ({min(shown, len(stories))} of {len(stories)})")
            )
    console.print(visible(_summarise(report)))


def labels_table(columns: Mapping[str, Mapping[str, int]], *, title: str) -> Table:
    """Counts per label, a column per input or part."""
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("label")
    for name in columns:
        table.add_column(visible(name), justify="right", overflow="fold")
    labels = dict.fromkeys(label for counts in columns.values() for label in counts)
    for label in labels:
        table.add_row(visible(label), *(str(counts.get(label, 0)) for counts in columns.values()))
    return table


def split_table(
    records: Sequence[Record], *, parts: NDArray[np.int64], names: Sequence[str], groups: NDArray[np.int64]
) -> Table:
    """Rows, stories and labels of each part of a split."""
    columns: dict[str, dict[str, int]] = {}
    for number, name in enumerate(names):
        inside = parts == number
        rows = [records[position] for position in np.flatnonzero(inside).tolist()]
        counts = Counter(label for record in rows for label in record.labels or ("(none)",))
        columns[name] = {
            "(rows)": len(rows),
            "(stories)": len(np.unique(groups[inside])),
            "(undated)": sum(parse_day(record.date) is None for record in rows),
            **{label: counts[label] for label in sorted(counts)},
        }
    return labels_table(columns, title="Parts")


def _inputs_table(sources: Sequence[SourceSummary]) -> Table:
    table = Table(title="Inputs", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("input", overflow="fold")
    for name in ("rows", "bad rows"):
        table.add_column(name, justify="right")
    for summary in sources:
        table.add_row(visible(summary.source), str(summary.n_rows), str(len(summary.bad_rows)))
    return table


def _print_bad_rows(sources: Sequence[SourceSummary], *, console: Console, shown: int) -> None:
    faults = [fault for summary in sources for fault in summary.bad_rows]
    for fault in faults[:shown]:
        console.print(visible(fault), soft_wrap=True)
    if len(faults) > shown:
        console.print(f"and {len(faults) - shown} more bad rows")


def _stories_table(stories: Sequence[SharedStory], *, title: str) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("similarity", justify="right")
    for name in ("first", "second", "labels in conflict"):
        table.add_column(name, overflow="fold")
    for story in stories:
        table.add_row(
            "exact" if story.is_exact else f"{story.similarity:.2f}",
            visible(f"{story.first_id}\n{story.first_source}"),
            visible(f"{story.second_id}\n{story.second_source}"),
            visible(", ".join(story.conflict)),
        )
    return table


def _summarise(report: DataReport) -> str:
    exact = sum(story.is_exact for story in report.stories)
    leaks = sum(story.is_leak for story in report.stories)
    return (
        f"{len(report.stories)} pairs tell the same story (similarity {report.threshold:g} or more), {exact} of them word for word; "
        f"they form {report.n_groups} groups of {report.n_grouped} rows.\n"
        f"Leaks: {leaks} pairs, {report.n_leaking_groups} groups. Label conflicts: {len(report.conflicts)} pairs. "
        f"Ids that come twice: {len(report.repeated_ids)}."
    )
