"""Large inputs for slow tests: sentences of the sample articles, shuffled into new articles from a seed."""

import json
import random
import re
from pathlib import Path

from tests.builders import SAMPLES


def write_corpus(path: Path, *, articles: int, seed: int = 5) -> Path:
    """Write invented articles of some 200 words as JSON lines; one row of a thousand is torn."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    texts = [json.loads(line)["text"] for line in SAMPLES.read_text("utf-8").splitlines()]
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.؟!])\s+", text) if len(sentence) > 30]
    with path.open("w", encoding="utf-8") as stream:
        for number in range(articles):
            text = " ".join(chance.choices(sentences, k=18))
            row = json.dumps({"id": f"n{number}", "title": text[:60], "text": text}, ensure_ascii=False)
            stream.write((row[:40] if number % 1_000 == 500 else row) + "\n")
    return path
