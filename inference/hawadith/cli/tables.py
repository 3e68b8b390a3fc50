"""The options that say what the columns and classes of a .csv or .tsv file mean: the same words in every command that reads one."""

from typing import Annotated

import typer

ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=COLUMN",
        help="In .csv and .tsv: the column of a field, by name, or by number from 0 where there is no header line; repeatable",
    ),
]
ClassOption = Annotated[
    list[str] | None,
    typer.Option(
        "--class",
        metavar="CLASS=LABEL",
        help="In .csv and .tsv: the label that a class in the label column stands for, or CLASS= for none; repeatable",
    ),
]
