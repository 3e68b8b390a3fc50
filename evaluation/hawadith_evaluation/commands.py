"""`hawadith evaluate`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.progress import Progress

from hawadith.cli.paths import check_not_input
from hawadith.cli.tables import ClassOption, ColumnOption
from hawadith.errors import ConfigError
from hawadith.extras import require_extra

if TYPE_CHECKING:
    from hawadith.classifier import IncidentClassifier
    from hawadith.readers import TableLayout
    from hawadith.records import Record
    from hawadith_evaluation.metrics_file import ReportValues
    from hawadith_evaluation.predictions import Predictions
    from hawadith_evaluation.report import ReportContent


def evaluate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Labelled articles: what `hawadith score` reads")],
    output: Annotated[Path, typer.Option(help="Folder for metrics.json, report.md and report.html")],
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    scores: Annotated[
        Path | None, typer.Option(help="Measure what `hawadith score` wrote: .jsonl, .parquet or a folder of shards")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="An evaluation configuration, as in configs/evaluate/")] = None,
    resamples: Annotated[int | None, typer.Option(help="Bootstrap resamples; 0 leaves the intervals out")] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds the bootstrap")] = None,
    interval: Annotated[
        str | None, typer.Option(help="bca: corrected for bias and skewness; or percentile", metavar="METHOD")
    ] = None,
    robustness: Annotated[
        bool,
        typer.Option("--robustness", help="Run the robustness suite, too: spellings, noise, actors, denials; minutes"),
    ] = False,
    column: ColumnOption = None,
    class_: ClassOption = None,
    strict_labels: Annotated[
        bool, typer.Option("--strict-labels", help="Refuse labels that the model lacks, instead of dropping them")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Go on without rows that cannot be read")
    ] = False,
) -> None:
    """Measure a model, or a file of scores, on labelled articles: metrics.json, and the report as a page and as Markdown."""
    _check_origin(model=model, scores=scores, robustness=robustness)
    check_not_input(output, inputs=[path for path in (data, model, scores) if path is not None])
    require_extra("eval", command="hawadith evaluate")
    from hawadith.readers import ReadOptions, TableLayout, read_records
    from hawadith_evaluation.config import load_config
    from hawadith_evaluation.measure import align_sample, fingerprint_records, measure_sample
    from hawadith_evaluation.predictions import check_ids, load_predictions
    from hawadith_evaluation.report import ReportContent
    from hawadith_evaluation.sections import measure_sections, withhold_texts
    from hawadith_evaluation.seen import warn_of_seen

    checked = load_config(config, overrides={"resamples": resamples, "seed": seed, "interval": interval})
    table = TableLayout.from_options(column or (), classes=class_ or ())
    records = read_records(data, options=ReadOptions(table=table), skip_bad=skip_bad_rows)
    check_ids(records)
    classifier = None if scores else _load_classifier(model)
    with Progress(transient=True, console=Console(stderr=True)) as progress:
        if classifier is None:
            predictions = load_predictions(cast("Path", scores), records=records)
        else:
            predictions = _predict(records, classifier=classifier, progress=progress)
        measuring = progress.add_task("Measuring", total=None)
        sample = align_sample(records, predictions, config=checked, strict_labels=strict_labels)
        sections = measure_sections(
            sample,
            classifier=classifier,
            config=checked,
            with_robustness=robustness,
            on_progress=lambda capability: progress.update(measuring, description=f"Robustness: {capability}"),
        )
    metrics = measure_sample(sample)
    report: ReportValues = {
        **metrics,
        **sections.values,
        "warnings": [] if classifier is None else warn_of_seen(metrics, bundle=classifier.bundle, data=data),
        "model": predictions.model,
        "data": {"path": str(data), "sha256": fingerprint_records(records)},
        "unscored": dict(predictions.unscored),
        "date": datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": _spell_command(
            data,
            options={
                "config": config,
                "model": model,
                "scores": scores,
                "resamples": checked.resamples,
                "seed": checked.seed,
                "interval": checked.interval,
            },
            flags={"robustness": robustness, "strict-labels": strict_labels, "skip-bad-rows": skip_bad_rows},
            table=table,
        ),
    }
    if not checked.failures_per_label:
        report = withhold_texts(report)
    _write_report(output, ReportContent(metrics=report, curves=sections.curves, failures=sections.failures))


def _check_origin(*, model: Path | None, scores: Path | None, robustness: bool) -> None:
    """Check that the predictions come from one place, and that it can do what is asked.

    Args:
        model: A bundle that would make them.
        scores: A file that holds them.
        robustness: Whether the suite is asked for.

    Raises:
        ConfigError: If both are given, or the suite without a model.
    """
    if model is not None and scores is not None:
        raise ConfigError("--model and --scores name two sets of predictions; give one of them.")
    if robustness and scores is not None:
        raise ConfigError(
            "--robustness changes articles and scores them anew; give the --model instead of its --scores."
        )


def _load_classifier(model: Path | None) -> "IncidentClassifier":
    from hawadith.classifier import IncidentClassifier

    return IncidentClassifier.load(model)


def _predict(records: "Sequence[Record]", *, classifier: "IncidentClassifier", progress: "Progress") -> "Predictions":
    from hawadith_evaluation.predictions import predict_records

    task = progress.add_task("Scoring", total=len(records))
    return predict_records(
        records, classifier=classifier, evidence=True, on_progress=lambda done: progress.advance(task, advance=done)
    )


def _spell_command(
    data: Path, *, options: Mapping[str, object], flags: Mapping[str, bool], table: "TableLayout"
) -> str:
    """The command with every setting that decides the figures, so that it can be run again."""
    given = [(f"--{name}", str(value)) for name, value in options.items() if value is not None]
    switches = [f"--{name}" for name, on in flags.items() if on]
    words = [*(word for pair in given for word in pair), *table.to_options(), *switches]
    return shlex.join(["hawadith", "evaluate", str(data), *words])


def _write_report(folder: Path, content: "ReportContent") -> None:
    """Write the three files, rendered before the first is written, and say the essential on the terminal."""
    import json

    from hawadith.explain.visible import spell_out
    from hawadith.writers.atomic import replace_file
    from hawadith_evaluation.report import render_markdown, render_report_page, render_summary
    from hawadith_evaluation.sections import withhold_texts

    metrics = withhold_texts(content.metrics)
    files = {
        "metrics.json": json.dumps(metrics, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        "report.md": render_markdown(replace(content, metrics=metrics)),
        "report.html": render_report_page(content),
    }
    for name, text in files.items():
        with replace_file(folder / name) as temporary:
            # Half a character in a name cannot be encoded; its escape is how JSON spells it.
            temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    warnings = [f"- Warning: {warning}" for warning in metrics.get("warnings", ())]
    notes = [
        *(f"- Not measured: {what}: {why}." for what, why in metrics.get("left_out", {}).items()),
        f"- The whole report: {folder / 'report.html'}",
    ]
    parts = [*map(spell_out, warnings), *([""] if warnings else []), render_summary(metrics), *map(spell_out, notes)]
    Console().print("\n".join(parts), markup=False, highlight=False, soft_wrap=True)
