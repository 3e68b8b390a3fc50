"""The loop of a job: read rows, cut a shard, score it, put it in place; what is in place already is passed over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.folder import JobFolder
from hawadith.drift.figures import measure_stream
from hawadith.errors import OutputError
from hawadith.prediction import Prediction
from hawadith.records import Row
from hawadith.rows import build_error, build_row
from hawadith.scoring import Classifier, cut_shards, score_shard

OnShard = Callable[[Sequence[Row], Sequence[Prediction]], None]
"""Hears each shard that was scored and put in place."""

ReadRows = Callable[[int], Iterator[Row]]
"""The rows from the given one on, counted from 0; the same at every call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardScorer:
    """How a job scores.

    Attributes:
        classifier: The model.
        settings: The job's settings.
        before_commit: Called when a shard is scored and not yet in place; raises where its rows have become untrue.
        on_shard: Hears each shard.
    """

    classifier: Classifier
    settings: JobSettings
    before_commit: Callable[[], None]
    on_shard: OnShard

    def score_missing(self, job: JobFolder, *, read: ReadRows, first_shard: int) -> None:
        """Put every shard in place that is not yet, the rest of those that follow in order.

        Args:
            job: The job, held by this process.
            read: Gives the rows that begin with shard `first_shard`.
            first_shard: The number of the first of these shards.

        Raises:
            OutputError: If a shard cannot be written, or the rows are cut otherwise than the journal says.
        """
        first = first_shard
        while job.is_whole(first):
            first += 1
        skipped = sum(shard.rows for shard in job.journal.shards[first_shard:first])
        number = sum(shard.rows for shard in job.journal.shards[:first])
        shards = cut_shards(
            read(skipped), max_rows=self.settings.shard_rows, max_characters=self.settings.shard_characters
        )
        for index, shard in enumerate(shards, start=first):
            _check_cut(job, index=index, rows=len(shard))
            if not job.is_whole(index):
                self._score(job, index=index, shard=self._number(shard, before=number))
            number += len(shard)

    def _number(self, shard: Sequence[Row], *, before: int) -> Sequence[Row]:
        """Give the rows their numbers as ids, where the user asked for it."""
        if self.settings.id_from == "record":
            return shard
        return [replace(row, id=str(number)) for number, row in enumerate(shard, start=before + 1)]

    def _score(self, job: JobFolder, *, index: int, shard: Sequence[Row]) -> None:
        predictions = score_shard(shard, predictor=self.classifier, evidence=self.settings.evidence)
        rows = [build_row(prediction, model_id=self.classifier.model_id) for prediction in predictions]
        errors = [
            build_error(prediction, location=row.location)
            for row, prediction in zip(shard, predictions, strict=True)
            if prediction.error is not None
        ]
        self.before_commit()
        job.commit(index, rows, errors=errors, figures=measure_stream(shard, predictions))
        self.on_shard(shard, predictions)


def _check_cut(job: JobFolder, *, index: int, rows: int) -> None:
    if index < len(job.journal.shards) and job.journal.shards[index].rows != rows:
        raise OutputError(
            f"{job.path}: shard {index} has {rows} rows, the journal says {job.journal.shards[index].rows}. Start anew with --no-resume."
        )
