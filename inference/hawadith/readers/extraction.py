"""The child process that finds the article in web pages; `hawadith.readers.html` starts it and speaks with it over pipes."""

import faulthandler
import json
import os
import signal
import sys
from typing import IO

from hawadith.readers.pipes import receive, send

_MEMORY_BYTES = 4 * 2**30


def serve(requests: IO[bytes], answers: IO[bytes], *, seconds: float) -> None:
    """Answer each page with its article until the other side is gone.

    Args:
        requests: One page per message.
        answers: One JSON object per message: `text`, `title`, `date`; first of all, one that says whether the extractor is there.
        seconds: A page that takes longer ends this process, also where nobody is left to kill it.
    """
    try:
        from trafilatura import bare_extraction
        from trafilatura.settings import Document
    except ImportError as error:
        send(answers, json.dumps({"error": str(error).splitlines()[0].rstrip(".")}).encode())
        return
    send(answers, b"{}")
    while (content := receive(requests)) is not None:
        # A C thread ends the process at the limit even while lxml holds the interpreter.
        faulthandler.dump_traceback_later(seconds, exit=True)
        page = bare_extraction(content, with_metadata=True, include_comments=False)
        faulthandler.cancel_dump_traceback_later()
        found = {"text": page.text, "title": page.title, "date": page.date} if isinstance(page, Document) else {}
        send(answers, json.dumps(found).encode())


def main() -> None:
    """Serve on standard input and output, with nothing else able to write there."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Whoever stops a job often signals its children, too; the job may still want the page at hand. This process ends with its input.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _limit_memory()
    serve(sys.stdin.buffer, answers, seconds=float(sys.argv[1]))


def _limit_memory() -> None:
    if sys.platform != "linux":  # elsewhere the limit is not there, or not enforced
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main()
