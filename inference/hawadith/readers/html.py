"""Saved web pages, with the article found by trafilatura in a process of its own.

Some pages make the extractor run for minutes inside C code that no signal interrupts: 100,000 `<p>` tags took 8 s, and more take more. So
it works in one child process that is reused from page to page, killed when a page takes too long, and started again for the next.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Literal, Protocol, cast

from hawadith.errors import MissingExtraError
from hawadith.readers.options import ReadOptions
from hawadith.readers.pipes import receive, send
from hawadith.readers.plain import file_fault, read_bounded
from hawadith.readers.rows import build_row
from hawadith.readers.sources import InputFile
from hawadith.records import Row

_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was found in a web page; all None where nothing was."""

    text: str | None
    title: str | None
    date: str | None


Failure = Literal["timeout", "crash"]


class Extractor(Protocol):
    """Finds the article in a web page."""

    def extract(self, content: bytes) -> "Page | Failure":
        """Find the article in a page's bytes."""
        ...


def read_html(file: InputFile, *, options: ReadOptions, extractor: Extractor) -> Iterator[Row]:
    """Read a .html file as one article; its id is the file's name.

    Args:
        file: The file.
        options: The bounds.
        extractor: Where the article is found.

    Yields:
        One row: the record, or `too_large`, `extract_timeout`, `extract_empty`, or `error` where the extractor crashed.

    Raises:
        DataError: If the file cannot be opened.
        MissingExtraError: If trafilatura cannot be imported.
    """
    content = read_bounded(file, max_bytes=options.max_html_bytes)
    if content is None:
        yield file_fault(file, "too_large", f"the page has more than {options.max_html_bytes} bytes")
        return
    page = extractor.extract(content)
    if page == "timeout":
        yield file_fault(file, "extract_timeout", f"no article was found within {options.extract_timeout:g} s")
    elif page == "crash":
        yield file_fault(file, "error", "the page made the extractor crash")
    elif not (page.text or "").strip():
        yield file_fault(file, "extract_empty", "no article was found in the page")
    else:
        values = {"id": file.name, "text": page.text, "title": page.title, "date": page.date}
        yield build_row(values, fallback_id=file.name, location=file.shown)


class ArticleExtractor:
    """A child process that finds the article in a web page, started when first needed; a context manager.

    Args:
        timeout: Seconds that one page may take.
    """

    def __init__(self, *, timeout: float) -> None:
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "ArticleExtractor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract(self, content: bytes) -> Page | Failure:
        """Find the article.

        Args:
            content: The page's bytes, in any encoding.

        Returns:
            What was found, `timeout` if that took too long, or `crash` if the child process died of it.

        Raises:
            MissingExtraError: If trafilatura cannot be imported.
        """
        process = self._process or self._start()
        answer, in_time = _ask(process, content, seconds=self._timeout)
        if answer is None:
            self.close()
            return "crash" if in_time else "timeout"
        return Page(text=answer.get("text"), title=answer.get("title"), date=answer.get("date"))

    def close(self) -> None:
        """End the child process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close_quietly(stream)
        process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # A plain child, not multiprocessing: that would import the caller's main module again. -P keeps the working folder, which may be
        # the hostile input itself, off the import path.
        command = [sys.executable, "-P", "-m", "hawadith.readers.extraction", str(self._timeout + 5)]
        process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the job to hear, not for a page to be lost by
        )
        self._process = process
        ready, _ = _ask(process, None, seconds=_START_SECONDS)
        if ready is None or ready.get("error"):
            self.close()
            reason = (ready or {}).get("error") or "its process did not start"
            raise MissingExtraError(
                f"Web pages need trafilatura: {reason}. Install it with: pip install trafilatura lxml_html_clean"
            )
        return process


def _ask(
    process: subprocess.Popen[bytes], content: bytes | None, *, seconds: float
) -> tuple[dict[str, str | None] | None, bool]:
    """Send a message and wait for the answer; no answer means that the process is gone, and whether that was in time.

    The watchdog kills the process instead of this thread waiting with a limit: pipes cannot be waited for on every system, and a child
    that hangs may also stop reading in the middle of a page.
    """
    expired = threading.Event()

    def kill() -> None:
        expired.set()
        process.kill()

    watchdog = threading.Timer(seconds, kill)
    watchdog.start()
    try:
        if content is not None:
            send(cast(IO[bytes], process.stdin), content)
        answer = receive(cast(IO[bytes], process.stdout))
    except OSError:
        answer = None
    finally:
        watchdog.cancel()
        watchdog.join()
    if answer is None or expired.is_set():
        return None, not expired.is_set()
    return cast(dict[str, str | None], json.loads(answer)), True


def _close_quietly(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        return  # closing flushes what a killed child no longer reads
