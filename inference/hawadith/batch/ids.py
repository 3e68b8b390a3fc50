"""Duplicate and missing ids, found before anything is scored: who joins scores to articles needs each id once.

Ids are kept as 64-bit hashes, eight bytes a row. Where hashes meet, the ids themselves are compared in a second look at the input: of a
thousand places at most, for a file may hold every id twice.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith.records import Record, Row

_SHOWN = 10
_COMPARED = 1_000
_WAY_OUT = "Mend the ids, or number the rows instead: --id-from ordinal"


class IdCheck:
    """Looks at every row once and then says whether the ids can serve."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._missing: list[str] = []
        self._n_missing = 0

    def add(self, row: Row) -> None:
        """Look at a row."""
        self._hashes.append(_hash(row.id))
        if isinstance(row, Record) and not row.id_given:
            self._n_missing += 1
            if len(self._missing) < _SHOWN:
                self._missing.append(row.location)

    def finish(self, reread: Callable[[], Iterator[Row]]) -> None:
        """Refuse ids that are missing or not unique.

        Args:
            reread: Gives the same rows again; called only where hashes meet.

        Raises:
            DataError: If a record has no id, or two rows have the same; names the first ten places.
        """
        if self._n_missing:
            raise DataError(
                f"Rows without an `id`, {self._n_missing} of them: {_list(self._missing, of=self._n_missing)}. {_WAY_OUT}"
            )
        met = _find_repeated(np.frombuffer(self._hashes, dtype=np.uint64))
        for begin in range(0, len(met), _COMPARED):
            repeated, n_repeated = _compare(reread(), suspects=set(met[begin : begin + _COMPARED].tolist()))
            if n_repeated:
                # Beyond the compared ones hashes are counted: of 64 bits, hardly one meets another by chance.
                n_repeated = max(n_repeated, len(met)) if len(met) > _COMPARED else n_repeated
                raise DataError(
                    f"Rows whose `id` came before, {n_repeated} of them: {_list(repeated, of=n_repeated)}. {_WAY_OUT}"
                )


def _find_repeated(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hashes that came before, in the order of the rows."""
    first = np.ones(len(hashes), dtype=np.bool_)
    order = np.argsort(hashes, kind="stable")
    first[order[1:]] = hashes[order[1:]] != hashes[order[:-1]]
    return hashes[~first]


def _compare(rows: Iterator[Row], *, suspects: set[int]) -> tuple[list[str], int]:
    first: dict[str, str] = {}
    repeated: list[str] = []
    n_repeated = 0
    for row in rows:
        if _hash(row.id) not in suspects:
            continue
        if row.id not in first:
            first[row.id] = row.location
            continue
        n_repeated += 1
        if len(repeated) < _SHOWN:
            repeated.append(f"{row.id!r:.80} at {row.location} and {first[row.id]}")
    return repeated, n_repeated


def _hash(id_: str) -> int:
    return int.from_bytes(hashlib.blake2b(id_.encode(), digest_size=8).digest(), "little")


def _list(places: list[str], *, of: int) -> str:
    return "; ".join(places) + (f"; and {of - len(places)} more" if of > len(places) else "")
