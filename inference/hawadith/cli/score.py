"""`hawadith score`: files in, one row per article out."""

import sys
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from hawadith.cli.tables import ColumnOption
from hawadith.errors import ConfigError

if TYPE_CHECKING:
    from hawadith.batch.job import JobResult
    from hawadith.drift.figures import StreamFigures
    from hawadith.scoring import Classifier
    from hawadith.typology import Typology

_TOO_MANY_ERRORS = 1
_INTERRUPTED = 130


def score(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help=".jsonl .jsonl.gz .jsonl.zst .jsonl.xz .csv .tsv .parquet .txt .html, .zip .tar .tar.gz of these, a folder, or -",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(help=".jsonl .csv .parquet, a folder (ends in /), or -; without it, a table is printed"),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    cascade: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Let a small model screen for --model: what `hawadith cascade` wrote for the two"
        ),
    ] = None,
    small: Annotated[
        Path | None, typer.Option(help="With --cascade: the small model's bundle; the bundled default when not given")
    ] = None,
    evidence: Annotated[bool, typer.Option(help="Find the sentences that speak for each label")] = True,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Go on with a job that was cut off, or begin it anew")
    ] = True,
    id_from: Annotated[
        Literal["record", "ordinal"], typer.Option(help="The records' own ids, or the rows' numbers in the input")
    ] = "record",
    max_error_rate: Annotated[
        float, typer.Option(min=0, max=1, help="Exit with 1 when a greater share of the rows carries an error")
    ] = 0.5,
    follow: Annotated[
        bool, typer.Option("--follow", help="INPUT is an inbox: score what arrives there, once each, until stopped")
    ] = False,
    settle: Annotated[
        float, typer.Option(min=0, help="With --follow: seconds for which a file must not change before it is read")
    ] = 2.0,
    table: Annotated[
        bool | None, typer.Option("--table/--no-table", help="Print a readable table; the default without --output")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of .csv, .tsv and .txt inputs, e.g. windows-1256")] = "utf-8",
    column: ColumnOption = None,
    formula_safe: Annotated[
        bool, typer.Option("--formula-safe", help="Disarm CSV cells that a spreadsheet would run")
    ] = False,
    shard_rows: Annotated[int, typer.Option(min=1, help="Rows per shard, and so the memory bound")] = 512,
) -> None:
    """Score articles: one row out for every row in, errors included. Killed at any moment, the same command goes on."""  # noqa: DOC501
    # Imported here, so that `hawadith --help` stays quick.
    from hawadith.batch.fingerprint import JobSettings
    from hawadith.batch.job import run_job
    from hawadith.batch.progress import ProgressLines
    from hawadith.batch.stream import stream_rows
    from hawadith.classifier import IncidentClassifier
    from hawadith.cli.following import follow_until_stopped
    from hawadith.cli.paths import check_not_input
    from hawadith.cli.table import ResultTable
    from hawadith.drift.reference import read_reference
    from hawadith.readers import ReadOptions, TableLayout

    started = perf_counter()
    settings = JobSettings(
        evidence=evidence,
        shard_rows=shard_rows,
        id_from=id_from,
        formula_safe=formula_safe,
        follows=follow,
        reading=ReadOptions(encoding=encoding, table=TableLayout.from_options(column or ())),
    )
    if output is not None and output != "-":
        check_not_input(Path(output), inputs=inputs)
    classifier = _load_classifier(model, cascade=cascade, small=small)
    # Read at once: a bundle that is damaged, or gone by then, must not fail a job that has done its work.
    reference = read_reference(classifier.bundle) if isinstance(classifier, IncidentClassifier) else None
    shows_table = not follow and output is None if table is None else table
    with ExitStack() as stack:
        shown = stack.enter_context(ResultTable(typology=classifier.typology)) if shows_table else None
        on_shard = shown.add_all if shown else None
        report = stack.enter_context(ProgressLines())
        if follow:
            result = follow_until_stopped(
                inputs,
                output=output,
                classifier=classifier,
                settings=settings,
                settle=settle,
                resume=resume,
                report=report,
            )
        elif output is None or output == "-":
            result = stream_rows(
                inputs, classifier=classifier, settings=settings, to_stdout=output is not None, on_shard=on_shard
            )
        else:
            try:
                result = run_job(
                    inputs,
                    output=output,
                    classifier=classifier,
                    settings=settings,
                    resume=resume,
                    report=report,
                    on_shard=on_shard,
                )
            except KeyboardInterrupt:
                raise _stop() from None
    _summarise(result, seconds=perf_counter() - started, model_id=classifier.model_id)
    if reference is not None:  # a cascade has none: what passes a screen is unlike any, and is meant to be
        _warn_of_drift(result.figures, reference=reference, typology=classifier.typology)
    if result.counts.error_rate > max_error_rate:
        raise typer.Exit(_TOO_MANY_ERRORS)


def _load_classifier(model: Path | None, *, cascade: Path | None, small: Path | None) -> "Classifier":
    """Load the model, or the cascade of two.

    Args:
        model: The bundle whose decisions count.
        cascade: The file that lets a small model screen.
        small: The bundle that screens.

    Returns:
        The classifier.

    Raises:
        ConfigError: If there is a model to screen, and nothing that says how.
    """
    if cascade is None:
        from hawadith.classifier import IncidentClassifier

        if small is not None:
            raise ConfigError("--small names the model that screens in a --cascade; give the cascade's file, too.")
        return IncidentClassifier.load(model)
    from hawadith.cascade.classifier import CascadeClassifier

    return CascadeClassifier.load(cascade, model=model, small=small)


def _stop() -> typer.Exit:
    typer.echo("\nStopped. The shards in place stay; the same command goes on from there.", err=True)
    return typer.Exit(_INTERRUPTED)


def _summarise(result: "JobResult", *, seconds: float, model_id: str) -> None:
    """One line of figures on standard error, so that standard output holds rows alone."""
    counts, resumed = result.counts, result.resumed
    statuses = ", ".join(f"{name} {count}" for name, count in counts.statuses.items())
    labels = ", ".join(f"{name} {count}" for name, count in counts.labels.items()) or "none"
    fresh = counts.rows - resumed
    before = f", {resumed} of them by an earlier run" if resumed else ""
    Console(file=sys.stderr, highlight=False).print(
        f"{counts.rows} rows{before}, in {seconds:.1f} s, {fresh / seconds:.0f} rows/s ({statuses}); labels: {labels}; model {model_id}",
        soft_wrap=True,
    )


def _warn_of_drift(figures: "StreamFigures", *, reference: "StreamFigures", typology: "Typology") -> None:
    """Say in which ways the articles are unlike those that the model was measured on."""
    from hawadith.drift.findings import find_drift

    names = {label.id: label.name_en for label in typology.labels}
    for finding in find_drift(figures, reference, names=names):
        typer.echo(f"drift: {finding}", err=True)
