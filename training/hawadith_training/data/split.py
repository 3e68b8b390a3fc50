"""Train, dev and test parts that share no story.

Near duplicates stay together, labels are spread in proportion, and the same seed gives the same parts. With a date, the last part holds
what is newer: the honest test of a model that will read tomorrow's news.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith.readers import find_files
from hawadith.readers.sources import SkipCounter
from hawadith.records import Record
from hawadith.writers.atomic import replace_file
from hawadith_training.data.lines import LabelledLine
from hawadith_training.data.stratify import assign_parts

_PART = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)=([0-9.]+)")


def parse_parts(text: str) -> dict[str, float]:
    """Read `train=0.8,dev=0.1,test=0.1`.

    Args:
        text: Names and shares; shares are relative and need not sum to 1.

    Returns:
        The share of each part, in order.

    Raises:
        DataError: If that is not its form, a share is not positive, a name comes twice, or there is one part only.
    """
    matches = [_PART.fullmatch(item.strip()) for item in text.split(",")]
    shares: dict[str, float] = {}
    for match in matches:
        try:
            share = float(match[2]) if match else 0.0
        except ValueError:
            share = 0.0
        if match and share > 0:
            shares[match[1]] = share
    if len(shares) != len(matches) or len(shares) < 2:
        raise DataError(
            f"--parts {text!r}: expected at least two names with positive shares, as train=0.8,dev=0.1,test=0.1."
        )
    return shares


def split_records(
    records: Sequence[Record],
    *,
    shares: Mapping[str, float],
    groups: NDArray[np.int64],
    seed: int,
    newest_from: date | None = None,
) -> NDArray[np.int64]:
    """Give every record a part.

    Args:
        records: Labelled records.
        shares: The share of each part.
        groups: Shape `(records,)`: records with the same number share a part.
        seed: The same seed gives the same parts.
        newest_from: Groups with a record of this day or later make the last part, whatever its share; undated records count as older.

    Returns:
        Shape `(records,)`: positions in `shares`.
    """
    _, units = np.unique(groups, return_inverse=True)
    n_units = int(units.max(initial=-1)) + 1
    labels = sorted({label for record in records for label in record.labels})
    counts = np.zeros((n_units, len(labels)), dtype=np.int64)
    for unit, record in zip(units, records, strict=True):
        for label in record.labels:
            counts[unit, labels.index(label)] += 1
    sizes = np.bincount(units, minlength=n_units).astype(np.int64)
    if newest_from is None:
        return assign_parts(counts, sizes=sizes, shares=list(shares.values()), seed=seed)[units]
    is_new = np.array([(day := parse_day(record.date)) is not None and day >= newest_from for record in records])
    newest = np.isin(np.arange(n_units), units[is_new])
    parts = np.full(n_units, len(shares) - 1, dtype=np.int64)
    earlier = list(shares.values())[:-1]
    parts[~newest] = assign_parts(counts[~newest], sizes=sizes[~newest], shares=earlier, seed=seed)
    return parts[units]


def parse_day(text: str | None) -> date | None:
    """The day that an ISO date or time begins with; None where there is none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def parse_cut(text: str) -> date:
    """Read the day at which a split cuts.

    Args:
        text: As 2024-05-31.

    Returns:
        The day.

    Raises:
        DataError: If it is no day.
    """
    day = parse_day(text)
    if day is None:
        raise DataError(f"--before {text!r} is no day; write it as 2024-05-31.")
    return day


def write_parts(
    lines: Sequence[LabelledLine],
    *,
    parts: NDArray[np.int64],
    names: Sequence[str],
    folder: Path,
    sources: Sequence[Path],
) -> list[Path]:
    """Write `<name>.jsonl` for every part, all of them or none.

    Args:
        lines: The rows.
        parts: Shape `(rows,)`: positions in `names`.
        names: The parts' names.
        folder: Where the files go.
        sources: The inputs; no file of theirs is overwritten.

    Returns:
        The files, in the order of `names`.

    Raises:
        DataError: If a file would overwrite an input.
        OutputError: If a file cannot be written.
    """
    paths = [folder / f"{name}.jsonl" for name in names]
    inputs = {file.path.resolve() for source in sources for file in find_files(source, on_skip=SkipCounter().add)}
    clash = next((path for path in paths if path.resolve() in inputs), None)
    if clash is not None:
        raise DataError(f"{clash} is an input of this split and would be overwritten. Choose another --output.")
    with ExitStack() as stack:
        temporaries = [stack.enter_context(replace_file(path)) for path in paths]
        for number, temporary in enumerate(temporaries):
            with temporary.open("wb") as stream:
                for position in np.flatnonzero(parts == number).tolist():
                    stream.write(lines[position].line + b"\n")
    return paths
