"""`hawadith score`: files in, one row per article out."""

import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from hawadith.scoring import SHARD_ROWS


def score(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help=".jsonl .jsonl.gz .csv .parquet .txt .html, a folder, or - (JSON lines)"
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(help=".jsonl .csv .parquet, a folder (ends in /), or -; without it, a table is printed"),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    evidence: Annotated[bool, typer.Option(help="Find the sentences that speak for each label")] = True,
    table: Annotated[
        bool | None, typer.Option("--table/--no-table", help="Print a readable table; the default without --output")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of .csv and .txt inputs, e.g. windows-1256")] = "utf-8",
    formula_safe: Annotated[
        bool, typer.Option("--formula-safe", help="Disarm CSV cells that a spreadsheet would run")
    ] = False,
    shard_rows: Annotated[int, typer.Option(min=1, help="Rows per shard, and so the memory bound")] = SHARD_ROWS,
) -> None:
    """Score articles: one row out for every row in, errors included."""
    # Imported here, so that `hawadith --help` stays quick.
    from hawadith.classifier import IncidentClassifier
    from hawadith.cli.paths import check_not_input
    from hawadith.cli.table import ResultTable
    from hawadith.readers import ReadOptions, read_rows
    from hawadith.rows import build_row
    from hawadith.scoring import score_rows
    from hawadith.writers import open_writer

    started = perf_counter()
    if output is not None and output != "-":
        check_not_input(Path(output), inputs=inputs)
    classifier = IncidentClassifier.load(model)
    statuses: Counter[str] = Counter()
    labels: Counter[str] = Counter()

    rows = read_rows(inputs, options=ReadOptions(encoding=encoding))
    shows_table = output is None if table is None else table
    with ExitStack() as stack:
        writer = (
            stack.enter_context(open_writer(output, labels=classifier.typology.ids, formula_safe=formula_safe))
            if output
            else None
        )
        shown = stack.enter_context(ResultTable(typology=classifier.typology)) if shows_table else None
        for shard in score_rows(rows, predictor=classifier, evidence=evidence, shard_rows=shard_rows):
            if writer:
                writer.write([build_row(prediction, model_id=classifier.model_id) for _, prediction in shard])
            for row, prediction in shard:
                statuses[prediction.status] += 1
                labels.update(prediction.labels)
                if shown:
                    shown.add(row, prediction)
    _summarise(statuses, labels, seconds=perf_counter() - started, model_id=classifier.model_id)


def _summarise(statuses: Counter[str], labels: Counter[str], *, seconds: float, model_id: str) -> None:
    """One line of figures on standard error, so that standard output holds rows alone."""
    counts = ", ".join(f"{name} {count}" for name, count in statuses.most_common())
    given = ", ".join(f"{name} {count}" for name, count in labels.most_common()) or "none"
    console = Console(file=sys.stderr, highlight=False)
    console.print(
        f"{statuses.total()} rows in {seconds:.1f} s ({counts}); labels: {given}; model {model_id}", soft_wrap=True
    )
