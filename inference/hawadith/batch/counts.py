"""How many rows of a job ended in which way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hawadith.rows import OutputRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of output rows; they add up over shards.

    Attributes:
        statuses: Rows by status.
        labels: Rows by given label.
        errors: Rows that carry an error.
    """

    statuses: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    errors: int = 0

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.statuses.values())

    @property
    def error_rate(self) -> float:
        """The share of rows that carry an error, in [0, 1]; 0 where there are no rows."""
        return self.errors / self.rows if self.rows else 0.0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            statuses=Counter(self.statuses) + Counter(other.statuses),
            labels=Counter(self.labels) + Counter(other.labels),
            errors=self.errors + other.errors,
        )


def count_rows(rows: Sequence[OutputRow]) -> Counts:
    """Count the rows of one shard."""
    return Counts(
        statuses=dict(sorted(Counter(row["status"] for row in rows).items())),
        labels=dict(sorted(Counter(label for row in rows for label in row["labels"]).items())),
        errors=sum(row["error"] is not None for row in rows),
    )
