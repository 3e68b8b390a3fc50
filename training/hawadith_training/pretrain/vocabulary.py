"""Learns the word-pieces of our own encoder.

The `tokenizers` library breaks ties between merges by ids that it hands out in the order of a hash map, so that two runs on the same texts
differ. Naming every character beforehand fixes the ids, and the vocabulary is the same in every run.
"""

from collections.abc import Sequence
from pathlib import Path

from tokenizers.trainers import WordPieceTrainer

from hawadith.text.addresses import PLACEHOLDERS
from hawadith.writers.atomic import replace_file
from hawadith_training.encoder.tokenizer_file import SPECIAL_TOKENS, build_tokenizer

_CONTINUED = "##"


def learn_vocabulary(texts: Sequence[str], *, size: int, target: Path) -> None:
    """Learn word-pieces and write them as a `tokenizer.json`.

    Args:
        texts: Texts in the profile.
        size: Word-pieces at most, special tokens included; more only where the characters alone exceed it.
        target: The file.
    """
    reserved = (*SPECIAL_TOKENS, *PLACEHOLDERS)
    characters = sorted({character for text in texts for character in set(text) if not character.isspace()})
    named = [*reserved, *characters, *(f"{_CONTINUED}{character}" for character in characters)]
    learner = build_tokenizer({token: position for position, token in enumerate(reserved)})
    learner.train_from_iterator(
        texts, trainer=WordPieceTrainer(vocab_size=size, special_tokens=named, show_progress=False)
    )
    # Built anew from the vocabulary: to the trainer everything named beforehand is special, which characters and placeholders are not.
    with replace_file(target) as draft:
        build_tokenizer(learner.get_vocab(with_added_tokens=True)).save(str(draft))
