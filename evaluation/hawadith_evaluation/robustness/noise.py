"""What happens to an article on its way: a poor scan, another order of its sentences, the furniture of a web page around it.

Unlike another spelling, noise loses something: some words of a scan can no longer be read, and a sentence out of its place may refer to
nothing. So a model may change a few decisions here, and the tolerances are looser.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hawadith.text.aligned import Span, code_points, outside, text_of
from hawadith.text.article import TextProfile, prepare_article
from hawadith_evaluation.robustness.wording import load_wording

_CONFUSED_RATE = 0.01
_MERGED_RATE = 0.01
_SPLIT_RATE = 0.002

_LOOKALIKES = ("بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق", "هة", "كل")
"""Letters that only dots, or a stroke, tell apart."""


def scan_poorly(text: str, random: np.random.Generator) -> str:
    """Confuse one letter in a hundred with one of other dots, lose one space in a hundred, and break some words."""
    codes = code_points(text).copy()
    table = _lookalikes()
    known = np.flatnonzero(np.isin(codes, list(table)) & (random.random(len(codes)) < _CONFUSED_RATE))
    codes[known] = [random.choice(table[int(code)]) for code in codes[known]]
    spaces = codes == ord(" ")
    merged = spaces & (random.random(len(codes)) < _MERGED_RATE)
    inside = ~spaces[:-1] & ~spaces[1:] & (random.random(max(len(codes) - 1, 0)) < _SPLIT_RATE)
    split = np.insert(codes, np.flatnonzero(inside) + 1, ord(" "))
    return text_of(split[~np.insert(merged, np.flatnonzero(inside) + 1, values=False)])


@cache
def _lookalikes() -> Mapping[int, NDArray[np.uint32]]:
    return {
        ord(letter): code_points("".join(other for other in group if other != letter))
        for group in _LOOKALIKES
        for letter in group
    }


def shuffle_sentences(text: str, random: np.random.Generator) -> str:
    """Put the sentences in another order; what lies between them, and page residue, stays in its place."""
    spans = find_sentences(text)
    sentences = [text[start:end] for start, end in spans]
    between = [text[start:end] for start, end in outside(spans, len(text))]
    drawn = [sentences[place] for place in random.permutation(len(sentences))]
    return "".join(part for pair in zip(between, [*drawn, ""], strict=True) for part in pair)


def find_sentences(text: str) -> list[Span]:
    """The sentences that a model reads: page residue is left out."""
    return [(int(start), int(end)) for start, end in prepare_article("", text, profile=TextProfile()).text.sentences]


def add_share_bar(text: str, random: np.random.Generator) -> str:
    """Put a bar of share buttons above and below the text."""
    wording = load_wording()
    return "\n".join([*_draw(wording.buttons, 3, random), text, *_draw(wording.buttons, 4, random)]) if text else text


def add_related_links(text: str, random: np.random.Generator) -> str:
    """Put a list of other headlines below the text; one of them is of an incident, which the article does not report."""
    if not text:
        return text
    wording = load_wording()
    headlines = [*_draw(wording.headlines, 3, random), *_draw(wording.incident_headlines, 1, random)]
    return "\n".join([text, *_draw(wording.link_headers, 1, random), *_draw(headlines, len(headlines), random)])


def _draw(choices: Sequence[str], count: int, random: np.random.Generator) -> list[str]:
    return [choices[place] for place in random.permutation(len(choices))[:count]]
