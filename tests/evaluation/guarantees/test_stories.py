"""Stories: articles counted by their worst member."""

import numpy as np
import pytest

from hawadith_evaluation.guarantees.stories import gather_stories

P = np.array([0.9, 0.4, 0.7, 0.2, 0.6, 0.3])
TRUTH = np.array([True, True, False, False, True, False])
GROUPS = np.array([7, 7, 3, 3, 5, 5])


def test_story_is_found_when_each_of_its_positive_articles_is() -> None:
    stories = gather_stories(P, truth=TRUTH, groups=GROUPS)
    assert sorted(stories.lowest) == [0.4, 0.6]
    assert [stories.recall(threshold) for threshold in (0.3, 0.5, 0.7)] == [1.0, 0.5, 0.0]


def test_story_is_given_rightly_when_none_of_its_articles_is_given_wrongly() -> None:
    stories = gather_stories(P, truth=TRUTH, groups=GROUPS)
    at = np.array([0.8, 0.65, 0.5, 0.25])
    assert stories.count_given(at).tolist() == [1, 2, 3, 3]
    assert stories.count_right(at).tolist() == [1, 1, 2, 1]
    assert stories.precision(0.5) == pytest.approx(2 / 3)


def test_articles_of_their_own_are_counted_as_they_are() -> None:
    stories = gather_stories(P, truth=TRUTH, groups=np.arange(6))
    for threshold in (0.1, 0.3, 0.5, 0.95):
        given = threshold <= P
        assert stories.recall(threshold) == (given & TRUTH).sum() / TRUTH.sum()
        assert stories.precision(threshold) == (pytest.approx(TRUTH[given].mean()) if given.any() else None)


def test_threshold_on_a_probability_gives_it() -> None:
    stories = gather_stories(P, truth=TRUTH, groups=np.arange(6))
    assert stories.count_given(np.array([0.9])).tolist() == [1]
    assert stories.count_right(np.array([0.7])).tolist() == [1]


def test_no_positive_story_has_no_recall() -> None:
    assert gather_stories(P, truth=np.zeros(6, dtype=np.bool_), groups=GROUPS).recall(0.1) is None
    nothing = gather_stories(P[:0], truth=TRUTH[:0], groups=GROUPS[:0])
    assert (nothing.recall(0.5), nothing.precision(0.5)) == (None, None)
