"""One actor in another's place, in the whole article: what a model must not care about.

A swap keeps what the article reports: the same act, by or upon an actor of the same kind. All mentions of one actor are exchanged, names,
people, adjectives and seat of government alike, for the forms of one other actor that the article does not mention; had it been there
already, two parties of the story would become one. What the list does not know (a leader's name, a town) stays and may give the actor away.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from hawadith.records import Record
from hawadith_evaluation.robustness.actors import Actor, ActorList, attach
from hawadith_evaluation.robustness.mentions import Lexicon, Mention, find_mentions
from hawadith_evaluation.robustness.perturbations import with_texts

_EXCERPT_REACH = 60
_OPENING = ' «"“‘(['


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
    found = _Found.read(record, lexicon=lexicon)
    swaps = []
    for kind, source in found.most_mentioned():
        peers = found.possible_targets(kind, source, actors=actors, taken=found.present)
        for place in random.permutation(len(peers))[:targets]:
            changed = found.exchange({source.id: peers[place]})
            excerpt = found.show(changed, source)
            swaps.append(Swap(record=changed, kind=kind, source=source, target=peers[place], excerpt=excerpt))
    return swaps


def exchange_actors(record: Record, random: np.random.Generator, *, actors: ActorList, lexicon: Lexicon) -> Record:
    """Exchange every actor of an article at once, each for another that the article does not mention.

    Args:
        record: The article.
        random: Draws the actors that are put in.
        actors: Who can be exchanged for whom.
        lexicon: Of the same list.

    Returns:
        The changed article; the very record where nothing can be exchanged.
    """
    found = _Found.read(record, lexicon=lexicon)
    taken = set(found.present)
    mapping: dict[str, Actor] = {}
    for (kind, _), source in found.present.items():
        peers = found.possible_targets(kind, source, actors=actors, taken=taken)
        if peers:
            mapping[source.id] = peers[random.integers(len(peers))]
            taken.add((kind, mapping[source.id].id))
    return found.exchange(mapping)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An article and the mentions of actors in its fields."""

    record: Record
    title: Sequence[Mention]
    text: Sequence[Mention]
    present: Mapping[tuple[str, str], Actor]

    @classmethod
    def read(cls, record: Record, *, lexicon: Lexicon) -> Self:
        title = find_mentions(record.title, lexicon=lexicon)
        text = find_mentions(record.text, lexicon=lexicon)
        present = {(mention.kind, mention.actor.id): mention.actor for mention in (*title, *text)}
        return cls(record=record, title=title, text=text, present=present)

    def most_mentioned(self) -> Iterator[tuple[str, Actor]]:
        """Of each kind in the article, the actor with most mentions, of equals the first."""
        counts = Counter((mention.kind, mention.actor.id) for mention in (*self.title, *self.text))
        seen = set()
        for (kind, id_), _ in counts.most_common():
            if kind not in seen:
                seen.add(kind)
                yield kind, self.present[kind, id_]

    def possible_targets(
        self, kind: str, source: Actor, *, actors: ActorList, taken: Collection[tuple[str, str]]
    ) -> list[Actor]:
        """Peers that are not taken and have a form for every place where the source stands."""
        places = {(m.slot, m.definite) for m in (*self.title, *self.text) if m.actor is source}
        return [
            peer
            for peer in actors.peers(kind, source)
            if (kind, peer.id) not in taken
            and all(peer.fill(slot, definite=definite) is not None for slot, definite in places)
        ]

    def exchange(self, mapping: Mapping[str, Actor]) -> Record:
        return with_texts(
            self.record,
            title=put_in_place(self.record.title, mentions=self.title, mapping=mapping),
            text=put_in_place(self.record.text, mentions=self.text, mapping=mapping),
        )

    def show(self, changed: Record, source: Actor) -> str:
        """The changed text around the place of the first mention, which nothing before it has moved."""
        starts = [mention.start for mention in self.text if mention.actor is source]
        field = changed.text if starts else changed.title
        first = starts[0] if starts else next(mention.start for mention in self.title if mention.actor is source)
        return field[max(0, first - _EXCERPT_REACH) : first + _EXCERPT_REACH].strip()


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
