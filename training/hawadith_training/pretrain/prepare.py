"""From raw articles to a vocabulary and token shards; goes on after any stop, and is skipped once it is done."""

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from hawadith.errors import ConfigError, DataError
from hawadith.records import Record, Row
from hawadith.text.article import TextProfile
from hawadith.text.residue import RESIDUE_VERSION
from hawadith.tokens import WordPieceTokenizer
from hawadith.writers.atomic import replace_file
from hawadith_training.pretrain.config import PretrainConfig
from hawadith_training.pretrain.corpus import describe_corpus, find_corpus, read_corpus
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.identity import claim, lock_folder
from hawadith_training.pretrain.shards import ShardCounts, read_counts, shard_folder, write_shard
from hawadith_training.pretrain.text import TextWorkers, open_workers

_LOGGER = logging.getLogger("hawadith")

TOKENIZER = "tokenizer.json"
_DONE = "done.json"

OnShard = Callable[[ShardCounts], None]
"""Called with the totals so far after each shard."""


def is_prepared(folder: Path) -> bool:
    """Whether a corpus is tokenised to its end."""
    return (folder / _DONE).is_file()


def prepare_corpus(config: PretrainConfig, *, deadline: Deadline, n_workers: int, on_shard: OnShard) -> bool:
    """Learn the vocabulary and tokenise the corpus, from where an earlier start stopped.

    Args:
        config: A checked configuration.
        deadline: Ends the work between two shards.
        n_workers: Processes that prepare articles.
        on_shard: Called with the totals so far after each shard.

    Returns:
        Whether all is done.

    Raises:
        ConfigError: If the folder holds another corpus, vocabulary or profile.
        DataError: If a file is missing, or the corpus holds nothing to learn from.
        OutputError: If another process works there.
    """
    folder = config.prepared_folder
    files = find_corpus(config.corpus.paths)
    profile = TextProfile(preclean=RESIDUE_VERSION if config.preclean else 0)
    with lock_folder(folder), open_workers(n_workers, profile=profile) as workers:
        claim(folder / "source.json", identity=_describe(config, files=files, profile=profile))
        _take_tokenizer(config, files=files, workers=workers)
        if is_prepared(folder):
            return True
        return _tokenise(config, files=files, workers=workers, deadline=deadline, on_shard=on_shard)


def total(counts: Sequence[ShardCounts]) -> ShardCounts:
    """The sum of what shards hold."""
    values = [asdict(shard) for shard in counts]
    return ShardCounts(**{name: sum(shard[name] for shard in values) for name in ShardCounts.__slots__})


def _describe(config: PretrainConfig, *, files: Sequence[Path], profile: TextProfile) -> dict[str, object]:
    return {
        "corpus": describe_corpus(files),
        "profile": asdict(profile),
        "held_out_every": config.corpus.held_out_every,
        "shard_rows": config.corpus.shard_rows,
    }


def _take_tokenizer(config: PretrainConfig, *, files: Sequence[Path], workers: TextWorkers) -> None:
    target, origin = config.prepared_folder / TOKENIZER, config.prepared_folder / "vocabulary.json"
    given = config.vocabulary.path if config.start is None else str(Path(config.start) / TOKENIZER)
    if given is None:
        claim(origin, identity={"given": False, "size": config.vocabulary.size, "every": config.vocabulary.every})
        if not target.is_file():
            _learn_tokenizer(config, files=files, workers=workers)
        return
    WordPieceTokenizer.load(Path(given))  # refuses one that texts could smuggle special tokens into
    if not target.is_file():
        claim(origin, identity={"given": True})
        with replace_file(target) as draft:
            shutil.copyfile(given, draft)
    if target.read_bytes() != Path(given).read_bytes():
        raise ConfigError(
            f"{target} is not {given}, and the corpus was tokenised with it. Set corpus.prepared to another folder."
        )


def _learn_tokenizer(config: PretrainConfig, *, files: Sequence[Path], workers: TextWorkers) -> None:
    # Late: the only step that needs transformers, which takes seconds to import.
    from hawadith_training.pretrain.vocabulary import learn_vocabulary

    _LOGGER.info("Learning %d word-pieces.", config.vocabulary.size)
    chosen = (row for row in islice(read_corpus(files), 0, None, config.vocabulary.every) if isinstance(row, Record))
    texts: list[str] = []
    while batch := list(islice(chosen, config.corpus.shard_rows)):
        texts += workers.normalise(batch)
    learn_vocabulary(texts, size=config.vocabulary.size, target=config.prepared_folder / TOKENIZER)


def _tokenise(
    config: PretrainConfig, *, files: Sequence[Path], workers: TextWorkers, deadline: Deadline, on_shard: OnShard
) -> bool:
    folder = config.prepared_folder
    counts = read_counts(folder)
    n_done = sum(shard.rows for shard in counts)
    rows = enumerate(islice(read_corpus(files), n_done, None), start=n_done)
    sep_id = WordPieceTokenizer.load(folder / TOKENIZER).sep_id
    for batch in _batches(rows, size=config.corpus.shard_rows):
        if deadline.is_over:
            return False
        shard = _write_shard(batch, config=config, workers=workers, number=len(counts), sep_id=sep_id)
        counts.append(shard)
        on_shard(total(counts))
    _finish(folder, counts=total(counts))
    return True


def _batches(rows: Iterator[tuple[int, Row]], *, size: int) -> Iterator[list[tuple[int, Row]]]:
    while batch := list(islice(rows, size)):
        yield batch


def _write_shard(
    batch: Sequence[tuple[int, Row]], *, config: PretrainConfig, workers: TextWorkers, number: int, sep_id: int
) -> ShardCounts:
    folder = config.prepared_folder
    records = [(place, row) for place, row in batch if isinstance(row, Record)]
    articles = workers.tokenise([record for _, record in records], tokenizer=folder / TOKENIZER)
    every = config.corpus.held_out_every
    readable = [(place, article) for (place, _), article in zip(records, articles, strict=True) if len(article.ids)]
    return write_shard(
        shard_folder(folder, number),
        learned=[article for place, article in readable if place % every],
        held_out=[article for place, article in readable if place % every == 0],
        sep_id=sep_id,
        rows=len(batch),
        bad_rows=len(batch) - len(records),
    )


def _finish(folder: Path, *, counts: ShardCounts) -> None:
    if not counts.tokens:
        raise DataError("corpus.paths hold nothing that could be learned from. Set others.")
    if counts.bad_rows:
        _LOGGER.warning("%d of %d rows of the corpus cannot be read and are left out.", counts.bad_rows, counts.rows)
    with replace_file(folder / _DONE) as draft:
        draft.write_text(json.dumps(asdict(counts)) + "\n", encoding="utf-8")
