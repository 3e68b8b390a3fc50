"""`hawadith compare`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer
from rich.console import Console

from hawadith.cli.paths import check_not_input
from hawadith.cli.tables import ClassOption, ColumnOption
from hawadith.extras import require_extra

if TYPE_CHECKING:
    from hawadith_evaluation.comparison.layout import ComparisonValues

_REGRESSION = 1  # exit status; 2 is misuse


def compare(
    context: typer.Context,
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Labelled articles: what `hawadith score` reads")],
    model: Annotated[
        list[Path] | None,
        typer.Option(help="A bundle's folder; twice: A, then B. One alone is B, and A the bundled default"),
    ] = None,
    scores: Annotated[
        list[Path] | None, typer.Option(help="What `hawadith score` wrote, in place of a model; may be mixed with them")
    ] = None,
    run_of_a: Annotated[
        list[Path] | None, typer.Option(help="A further training run of A, bundle or scores; may be repeated")
    ] = None,
    run_of_b: Annotated[list[Path] | None, typer.Option(help="The same of B")] = None,
    measure: Annotated[
        Literal["average_precision", "f1", "precision", "recall"], typer.Option(help="What is compared")
    ] = "average_precision",
    label: Annotated[
        list[str] | None, typer.Option(help="Compare this label alone; may be repeated. Else all that both know")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="How far B may lie below A, on any label or their mean")
    ] = 0.02,
    gate: Annotated[
        Literal["estimate", "proven", "safe"],
        typer.Option(
            help="What must not lie further below: the difference, or the upper or lower bound of its interval"
        ),
    ] = "estimate",
    output: Annotated[Path | None, typer.Option(help="Folder for comparison.json and comparison.md")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print comparison.json instead of the report")] = False,
    resamples: Annotated[int, typer.Option(min=100, help="Bootstrap resamples")] = 10_000,
    permutations: Annotated[int, typer.Option(min=2_000, help="Permutations of the test")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seeds both")] = 13,
    column: ColumnOption = None,
    class_: ClassOption = None,
    strict_labels: Annotated[
        bool, typer.Option("--strict-labels", help="Refuse labels that both lack, instead of dropping them")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Go on without rows that cannot be read")
    ] = False,
) -> None:
    """Is B really better than A? A paired test per label; exit status 1 when B regresses beyond the tolerance."""
    require_extra("eval", command="hawadith compare")
    from hawadith.readers import TableLayout
    from hawadith_evaluation.comparison.gate import Gate
    from hawadith_evaluation.comparison.origins import add_runs, choose_sides
    from hawadith_evaluation.comparison.study import Study, compare_sides

    a, b = choose_sides(model or [], scores or [], models_first=_comes_first("model", "scores", context=context))
    study = Study(
        data=data,
        a=add_runs(a, run_of_a or [], option="--run-of-a"),
        b=add_runs(b, run_of_b or [], option="--run-of-b"),
        measure=measure,
        labels=tuple(label or ()),
        gate=Gate(tolerance=tolerance, rule=gate),
        resamples=resamples,
        permutations=permutations,
        seed=seed,
        table=TableLayout.from_options(column or (), classes=class_ or ()),
        strict_labels=strict_labels,
        skip_bad_rows=skip_bad_rows,
    )
    if output is not None:
        check_not_input(output, inputs=study.inputs)
    values = compare_sides(study, console=Console(stderr=True))
    _write_report(values, output=output, as_json=as_json)
    _leave(regressed=not values["gate"]["passed"])


def _leave(*, regressed: bool) -> None:
    """End the command.

    Args:
        regressed: Whether the gate failed.

    Raises:
        Exit: With status 1, if so.
    """
    if regressed:
        raise typer.Exit(_REGRESSION)


def _comes_first(first: str, second: str, *, context: typer.Context) -> bool:
    """Whether one option stood before another: click handles, and so stores, options in the order of the command line."""
    stored = list(context.params)
    return stored.index(first) < stored.index(second)


def _write_report(values: "ComparisonValues", *, output: Path | None, as_json: bool) -> None:
    import json

    from hawadith.writers.atomic import replace_file
    from hawadith_evaluation.comparison.markdown import render_comparison

    texts = {
        "comparison.json": json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        "comparison.md": render_comparison(values),
    }
    for name, text in texts.items() if output is not None else ():
        with replace_file(cast("Path", output) / name) as temporary:
            # Half a character in a name cannot be encoded; its escape is how JSON spells it.
            temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    shown = texts["comparison.json" if as_json else "comparison.md"].encode("utf-8", "backslashreplace").decode()
    Console().print(shown, markup=False, highlight=False, soft_wrap=True, end="")
