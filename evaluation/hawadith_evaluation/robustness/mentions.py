"""Where a text mentions which actor: whole words, longest names first, behind the prefixes that Arabic writes onto a word.

`لبنان` is no `ل` with `بنان`, `حزب الله` within `كتائب حزب الله` is another actor, `المحيط الهندي` is none. So a text is read word by
word, a word is looked up as it stands before any prefix is taken off it, and the longest form wins. Spelling is folded as writers vary it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hawadith_evaluation.robustness.actors import ENDINGS, Actor, ActorList, Slot

_WORD = re.compile(r"[^\W_](?:[\w\u0640\u064b-\u065f\u0670]*[\w\u064b-\u065f\u0670])?")
_MARKS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
_FOLD = str.maketrans("أإآٱىةؤئ", "اااايهوي")
_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "فك")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One mention of an actor.

    Attributes:
        start: First code point.
        end: One past the last code point.
        kind: The actor's kind.
        actor: The actor.
        slot: What the form does in its sentence.
        definite: Whether it is an adjective with the article.
        prefix: Letters written onto it.
    """

    start: int
    end: int
    kind: str
    actor: Actor
    slot: Slot
    definite: bool
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    words: tuple[str, ...]
    kind: str = ""
    actor: Actor | None = None
    slot: Slot = "name"
    definite: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The forms of a list of actors, by their folded first word; the longest first."""

    forms: dict[str, list[_Form]]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str


def build_lexicon(actors: ActorList) -> Lexicon:
    """Build the lexicon of a list.

    A form that two slots or actors share belongs to the first: a name before an adjective (`سوريا`), an actor before those listed later.

    Args:
        actors: The list.

    Returns:
        Its lexicon.
    """
    known: dict[tuple[str, ...], _Form] = {}
    for form in sorted(_list_forms(actors), key=lambda form: form.actor is not None and form.slot in ENDINGS):
        known.setdefault(form.words, form)
    by_first: dict[str, list[_Form]] = defaultdict(list)
    for form in sorted(known.values(), key=lambda form: -len(form.words)):
        by_first[form.words[0]].append(form)
    return Lexicon(dict(by_first))


def _list_forms(actors: ActorList) -> Iterator[_Form]:
    yield from (_Form(words=_fold_words(phrase)) for phrase in actors.protected)
    for kind, members in actors.kinds.items():
        for actor in members:
            skipped = {_fold_words(form) for form in actor.skip}
            for text, slot, definite in actor.forms():
                words = _fold_words(text)
                if words not in skipped:
                    yield _Form(words=words, kind=kind, actor=actor, slot=slot, definite=definite)


def find_mentions(text: str, *, lexicon: Lexicon) -> list[Mention]:
    """Find the mentions of actors.

    Args:
        text: Raw text.
        lexicon: The forms to look for.

    Returns:
        Mentions in order, disjoint.
    """
    words = [_Word(*match.span(), _fold_word(match[0])) for match in _WORD.finditer(text)]
    mentions = []
    position = 0
    while position < len(words):
        found = _match(text, words, position, lexicon)
        if found is None:
            position += 1
            continue
        form, prefix = found
        last = position + len(form.words) - 1
        if form.actor is not None:
            mentions.append(
                Mention(
                    start=words[position].start,
                    end=words[last].end,
                    kind=form.kind,
                    actor=form.actor,
                    slot=form.slot,
                    definite=form.definite,
                    prefix=prefix,
                )
            )
        position = last + 1
    return mentions


def _match(text: str, words: Sequence[_Word], position: int, lexicon: Lexicon) -> tuple[_Form, str] | None:
    """The longest form that begins at a word, and its prefix; of equally long ones that with the shorter prefix."""
    best: tuple[_Form, str] | None = None
    for prefix, first in _readings(words[position].folded):
        for form in lexicon.forms.get(first, ()):
            if best is not None and len(form.words) <= len(best[0].words):
                break
            if _follows(text, words, position, form.words[1:]):
                best = form, prefix
                break
    return best


def _follows(text: str, words: Sequence[_Word], position: int, rest: Sequence[str]) -> bool:
    """Whether the words behind a position are these, with nothing but white space between."""
    if position + len(rest) >= len(words):
        return False
    following = range(position + 1, position + 1 + len(rest))
    return all(
        words[place].folded == word and text[words[place - 1].end : words[place].start].isspace()
        for place, word in zip(following, rest, strict=True)
    )


def _readings(word: str) -> list[tuple[str, str]]:
    """A word as it stands, then as prefix and rest, an article behind `ل` restored."""
    readings = []
    for prefix in _PREFIXES:
        if not word.startswith(prefix) or len(word) - len(prefix) < 2:
            continue
        rest = word[len(prefix) :]
        if prefix.endswith("ل") and rest.startswith("ل"):
            readings += [
                (prefix, f"ا{rest}"),
                (prefix, f"ال{rest}"),
            ]  # for, and the article; of three lams one is not written
        readings.append((prefix, rest))
    return readings


def _fold_words(phrase: str) -> tuple[str, ...]:
    return tuple(_fold_word(word) for word in phrase.split())


def _fold_word(word: str) -> str:
    return _MARKS.sub("", word).translate(_FOLD)
