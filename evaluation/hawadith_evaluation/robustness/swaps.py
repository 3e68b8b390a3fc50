"""One actor in another's place, in the whole article: what a model must not care about.

A swap keeps what the article reports: the same act, by or upon an actor of the same kind. All mentions of one actor are exchanged, names,
people, adjectives and seat of government alike, for the forms of one other actor that the article does not mention; had it been there
already, two parties of the story would become one. What the list does not know (a leader's name, a town) stays and may give the actor away.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hawadith.records import Record
from hawadith_evaluation.robustness.actors import Actor, ActorList, attach
from hawadith_evaluation.robustness.mentions import Lexicon, Mention, find_mentions
from hawadith_evaluation.robustness.perturbations import with_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """An article with one actor exchanged.

    Attributes:
        record: The changed article.
        kind: The kind of both actors.
        source: Who was there.
        target: Who is there now.
        excerpt: Where the first mention was, for a reader.
    """

    record: Record
    kind: str
    source: Actor
    target: Actor
    excerpt: str


_EXCERPT_REACH = 60
_OPENING = ' «"“‘(['


def swap_actors(
    record: Record, random: np.random.Generator, *, actors: ActorList, lexicon: Lexicon, targets: int = 1
) -> list[Swap]:
    """Exchange, kind by kind, the actor that an article mentions most.

    Args:
        record: The article.
        random: Draws the actors that are put in.
        actors: Who can be exchanged for whom.
        lexicon: Of the same list.
        targets: How many others to try for each kind, where there are as many.

    Returns:
        The swaps, none where the article mentions no actor that has a peer.
    """
    title = find_mentions(record.title, lexicon=lexicon)
    text = find_mentions(record.text, lexicon=lexicon)
    swaps = []
    for kind, source in _most_mentioned([*title, *text]):
        mentions = [mention for mention in (*title, *text) if mention.actor is source]
        peers = _possible_targets(kind, source, mentions, present=[*title, *text], actors=actors)
        for place in random.permutation(len(peers))[:targets]:
            swaps.append(_swap(record, kind=kind, source=source, target=peers[place], title=title, text=text))
    return swaps


def _most_mentioned(mentions: Sequence[Mention]) -> Iterator[tuple[str, Actor]]:
    counts = Counter((mention.kind, mention.actor.id) for mention in mentions)
    by_id = {(mention.kind, mention.actor.id): mention.actor for mention in mentions}
    seen = set()
    for (kind, id_), _ in counts.most_common():
        if kind not in seen:
            seen.add(kind)
            yield kind, by_id[kind, id_]


def _possible_targets(
    kind: str, source: Actor, mentions: Sequence[Mention], *, present: Sequence[Mention], actors: ActorList
) -> list[Actor]:
    there = {mention.actor.id for mention in present}
    return [
        other
        for other in actors.peers(kind, source)
        if other.id not in there
        and all(other.fill(mention.slot, definite=mention.definite) is not None for mention in mentions)
    ]


def _swap(
    record: Record, *, kind: str, source: Actor, target: Actor, title: Sequence[Mention], text: Sequence[Mention]
) -> Swap:
    mapping = {source.id: target}
    changed = with_texts(
        record,
        title=put_in_place(record.title, mentions=title, mapping=mapping),
        text=put_in_place(record.text, mentions=text, mapping=mapping),
    )
    field, mentions = (changed.text, text) if source.id in {m.actor.id for m in text} else (changed.title, title)
    first = next(mention.start for mention in mentions if mention.actor is source)
    excerpt = field[max(0, first - _EXCERPT_REACH) : first + _EXCERPT_REACH].strip()
    return Swap(record=changed, kind=kind, source=source, target=target, excerpt=excerpt)


def put_in_place(text: str, *, mentions: Sequence[Mention], mapping: Mapping[str, Actor]) -> str:
    """Write other actors where some are mentioned.

    Args:
        text: The text of the mentions.
        mentions: In order, disjoint.
        mapping: By the id of an actor, who takes its place; others stay, and so does a form that the other cannot fill.

    Returns:
        The changed text.
    """
    parts, done = [], 0
    for mention in mentions:
        target = mapping.get(mention.actor.id)
        phrase = None if target is None else target.fill(mention.slot, definite=mention.definite)
        if phrase is None:
            continue
        before = text[done : mention.start]
        parts += [before, attach(mention.prefix, _leave_out_head(phrase, before=before))]
        done = mention.end
    return "".join([*parts, text[done:]])


def _leave_out_head(phrase: str, *, before: str) -> str:
    """The phrase without its first word where the text has just said it: `تنظيم «داعش»` takes a name, not another `تنظيم`."""
    head, _, rest = phrase.partition(" ")
    return rest if rest and before.rstrip(_OPENING).endswith(head) else phrase
