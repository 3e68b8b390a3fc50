"""A run stops when its time is over, or when it is asked to."""

import signal
import subprocess
import sys

from hawadith_training.pretrain.deadline import Deadline

# In a process of its own: after two thousand tests, signals of this one meet whatever native libraries have done to its stacks.
ASK_TWICE = """
import os, signal
from hawadith_training.pretrain.deadline import Deadline
deadline = Deadline(None)
with deadline.heed_signals():
    os.kill(os.getpid(), signal.SIGINT)
    print(deadline.is_over)
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        print("interrupted")
"""


def test_deadline_is_over_after_its_minutes() -> None:
    assert Deadline(0).is_over
    assert not Deadline(5).is_over
    assert not Deadline(None).is_over


def test_deadline_heeds_a_wish_to_stop_once_and_lets_the_second_through() -> None:
    asked = subprocess.run([sys.executable, "-c", ASK_TWICE], check=True, capture_output=True, text=True)
    assert asked.stdout.split() == ["True", "interrupted"]


def test_deadline_gives_signals_back() -> None:
    former = signal.getsignal(signal.SIGTERM)
    with Deadline(None).heed_signals():
        assert signal.getsignal(signal.SIGTERM) is not former
    assert signal.getsignal(signal.SIGTERM) is former
