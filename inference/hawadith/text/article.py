"""The one way from a raw article to what a model reads, for training, evaluation and inference alike.

A model is only as good as the sameness of these steps at training and at scoring time, so nobody else composes them, and a bundle stores
the `TextProfile` that says which versions it was trained with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import BundleError
from hawadith.text.aligned import AlignedText, Span, code_points, outside
from hawadith.text.arabert import PROFILE, PROFILE_VERSION, drop_marks, normalise_aligned
from hawadith.text.presentation import fold_presentation
from hawadith.text.residue import RESIDUE_VERSION, find_residue
from hawadith.text.sentences import split_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class TextProfile:
    """Which text steps a model was trained with.

    Attributes:
        name: The profile's name.
        version: The profile's version.
        preclean: The version of the cleaning before the profile; 0 leaves it out.
        max_chars: Characters read of each field; more are cut off before anything else, so that no article costs more than that.

    Raises:
        BundleError: If this code cannot reproduce the steps.
    """

    name: str = PROFILE
    version: int = PROFILE_VERSION
    preclean: int = RESIDUE_VERSION
    max_chars: int = 200_000

    def __post_init__(self) -> None:
        readable = f"this code reads {PROFILE!r} version {PROFILE_VERSION} with preclean 0 or {RESIDUE_VERSION}"
        if (self.name, self.version) != (PROFILE, PROFILE_VERSION):
            raise BundleError(
                f"Text profile {self.name!r} version {self.version} is unknown; {readable}. "
                "Use the hawadith version that trained the model, or train it anew."
            )
        if self.preclean not in (0, RESIDUE_VERSION):
            raise BundleError(
                f"Text profile with preclean {self.preclean!r} is unknown; {readable}. "
                "Use the hawadith version that trained the model, or train it anew."
            )
        if self.max_chars < 1:
            raise BundleError(f"Text profile with max_chars {self.max_chars}; it must be at least 1.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedField:
    """One field of an article, ready to be read by a model.

    Attributes:
        raw: The field as published, uncut.
        profile: What the model reads, aligned with `raw`.
        sentences: Raw spans of the sentences, shape (sentences, 2); those of which the profile keeps nothing are left out.
        sentence_profile_spans: The same sentences as spans of `profile.text`, shape (sentences, 2); disjoint.
    """

    raw: str
    profile: AlignedText
    sentences: NDArray[np.int32]
    sentence_profile_spans: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedArticle:
    """An article, ready to be read by a model.

    Attributes:
        title: The headline.
        text: The body.
        truncated: Whether characters beyond the profile's `max_chars` were not read.
    """

    title: PreparedField
    text: PreparedField
    truncated: bool

    @property
    def is_empty(self) -> bool:
        """Whether neither field holds anything readable."""
        return not self.title.profile.text and not self.text.profile.text


def prepare_article(title: str, text: str, *, profile: TextProfile) -> PreparedArticle:
    """Make an article ready for a model: cap its characters, clean it, bring it into the profile, find its sentences.

    Args:
        title: The headline as published.
        text: The body as published.
        profile: Which steps to take.

    Returns:
        Both fields with profile text, alignment and sentences.
    """
    return PreparedArticle(
        title=_prepare_field(title, profile=profile),
        text=_prepare_field(text, profile=profile),
        truncated=max(len(title), len(text)) > profile.max_chars,
    )


def _prepare_field(raw: str, *, profile: TextProfile) -> PreparedField:
    read = AlignedText.from_raw(raw[: profile.max_chars])
    # Residue and sentences are looked for without tashkeel, tatweel and invisible marks, so that these change neither.
    bare = drop_marks(read)
    residue: list[Span] = []
    if profile.preclean:
        bare = fold_presentation(bare)
        residue = find_residue(bare.text)
        read = bare.without(residue)
    normalised = normalise_aligned(read)
    raw_spans = np.array(
        [bare.raw_span(*span) for span in _sentences_between(bare.text, residue)], dtype=np.int32
    ).reshape(-1, 2)
    profile_spans = _profile_spans(normalised, raw_spans)
    readable = profile_spans[:, 0] < profile_spans[:, 1]
    return PreparedField(
        raw=raw, profile=normalised, sentences=raw_spans[readable], sentence_profile_spans=profile_spans[readable]
    )


def _sentences_between(text: str, residue: Sequence[Span]) -> list[Span]:
    """The sentences of what lies between the residue; residue always ends a sentence."""
    return [
        (first + start, first + end)
        for first, last in outside(residue, len(text))
        for start, end in split_sentences(text[first:last])
    ]


def _profile_spans(profile: AlignedText, raw_spans: NDArray[np.int32]) -> NDArray[np.int32]:
    """Each profile character belongs to the sentence that holds its first raw code point; outer spaces to none."""
    spans = np.searchsorted(profile.starts, raw_spans).astype(np.int32)
    spans[1:, 0] = np.maximum(spans[1:, 0], spans[:-1, 1])
    is_space = code_points(profile.text) == ord(" ")
    padded = np.append(is_space, [False, False])  # runs of spaces are never longer than one
    spans[:, 0] += padded[spans[:, 0]] & (spans[:, 0] < spans[:, 1])
    spans[:, 1] -= padded[spans[:, 1] - 1] & (spans[:, 0] < spans[:, 1])
    return spans
