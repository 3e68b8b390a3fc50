"""Scores what arrives in an inbox folder, once each, until it is stopped; stopped or killed, the same command goes on.

Whoever reads the output may move its parts away as they come: a finished shard is never scored again.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from hawadith.batch.destination import open_destination
from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.folder import ROUND_COPY, JobFolder
from hawadith.batch.inbox import Inbox
from hawadith.batch.job import JobResult, open_job
from hawadith.batch.journal import RoundEntry
from hawadith.batch.progress import Progress, ProgressReport
from hawadith.batch.rounds import read_copy, take_in
from hawadith.batch.shards import ShardScorer
from hawadith.errors import ConfigError, OutputError
from hawadith.prediction import Prediction
from hawadith.readers.html import ArticleExtractor
from hawadith.readers.reading import read_file
from hawadith.readers.sources import InputFile
from hawadith.records import Row
from hawadith.scoring import Classifier


class _StoppedError(Exception):
    """The user wants no further shard; those in place stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How an inbox is watched.

    Attributes:
        settle: Seconds for which a file must not change before it is taken in.
        poll: Seconds between two looks.
        stop: Ends the watch after the shard at hand.
    """

    settle: float = 2.0
    poll: float = 0.5
    stop: threading.Event


def follow_inbox(
    inbox: Path,
    *,
    output: str,
    classifier: Classifier,
    settings: JobSettings,
    pace: Pace,
    resume: bool = True,
    report: ProgressReport | None = None,
) -> JobResult:
    """Score what arrives in a folder until told to stop.

    Args:
        inbox: The folder.
        output: A folder of shards (ends in `/`).
        classifier: The model.
        settings: The job's settings, with `follows` set.
        pace: How the inbox is watched.
        resume: Go on with a job that is there; else it is dropped, and what lies in the inbox is scored again.
        report: Hears how far the job is.

    Returns:
        How the rows so far ended.

    Raises:
        ConfigError: If the inbox is no folder, or the output is none.
        DataError: If the inbox cannot be listed any more.
        OutputError: If the output cannot be written, is held by another process, or is another job's.
    """
    if not inbox.is_dir() or not output.endswith("/"):
        raise ConfigError(f"--follow watches a folder and writes a folder; got {inbox} and --output {output}.")
    destination = open_destination(output, labels=classifier.typology.ids)
    with open_job(destination, classifier=classifier, settings=settings, resume=resume) as job:
        resumed = job.journal.counts.rows

        def hear(_: Sequence[Row], __: Sequence[Prediction]) -> None:
            if report is not None:
                report(Progress(resumed=resumed, total=None, counts=job.journal.counts))
            if pace.stop.is_set():
                raise _StoppedError

        scorer = ShardScorer(classifier=classifier, settings=settings, before_commit=lambda: None, on_shard=hear)
        with suppress(_StoppedError):
            _watch(job, inbox=inbox, scorer=scorer, settings=settings, pace=pace)
    return JobResult(counts=job.journal.counts, figures=job.journal.figures, resumed=resumed)


def _watch(job: JobFolder, *, inbox: Path, scorer: ShardScorer, settings: JobSettings, pace: Pace) -> None:
    _score_round(job, scorer=scorer)
    watched = Inbox(inbox, settle=pace.settle)
    watched.know(file for entry in job.journal.rounds for file in entry.files)
    with ArticleExtractor(timeout=settings.reading.extract_timeout) as extractor:

        def read(file: InputFile) -> Iterator[Row]:
            if pace.stop.is_set():  # what was copied so far has no name yet, and is taken in another time
                raise _StoppedError
            return read_file(file, options=settings.reading, extractor=extractor)

        while not pace.stop.is_set():
            settled = watched.look(now=monotonic())
            if settled:
                intake = take_in(settled, copy=job.path / ROUND_COPY, read=read, check_ids=settings.id_from == "record")
                watched.know(intake.files)
                if intake.files:
                    first_shard = len(job.journal.shards)
                    job.journal.add_round(RoundEntry(files=intake.files, first_shard=first_shard, rows=intake.rows))
                _score_round(job, scorer=scorer)
            pace.stop.wait(pace.poll)


def _score_round(job: JobFolder, *, scorer: ShardScorer) -> None:
    """Score what is left of the newest round; its copy goes when all is in place.

    A shard that the journal knows is done, wherever its part is now: whoever reads the output may have moved it away, and scored again it
    would be there twice.
    """  # noqa: DOC501 - the caller says it
    copy = job.path / ROUND_COPY
    if job.journal.rounds:
        entry, n_shards = job.journal.rounds[-1], len(job.journal.shards)
        done = sum(shard.rows for shard in job.journal.shards[entry.first_shard :])
        if done < entry.rows and not copy.exists():
            raise OutputError(
                f"{copy} is gone, and {entry.rows - done} rows of it were not scored. Start anew with --no-resume."
            )
        if done < entry.rows:
            scorer.score_missing(
                job, read=lambda first_row: read_copy(copy, first_row=done + first_row), first_shard=n_shards
            )
    copy.unlink(missing_ok=True)
