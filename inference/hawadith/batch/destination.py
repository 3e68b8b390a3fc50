"""Where a job writes, by the name of its output.

A name that ends in `/` is a folder of Parquet parts, and the job's own folder. A single file is joined from its parts at the end: until
then they lie in a hidden folder beside it, `.NAME.job`, so that a killed job goes on there, too, and the file appears whole or not at all.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from hawadith.batch.folder import JobFolder
from hawadith.errors import OutputError
from hawadith.writers import FORMATS, PartFormat, choose_format
from hawadith.writers.atomic import replace_file, sync


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a job writes.

    Attributes:
        folder: The job's folder.
        part_format: How its parts are written.
        file: The single file that the parts are joined to; None where the folder is the output.
    """

    folder: Path
    part_format: PartFormat
    file: Path | None

    @property
    def shown(self) -> str:
        """The output as messages show it."""
        return f"{self.folder}/" if self.file is None else str(self.file)

    def complete(self, job: JobFolder) -> None:
        """Join the parts of a finished job, where the output is a single file, and remove the job's folder.

        Args:
            job: The job, which this process still holds.

        Raises:
            OutputError: If the file cannot be written, or does not hold as many rows as the job.
        """
        if self.file is None:
            return
        for stray in self.file.parent.glob(f".{escape(self.file.name)}.*.tmp*"):
            shutil.rmtree(stray) if stray.is_dir() else stray.unlink()
        with replace_file(self.file) as temporary:
            self.part_format.join(temporary, [self.folder / shard.name for shard in job.journal.shards])
            counted, expected = self.part_format.count(temporary), job.journal.counts.rows
            if counted != expected:
                raise OutputError(
                    f"{self.file}: its parts hold {counted} rows, the job has {expected}; one was altered. Start anew with --no-resume."
                )
        # Under another name first: a folder that is removed by half would be no job's any more.
        dead = self.folder.rename(self.folder.with_name(f"{self.folder.name}.tmp"))
        sync(dead.parent)
        shutil.rmtree(dead)


def open_destination(output: str, *, labels: Sequence[str], formula_safe: bool = False) -> Destination:
    """Understand the name of an output.

    Args:
        output: A `.jsonl`, `.csv` or `.parquet` file, or a folder (ends in `/`).
        labels: The label ids that `scores` will hold, in order.
        formula_safe: In CSV, disarm cells that a spreadsheet would run.

    Returns:
        The destination; nothing is made yet.

    Raises:
        OutputError: If the name has no known form, or something of the other kind stands there.
    """
    path = Path(output)
    if output.endswith("/"):
        if path.exists() and not path.is_dir():
            raise OutputError(
                f"{path} is a file; a name that ends in / is a folder of shards. Choose another --output."
            )
        return Destination(folder=path, part_format=choose_format(".parquet", labels=labels), file=None)
    if path.suffix not in FORMATS:
        raise OutputError(f"--output {output!r}: expected a name ending in {', '.join(FORMATS)} or / (a folder), or -.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder; write {path}/ for a folder of shards. Choose another --output.")
    part_format = choose_format(path.suffix, labels=labels, formula_safe=formula_safe)
    return Destination(folder=path.with_name(f".{path.name}.job"), part_format=part_format, file=path)
