"""An export's part of the card is written once, at the end, whatever was there before."""

from hawadith_evaluation.estimates import Estimate
from hawadith_training.card_runtime import render_runtime, replace_runtime
from hawadith_training.gate import GateResult

RESULT = GateResult(
    reference=Estimate(value=0.8, low=0.7, high=0.9),
    candidate=Estimate(value=0.798, low=0.69, high=0.9),
    drop=Estimate(value=0.002, low=-0.001, high=0.004),
    changed=Estimate(value=0.001),
    n_changed=2,
    n_decisions=2000,
    largest_shift=0.0123,
    n=1000,
)


def test_render_runtime_shows_every_figure_with_its_bound() -> None:
    section = render_runtime(precision="int8", result=RESULT)
    for part in ("`int8`", "0.8000 [0.7000, 0.9000]", "+0.0020 [", "2 of 2000: 0.0010", "0.0123", "at most 0.005"):
        assert part in section


def test_replace_runtime_leaves_one_section_at_the_end() -> None:
    card = "# Model\n\n## Figures\n\nGood.\n\n## Limits\n\nMany.\n"
    first = replace_runtime(card, section=render_runtime(precision="int8", result=RESULT))
    again = replace_runtime(first, section=render_runtime(precision="fp32", result=None))
    assert again.count("## Runtime") == 1
    assert "`fp32`" in again.rpartition("## Runtime")[2]
    assert again.startswith(card.rstrip())
