"""A comparison from end to end: which articles, which sides, how measured; from there to the values of `comparison.json`."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from hawadith.readers import ReadOptions, TableLayout, read_records
from hawadith_evaluation.comparison.contrasts import compare_predictions
from hawadith_evaluation.comparison.gate import Gate
from hawadith_evaluation.comparison.layout import ComparisonValues, SideValues
from hawadith_evaluation.comparison.origins import Origin, Reading, read_origins
from hawadith_evaluation.comparison.sides import label_shared, share_labels
from hawadith_evaluation.comparison.values import tabulate_comparison
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.exposure import find_exposure
from hawadith_evaluation.measure import fingerprint_records
from hawadith_evaluation.predictions import check_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Every choice that decides the figures of a comparison.

    Attributes:
        data: Labelled articles.
        a: The training runs of A; the first is what `--model` or `--scores` names.
        b: The training runs of B.
        measure: One of `MEASURES`.
        labels: Only these are compared; all that both sides know where empty.
        gate: What B must keep to.
        resamples: Bootstrap resamples.
        permutations: Permutations of the test.
        seed: Seeds both.
        strict_labels: Labels that neither side knows are refused, instead of dropped.
        skip_bad_rows: Rows that cannot be read are skipped.
        table: What columns and classes mean where the articles stand in a table.
    """

    data: Path
    a: tuple[Origin, ...]
    b: tuple[Origin, ...]
    measure: str
    labels: tuple[str, ...]
    gate: Gate
    resamples: int
    permutations: int
    seed: int
    strict_labels: bool
    skip_bad_rows: bool
    table: TableLayout = field(default_factory=TableLayout)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What is read."""
        return (self.data, *(origin.path for origin in (*self.a, *self.b) if origin.path is not None))

    def spell_command(self) -> str:
        """The command that gives the same figures again."""
        first = [(f"--{side[0].kind}", side[0].path) for side in (self.a, self.b)]
        further = [
            (option, origin.path)
            for option, side in (("--run-of-a", self.a), ("--run-of-b", self.b))
            for origin in side[1:]
        ]
        settings = [
            ("--measure", self.measure),
            *(("--label", label) for label in self.labels),
            ("--tolerance", self.gate.tolerance),
            ("--gate", self.gate.rule),
            ("--resamples", self.resamples),
            ("--permutations", self.permutations),
            ("--seed", self.seed),
        ]
        flags = [("--strict-labels", self.strict_labels), ("--skip-bad-rows", self.skip_bad_rows)]
        pairs = [(name, str(value)) for name, value in [*first, *further, *settings] if value is not None]
        words = [word for pair in pairs for word in pair] + self.table.to_options()
        words += [name for name, given in flags if given]
        return shlex.join(["hawadith", "compare", str(self.data), *words])


def compare_sides(study: Study, *, console: Console) -> ComparisonValues:
    """Compare.

    The articles are put in the order of their ids first, so that resamples and swaps do not depend on the order of a file.

    Args:
        study: What to compare, and how.
        console: Where progress is shown.

    Returns:
        The values of `comparison.json`.
    """
    found = read_records(study.data, options=ReadOptions(table=study.table), skip_bad=study.skip_bad_rows)
    records = sorted(found, key=lambda record: record.id)
    check_ids(records)
    models = {origin for origin in (*study.a, *study.b) if origin.kind == "model"}
    with Progress(transient=True, console=console) as progress:
        task = progress.add_task("Scoring", total=len(records) * len(models))
        read = read_origins(
            [*study.a, *study.b], records=records, on_progress=lambda done: progress.advance(task, advance=done)
        )
        progress.add_task("Comparing", total=None)
        a, b = ([read[origin].predictions for origin in side] for side in (study.a, study.b))
        labels = share_labels(a, b, wanted=study.labels)
        comparison = compare_predictions(
            label_shared(records, labels=labels, strict=study.strict_labels),
            a=a,
            b=b,
            groups=group_records(records),
            measure=study.measure,
            resamples=study.resamples,
            permutations=study.permutations,
            seed=study.seed,
        )
    return tabulate_comparison(
        comparison,
        sides=(
            _describe_side(study.a, read=read, data=study.data),
            _describe_side(study.b, read=read, data=study.data),
        ),
        labels=labels,
        gate=study.gate,
        data={"path": str(study.data), "sha256": fingerprint_records(records)},
        date=datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=study.spell_command(),
    )


def _describe_side(side: Sequence[Origin], *, read: Mapping[Origin, Reading], data: Path) -> SideValues:
    readings = [read[origin] for origin in side]
    return {
        "models": [reading.predictions.model for reading in readings],
        "origins": [str(origin) for origin in side],
        "unscored": [dict(reading.predictions.unscored) for reading in readings],
        "exposure": [
            None if reading.manifest is None else find_exposure(reading.manifest, data=data) for reading in readings
        ],
    }
