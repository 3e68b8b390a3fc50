"""The process that `hawadith bench` measures: it loads a bundle and scores articles, as `hawadith score` does, and nothing else.

Run as `python -m hawadith.bench.worker`, so that start-up and peak memory are those of an operator's process and not of the measuring one.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from hawadith.classifier import IncidentClassifier
from hawadith.readers import ReadOptions, read_rows
from hawadith.records import Record
from hawadith.scoring import SHARD_ROWS


def main(arguments: Sequence[str]) -> int:
    """Score and report.

    Args:
        arguments: Bundle folder, file of articles, articles at most, passes.

    Returns:
        The exit status; one JSON object on standard output.
    """
    bundle, data, limit, passes = Path(arguments[0]), Path(arguments[1]), int(arguments[2]), int(arguments[3])
    rows = islice(read_rows([data], options=ReadOptions()), limit)
    articles = [row for row in rows if isinstance(row, Record)]
    classifier = IncidentClassifier.load(bundle)
    classifier.predict(articles[:1])
    ready_at = time.time()
    seconds, tokens = [], 0
    for _ in range(passes):
        started = time.perf_counter()
        tokens = _score(classifier, articles)
        seconds.append(time.perf_counter() - started)
    report = {
        "ready_at": ready_at,
        "seconds": seconds,
        "articles": len(articles),
        "tokens": tokens,
        "peak_memory": read_peak_memory(),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


def read_peak_memory() -> int:
    """Bytes that this program held in memory at most.

    Returns:
        Linux's high-water mark of the program itself: `ru_maxrss`, taken elsewhere, keeps that of the process that started it there.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        [mark] = [line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM:")]
        return int(mark.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _score(classifier: IncidentClassifier, articles: Sequence[Record]) -> int:
    """Score all articles without evidence; the tokens that they have."""
    predictions = [
        prediction
        for start in range(0, len(articles), SHARD_ROWS)
        for prediction in classifier.predict(articles[start : start + SHARD_ROWS], evidence=False)
    ]
    return sum(prediction.n_tokens for prediction in predictions)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
