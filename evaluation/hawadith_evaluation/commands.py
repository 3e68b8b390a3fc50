"""`hawadith evaluate`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from hawadith.errors import ConfigError
from hawadith.extras import require_extra

if TYPE_CHECKING:
    from hawadith.records import Record
    from hawadith_evaluation.metrics_file import ReportValues
    from hawadith_evaluation.predictions import Predictions


def evaluate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Labelled articles: what `hawadith score` reads")],
    output: Annotated[Path, typer.Option(help="Folder for metrics.json and report.md")],
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    scores: Annotated[
        Path | None, typer.Option(help="Measure what `hawadith score` wrote: .jsonl, .parquet or a folder of shards")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="An evaluation configuration, as in configs/evaluate/")] = None,
    resamples: Annotated[int | None, typer.Option(help="Bootstrap resamples; 0 leaves the intervals out")] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds the bootstrap")] = None,
    strict_labels: Annotated[
        bool, typer.Option("--strict-labels", help="Refuse labels that the model lacks, instead of dropping them")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Go on without rows that cannot be read")
    ] = False,
) -> None:
    """Measure a model, or a file of scores, on labelled articles: metrics.json and report.md, with intervals."""
    _check_one_origin(model=model, scores=scores)
    require_extra("eval", command="hawadith evaluate")
    from hawadith.readers import read_records
    from hawadith_evaluation.config import load_config
    from hawadith_evaluation.measure import fingerprint_records, measure_predictions
    from hawadith_evaluation.predictions import check_ids, load_predictions

    checked = load_config(config, overrides={"resamples": resamples, "seed": seed})
    records = read_records(data, skip_bad=skip_bad_rows)
    check_ids(records)
    predictions = load_predictions(scores, records=records) if scores else _predict(records, model=model)
    metrics = measure_predictions(records, predictions, config=checked, strict_labels=strict_labels)
    report: ReportValues = {
        **metrics,
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
            },
        ),
    }
    _write_report(output, report)


def _check_one_origin(*, model: Path | None, scores: Path | None) -> None:
    """Check that the predictions come from one place.

    Args:
        model: A bundle that would make them.
        scores: A file that holds them.

    Raises:
        ConfigError: If both are given.
    """
    if model is not None and scores is not None:
        raise ConfigError("--model and --scores name two sets of predictions; give one of them.")


def _predict(records: "Sequence[Record]", *, model: Path | None) -> "Predictions":
    from rich.progress import Progress

    from hawadith.classifier import IncidentClassifier
    from hawadith_evaluation.predictions import predict_records

    classifier = IncidentClassifier.load(model)
    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task("Scoring", total=len(records))
        return predict_records(
            records, classifier=classifier, on_progress=lambda done: progress.advance(task, advance=done)
        )


def _spell_command(data: Path, *, options: Mapping[str, object]) -> str:
    """The command with every setting that decides the figures, so that it can be run again."""
    given = [(f"--{name}", str(value)) for name, value in options.items() if value is not None]
    return shlex.join(["hawadith", "evaluate", str(data), *(word for pair in given for word in pair)])


def _write_report(folder: Path, report: "ReportValues") -> None:
    import json

    from hawadith.writers.atomic import replace_file
    from hawadith_evaluation.report_markdown import render_report

    text = render_report(report)
    with replace_file(folder / "metrics.json") as temporary:
        temporary.write_text(json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    with replace_file(folder / "report.md") as temporary:
        temporary.write_text(text, encoding="utf-8")
    Console().print(text, markup=False, highlight=False, soft_wrap=True)
