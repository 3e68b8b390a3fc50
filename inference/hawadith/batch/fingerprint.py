"""What a job's output depends on beside its input: two runs with the same fingerprint write the same bytes.

Kept field by field and not as one hash, so that a refusal can say what differs.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Literal
from unicodedata import unidata_version

from hawadith.readers.options import ReadOptions
from hawadith.scoring import SHARD_CHARACTERS, SHARD_ROWS, Classifier

_LIBRARIES = ("lxml", "numpy", "pyarrow", "tokenizers", "trafilatura")

IdSource = Literal["record", "ordinal"]
"""Where output ids come from: the records' own, or the rows' numbers in the input, from 1."""

Fingerprint = Mapping[str, str | int | float | bool]
"""One value per field; nested fields have dotted names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """What a user may choose about a job.

    Attributes:
        evidence: Find the sentences that speak for each label.
        shard_rows: Rows per shard at most.
        shard_characters: Characters per shard, give or take a row.
        id_from: Where output ids come from.
        formula_safe: In CSV, disarm cells that a spreadsheet would run.
        follows: Whether the job follows an inbox instead of reading its input once.
        reading: Encoding and bounds of the inputs.
    """

    evidence: bool = True
    shard_rows: int = SHARD_ROWS
    shard_characters: int = SHARD_CHARACTERS
    id_from: IdSource = "record"
    formula_safe: bool = False
    follows: bool = False
    reading: ReadOptions = field(default_factory=ReadOptions)


def build_fingerprint(classifier: Classifier, *, settings: JobSettings, output_format: str) -> Fingerprint:
    """Take the fingerprint of a run.

    Args:
        classifier: The model, or a cascade of two.
        settings: The job's settings.
        output_format: The ending of the part files.

    Returns:
        Its fields: what the classifier says that its predictions depend on, versions of code and libraries, and settings.
    """
    return _flatten(
        {
            **classifier.describe(),
            "code_version": version("hawadith"),
            "libraries": _name_libraries(),
            "output_format": output_format,
            **asdict(settings),
        }
    )


def _name_libraries() -> dict[str, str]:
    """Versions of what stands between a file and the model, and between a row and its bytes."""
    found = {"unicode": unidata_version}  # Python's: which characters are letters, and what they normalise to
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def describe_differences(found: Fingerprint, expected: Fingerprint) -> list[str]:
    """The fields in which two fingerprints differ.

    Args:
        found: Of the job on disk.
        expected: Of this run.

    Returns:
        One line per field, `field: found → expected`, in order; empty where they are the same.
    """
    return [
        f"{name}: {found.get(name, 'absent')} → {expected.get(name, 'absent')}"
        for name in dict.fromkeys([*expected, *found])
        if found.get(name) != expected.get(name)
    ]


def _flatten(values: Mapping[str, object], *, prefix: str = "") -> dict[str, str | int | float | bool]:
    flat: dict[str, str | int | float | bool] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, prefix=f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value if isinstance(value, str | int | float) else str(value)
    return flat
