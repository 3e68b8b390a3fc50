"""Scoring that leaves no job behind: JSON lines to standard output, or rows to a table; what is cut off begins anew."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from hawadith.batch.counts import Counts, count_rows
from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.inputs import check_ids
from hawadith.batch.job import JobResult
from hawadith.batch.shards import OnShard
from hawadith.drift.figures import StreamFigures, measure_stream
from hawadith.readers.reading import read_rows
from hawadith.readers.sources import STDIN
from hawadith.records import Row
from hawadith.rows import build_row
from hawadith.scoring import Classifier, cut_shards, score_shard
from hawadith.writers.jsonl import open_stdout, write_lines


def stream_rows(
    sources: Sequence[Path],
    *,
    classifier: Classifier,
    settings: JobSettings,
    to_stdout: bool = False,
    on_shard: OnShard | None = None,
) -> JobResult:
    """Score inputs shard by shard as they are read.

    Args:
        sources: Files, folders, or `-` for standard input.
        classifier: The model.
        settings: How to score.
        to_stdout: Write the output rows to standard output as JSON lines. Then ids are checked first, unless the input is standard input,
            which can be read but once.
        on_shard: Hears what was scored.

    Returns:
        How it ended.

    Raises:
        DataError: If an input cannot be read, or the ids cannot serve.
    """
    if to_stdout and settings.id_from == "record" and STDIN not in sources:
        check_ids(sources, options=settings.reading)
    rows: Iterator[Row] = read_rows(sources, options=settings.reading)
    if settings.id_from == "ordinal":
        rows = (replace(row, id=str(number)) for row, number in zip(rows, count(1), strict=False))
    counts, figures = Counts(), StreamFigures()
    for shard in cut_shards(rows, max_rows=settings.shard_rows, max_characters=settings.shard_characters):
        predictions = score_shard(shard, predictor=classifier, evidence=settings.evidence)
        written = [build_row(prediction, model_id=classifier.model_id) for prediction in predictions]
        if to_stdout:
            write_lines(open_stdout(), written)
        if on_shard is not None:
            on_shard(shard, predictions)
        counts += count_rows(written)
        figures += measure_stream(shard, predictions)
    return JobResult(counts=counts, figures=figures, resumed=0)
