"""What is wrong with labelled files before anything is trained on them: leaks, copies, conflicting labels, bad rows.

A leak is a story that stands in more than one file: as a rule a training and a test file. It is the one finding that makes every figure
wrong, so it alone decides the exit code.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from hawadith.readers import ReadOptions, demand_labels, read_rows
from hawadith.records import Record
from hawadith_evaluation.duplicates import SAME_STORY, DuplicatePair, find_duplicates, group_pairs, story_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """What one input holds.

    Attributes:
        source: The input as given.
        n_rows: Good rows.
        bad_rows: A message for each row that is no record.
        n_unlabelled: Good rows that carry no label.
        labels: How many rows carry each label.
        unknown: How many rows list each label as judged by nobody.
    """

    source: str
    n_rows: int
    bad_rows: tuple[str, ...]
    n_unlabelled: int
    labels: dict[str, int]
    unknown: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStory:
    """Two rows that tell the same story.

    Attributes:
        first_source: Input of the earlier row.
        first_id: Its id.
        second_source: Input of the later row.
        second_id: Its id.
        similarity: Jaccard similarity of word trigrams; 1 for the same words.
        conflict: Labels that one row carries and the other, judged for them too, does not.
        is_leak: Whether the rows lie in different inputs.
    """

    first_source: str
    first_id: str
    second_source: str
    second_id: str
    similarity: float
    conflict: tuple[str, ...]
    is_leak: bool

    @property
    def is_exact(self) -> bool:
        """Whether the words are the same."""
        return self.similarity == 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReport:
    """Everything that `hawadith data check` found.

    Attributes:
        sources: The inputs, in order.
        stories: Pairs of rows that tell the same story, the most similar first. Of several identical rows, the first stands for all.
        n_groups: Groups of two or more rows that tell the same story, also at second hand.
        n_grouped: Rows in these groups.
        n_leaking_groups: Groups that lie in more than one input.
        repeated_ids: Ids that more than one row carries.
        threshold: The similarity that made a pair.
    """

    sources: tuple[SourceSummary, ...]
    stories: tuple[SharedStory, ...]
    n_groups: int
    n_grouped: int
    n_leaking_groups: int
    repeated_ids: tuple[str, ...]
    threshold: float

    @property
    def conflicts(self) -> tuple[SharedStory, ...]:
        """The pairs whose labels disagree."""
        return tuple(story for story in self.stories if story.conflict)

    def to_mapping(self) -> dict[str, object]:
        """The report as plain values for JSON."""
        return {
            **asdict(self),
            "n_leaks": sum(story.is_leak for story in self.stories),
            "n_conflicts": len(self.conflicts),
        }


def check_sources(
    sources: Sequence[Path], *, threshold: float = SAME_STORY, options: ReadOptions | None = None
) -> DataReport:
    """Read inputs and look for what would spoil training or measuring.

    Args:
        sources: Files or folders; rows of one input may repeat each other, rows of two must not.
        threshold: Jaccard similarity in (0, 1] that makes a pair.
        options: Encoding and bounds of reading.

    Returns:
        The findings.
    """
    summaries: list[SourceSummary] = []
    records: list[Record] = []
    origins: list[int] = []
    for number, source in enumerate(sources):
        summary, found = _read_source(source, options=options)
        summaries.append(summary)
        records += found
        origins += [number] * len(found)
    pairs = find_duplicates([story_text(record) for record in records], threshold=threshold)
    groups = group_pairs(pairs, n_articles=len(records))
    sizes = np.bincount(groups) if records else np.zeros(0, dtype=np.int64)
    spread = Counter(group for group, _ in set(zip(groups.tolist(), origins, strict=True)))
    ids = Counter(record.id for record in records)
    names = [summary.source for summary in summaries]
    stories = [_describe(pair, records=records, origins=origins, names=names) for pair in pairs]
    return DataReport(
        sources=tuple(summaries),
        stories=tuple(sorted(stories, key=lambda story: -story.similarity)),
        n_groups=int((sizes > 1).sum()),
        n_grouped=int(sizes[sizes > 1].sum()),
        n_leaking_groups=sum(inputs > 1 for inputs in spread.values()),
        repeated_ids=tuple(sorted(id_ for id_, rows in ids.items() if rows > 1)),
        threshold=threshold,
    )


def _read_source(source: Path, *, options: ReadOptions | None) -> tuple[SourceSummary, list[Record]]:
    records: list[Record] = []
    faults: list[str] = []
    for row in map(demand_labels, read_rows(source, options=options)):
        if isinstance(row, Record):
            records.append(row)
        else:
            faults.append(f"[{row.status}] {row.message}")
    summary = SourceSummary(
        source=str(source),
        n_rows=len(records),
        bad_rows=tuple(faults),
        n_unlabelled=sum(not record.labels for record in records),
        labels=dict(sorted(Counter(label for record in records for label in record.labels).items())),
        unknown=dict(sorted(Counter(label for record in records for label in record.unknown).items())),
    )
    return summary, records


def _describe(
    pair: DuplicatePair, *, records: Sequence[Record], origins: Sequence[int], names: Sequence[str]
) -> SharedStory:
    first, second = records[pair.first], records[pair.second]
    unjudged = {*first.unknown, *second.unknown}
    return SharedStory(
        first_source=names[origins[pair.first]],
        first_id=first.id,
        second_source=names[origins[pair.second]],
        second_id=second.id,
        similarity=pair.similarity,
        conflict=tuple(sorted({*first.labels}.symmetric_difference(second.labels) - unjudged)),
        is_leak=origins[pair.first] != origins[pair.second],
    )
