"""`hawadith data`: what labelled files hold, how to cut them into parts that share no story, and labels that come by id.

Everything heavy is imported inside the commands, so that `hawadith --help` stays quick.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hawadith.cli.tables import ClassOption, ColumnOption
from hawadith.errors import OutputError

app = typer.Typer(
    help="Check labelled articles for leaks, split them, and join labels that come by id.", no_args_is_help=True
)

_LEAKS_FOUND = 1
_IDS_MISSING = 1
_Threshold = Annotated[
    float | None,
    typer.Option(
        min=0.05, max=1.0, help="Jaccard similarity of word trigrams that makes two articles one story  [default: 0.5]"
    ),
]
_Encoding = Annotated[str, typer.Option(help="Of .csv, .tsv and .txt files, e.g. windows-1256")]


@app.command()
def check(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Files or folders; a story in two of them is a leak")
    ],
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write everything found as JSON")] = None,
    threshold: _Threshold = None,
    show: Annotated[int, typer.Option(min=0, help="Pairs and bad rows to list")] = 20,
    encoding: _Encoding = "utf-8",
    column: ColumnOption = None,
    class_: ClassOption = None,
) -> None:
    """Report exact and near duplicates, label conflicts among them, and bad rows; exit code 1 when inputs share a story."""
    from rich.console import Console

    from hawadith.bundle import write_json
    from hawadith.readers import ReadOptions, TableLayout
    from hawadith.writers.atomic import replace_file
    from hawadith_evaluation.duplicates import SAME_STORY
    from hawadith_training.data.check import check_sources
    from hawadith_training.data.tables import print_report

    options = ReadOptions(encoding=encoding, table=TableLayout.from_options(column or (), classes=class_ or ()))
    report = check_sources(inputs, threshold=threshold or SAME_STORY, options=options)
    print_report(report, console=Console(), shown=show)
    if json_file is not None:
        with replace_file(json_file) as temporary:
            write_json(temporary, report.to_mapping())
    if report.n_leaking_groups:
        sys.exit(_LEAKS_FOUND)


@app.command()
def split(
    inputs: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="Files or folders of labelled articles")],
    output: Annotated[Path, typer.Option(help="Folder for one .jsonl file per part")],
    parts: Annotated[str, typer.Option(help="Names and relative shares")] = "train=0.8,dev=0.1,test=0.1",
    seed: Annotated[int, typer.Option(help="The same seed gives the same parts")] = 13,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Cut by date: articles of this day or later make the last part, older and undated ones the others",
        ),
    ] = None,
    threshold: _Threshold = None,
    encoding: _Encoding = "utf-8",
    column: ColumnOption = None,
    class_: ClassOption = None,
) -> None:
    """Split articles into parts that share no story, with every label spread in proportion."""
    from rich.console import Console

    from hawadith.readers import ReadOptions, TableLayout
    from hawadith_evaluation.duplicates import SAME_STORY, group_records
    from hawadith_training.data.lines import load_lines
    from hawadith_training.data.split import parse_cut, parse_parts, split_records, write_parts
    from hawadith_training.data.tables import split_table

    shares = parse_parts(parts)
    newest_from = None if before is None else parse_cut(before)
    table = TableLayout.from_options(column or (), classes=class_ or ())
    lines = load_lines(inputs, options=ReadOptions(encoding=encoding, table=table))
    records = [line.record for line in lines]
    groups = group_records(records, threshold=threshold or SAME_STORY)
    assigned = split_records(records, shares=shares, groups=groups, seed=seed, newest_from=newest_from)
    write_parts(lines, parts=assigned, names=list(shares), folder=output, sources=inputs)
    Console().print(split_table(records, parts=assigned, names=list(shares), groups=groups))


@app.command()
def annotate(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="ARTICLES...", help="Files or folders of articles, of any size")
    ],
    annotations: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help="JSON lines of labels and marked sentences by article id; repeatable"),
    ],
    output: Annotated[Path, typer.Option(help="A .jsonl file")],
    only_annotated: Annotated[
        bool, typer.Option("--only-annotated", help="Write only the articles that are annotated")
    ] = False,
    require_all: Annotated[
        bool, typer.Option("--require-all", help="Exit code 1 when an annotated article is not found")
    ] = False,
    encoding: _Encoding = "utf-8",
    column: ColumnOption = None,
    class_: ClassOption = None,
) -> None:
    """Write articles with the labels and marked sentences that annotations hold for their ids."""  # noqa: DOC501 - typer shows this
    from rich.console import Console

    from hawadith.cli.paths import check_not_input
    from hawadith.cli.visible import visible
    from hawadith.readers import ReadOptions, TableLayout
    from hawadith_training.data.annotate import write_annotated
    from hawadith_training.data.annotations import read_annotations

    if output.suffix != ".jsonl":
        raise OutputError(
            f"--output {output}: annotated articles are written as JSON lines; name it {output.stem}.jsonl."
        )
    check_not_input(output, inputs=[*inputs, *annotations])
    report = write_annotated(
        inputs,
        annotations=read_annotations(annotations),
        output=output,
        only_annotated=only_annotated,
        options=ReadOptions(encoding=encoding, table=TableLayout.from_options(column or (), classes=class_ or ())),
    )
    Console().print(visible(report.summarise()), soft_wrap=True)
    if require_all and report.missing:
        sys.exit(_IDS_MISSING)
