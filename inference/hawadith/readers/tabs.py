"""One line of a .tsv file to its cells: a tab ends a cell and a line ends a row, whatever quotes say.

Few writers of TSV quote; to most, a quote is a character like any other, and a sentence may hold a lone one. A reader that lets it open a
cell swallows the lines up to the next. Spreadsheets and data-frame libraries do quote, as in CSV: a cell as they write it, in quotes and
with every inner quote doubled, is taken out of its quotes. Any other cell stays as it is. What that cannot read, a tab or a line end inside
quotes, leaves rows with too many or too few cells: faults of those rows alone.
"""


def cut_tabs(line: str) -> list[str]:
    """Cut a line into its cells.

    Args:
        line: The line, with or without its end.

    Returns:
        The cells; none for a blank line.
    """
    content = line.rstrip("\r\n")
    return [_unquote(cell) for cell in content.split("\t")] if content else []


def _unquote(cell: str) -> str:
    inner = cell[1:-1]
    is_quoted = len(cell) > 1 and cell[0] == '"' == cell[-1] and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if is_quoted else cell
