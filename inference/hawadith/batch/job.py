"""One job from its inputs to its finished output: begin or go on, score what is missing, put it in place, finish."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hawadith.batch.counts import Counts
from hawadith.batch.destination import Destination, open_destination
from hawadith.batch.fingerprint import JobSettings, build_fingerprint, describe_differences
from hawadith.batch.folder import LISTING, STDIN_COPY, JobFolder
from hawadith.batch.inputs import JobInput, copy_stdin
from hawadith.batch.lock import lock_folder
from hawadith.batch.progress import Progress, ProgressReport
from hawadith.batch.shards import OnShard, ShardScorer
from hawadith.drift.figures import StreamFigures
from hawadith.errors import DataError, OutputError
from hawadith.prediction import Prediction
from hawadith.readers.sources import STDIN, check_source
from hawadith.records import Row
from hawadith.scoring import Classifier


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """How a job ended.

    Attributes:
        counts: How all its rows ended, those of earlier runs included.
        figures: What all its articles look like to the model.
        resumed: Rows that earlier runs had put in place.
    """

    counts: Counts
    figures: StreamFigures
    resumed: int


def run_job(
    sources: Sequence[Path],
    *,
    output: str,
    classifier: Classifier,
    settings: JobSettings,
    resume: bool = True,
    report: ProgressReport | None = None,
    on_shard: OnShard | None = None,
) -> JobResult:
    """Score inputs into an output, going on where an earlier run was cut off.

    Args:
        sources: Files, folders, or `-` for standard input.
        output: A `.jsonl`, `.csv` or `.parquet` file, or a folder (ends in `/`).
        classifier: The model, or a cascade of two.
        settings: The job's settings.
        resume: Go on with a job that is there; else it is dropped and begun anew.
        report: Hears how far the job is.
        on_shard: Hears what was scored.

    Returns:
        How it ended.

    Raises:
        DataError: If an input cannot be read, has changed under the job, or its ids cannot serve.
        OutputError: If the output cannot be written, is held by another process, or is another job's.
    """
    for source in sources:
        check_source(source)
    destination = open_destination(output, labels=classifier.typology.ids, formula_safe=settings.formula_safe)
    own = destination.folder.resolve()
    inside = [source for source in sources if source != STDIN and source.resolve().is_relative_to(own)]
    if inside:
        raise OutputError(
            f"The input {inside[0]} lies in the job's folder {destination.folder}. Choose another --output."
        )
    with open_job(destination, classifier=classifier, settings=settings, resume=resume) as job:
        copy = job.path / STDIN_COPY
        if STDIN in sources:
            copy_stdin(copy)
        reading = JobInput(sources, options=settings.reading, listing=job.path / LISTING, stdin_copy=copy)
        if job.journal.shards and not reading.is_listed:
            raise OutputError(f"{job.path / LISTING} is gone: nobody knows what was read. Start anew with --no-resume.")
        total = reading.compare() if reading.is_listed else reading.survey(check_ids=settings.id_from == "record")
        resumed = job.journal.counts.rows
        _score_all(
            job,
            reading=reading,
            total=total,
            classifier=classifier,
            settings=settings,
            report=report,
            on_shard=on_shard,
        )
        copy.unlink(missing_ok=True)
        destination.complete(job)
    return JobResult(counts=job.journal.counts, figures=job.journal.figures, resumed=resumed)


def _score_all(
    job: JobFolder,
    *,
    reading: JobInput,
    total: int,
    classifier: Classifier,
    settings: JobSettings,
    report: ProgressReport | None,
    on_shard: OnShard | None,
) -> None:
    resumed = job.journal.counts.rows

    def hear(shard: Sequence[Row], predictions: Sequence[Prediction]) -> None:
        if on_shard is not None:
            on_shard(shard, predictions)
        if report is not None:
            report(Progress(resumed=resumed, total=total, counts=job.journal.counts))

    hear((), ())
    scorer = ShardScorer(classifier=classifier, settings=settings, before_commit=reading.check_unchanged, on_shard=hear)
    scorer.score_missing(job, read=lambda first_row: reading.read(first_row=first_row), first_shard=0)
    rows = job.journal.counts.rows
    if rows != total:
        raise DataError(f"{rows} rows were scored, {total} were counted before: the input changed under the job.")
    if not job.journal.finished:
        job.journal.finish()


@contextmanager
def open_job(
    destination: Destination, *, classifier: Classifier, settings: JobSettings, resume: bool
) -> Iterator[JobFolder]:
    """Hold the folder of a job that is new, or that has this run's fingerprint.

    Args:
        destination: Where the job writes.
        classifier: The model, or a cascade of two.
        settings: The job's settings.
        resume: Go on with a job that is there; else it is dropped.

    Yields:
        The folder. A job that ends in an exception before its first shard leaves none behind.

    Raises:
        OutputError: If the folder cannot be held, or is another job's; names the fields that differ.
    """
    existed = destination.folder.exists()
    try:
        with lock_folder(destination.folder):
            job = JobFolder(destination.folder, part_format=destination.part_format, anew=not resume)
            _check_fingerprint(job, destination=destination, classifier=classifier, settings=settings)
            try:
                yield job
            except BaseException:
                if not (job.journal.shards or job.journal.rounds):
                    job.clear()
                raise
    except BaseException:
        if not existed:
            with suppress(OSError):  # it holds shards, or another process
                destination.folder.rmdir()
        raise


def _check_fingerprint(
    job: JobFolder, *, destination: Destination, classifier: Classifier, settings: JobSettings
) -> None:
    fingerprint = build_fingerprint(
        classifier, settings=settings, output_format=destination.part_format.suffix.removeprefix(".")
    )
    if job.journal.fingerprint is None:
        job.journal.begin(fingerprint)
        return
    differences = describe_differences(job.journal.fingerprint, fingerprint)
    if differences:
        listed = "".join(f"\n  {line}" for line in differences)
        raise OutputError(
            f"{destination.shown} is another job's; here it was run with → now:{listed}\n"
            "Run it as before, choose another --output, or drop the other job's rows with --no-resume."
        )
