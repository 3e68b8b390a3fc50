"""A run stops when its time is over, or when it is asked to."""

import os
import signal

import pytest

from hawadith_training.pretrain.deadline import Deadline


def test_deadline_is_over_after_its_minutes() -> None:
    assert Deadline(0).is_over
    assert not Deadline(5).is_over
    assert not Deadline(None).is_over


def test_deadline_heeds_a_wish_to_stop_once_and_lets_the_second_through() -> None:
    deadline = Deadline(None)
    with deadline.heed_signals():
        os.kill(os.getpid(), signal.SIGINT)
        assert deadline.is_over
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_deadline_gives_signals_back() -> None:
    former = signal.getsignal(signal.SIGTERM)
    with Deadline(None).heed_signals():
        assert signal.getsignal(signal.SIGTERM) is not former
    assert signal.getsignal(signal.SIGTERM) is former
