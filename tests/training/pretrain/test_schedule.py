"""Steps and learning rates are functions of the step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith_training.pretrain.config import OptimiserConfig, PhaseConfig
from hawadith_training.pretrain.schedule import learning_rate, plan_steps


def rates(n_steps: int = 100, **settings: object) -> list[float]:
    config = OptimiserConfig(learning_rate=1.0, **settings)  # type: ignore[arg-type]
    return [learning_rate(step, n_steps=n_steps, config=config) for step in range(n_steps)]


def test_plan_rounds_each_phase_up_to_whole_steps() -> None:
    plan = plan_steps([PhaseConfig(length=16, tokens=100), PhaseConfig(length=30, tokens=120)], batch_tokens=64)
    first, second = plan.phases
    assert (first.n_blocks, first.n_steps, second.n_blocks, second.n_steps) == (4, 2, 2, 2)
    assert (plan.n_steps, plan.n_tokens) == (4, 248)
    assert [plan.phase_at(step).number for step in range(5)] == [0, 0, 1, 1, 1]
    assert [plan.tokens_before(step) for step in range(5)] == [0, 64, 128, 188, 248]


@pytest.mark.parametrize("schedule", ["linear", "cosine", "trapezoid"])
def test_learning_rate_rises_to_its_peak_and_falls_to_almost_nothing(schedule: str) -> None:
    rate = rates(schedule=schedule, warmup=0.1, decay=0.3)
    peak = rate.index(max(rate))
    assert rate[0] == pytest.approx(0.05)
    assert 0.97 < max(rate) <= 1
    assert 9 <= peak <= 11
    assert rate[:peak] == sorted(rate[:peak])
    assert rate[peak:] == sorted(rate[peak:], reverse=True)
    assert 0 < rate[-1] < 0.05


def test_trapezoid_stays_at_the_peak_until_its_last_part() -> None:
    rate = rates(schedule="trapezoid", warmup=0.1, decay=0.3)
    assert set(rate[10:70]) == {1.0}
    assert rate[85] == pytest.approx(0.483, abs=0.01)
    assert set(rates(schedule="trapezoid", warmup=0.0, decay=0.0)) == {1.0}


@given(
    n_steps=st.integers(1, 50),
    schedule=st.sampled_from(["linear", "cosine", "trapezoid"]),
    warmup=st.floats(0, 1),
    decay=st.floats(0, 1),
)
def test_learning_rate_is_above_zero_and_at_most_the_peak(
    n_steps: int, schedule: str, warmup: float, decay: float
) -> None:
    for rate in rates(n_steps, schedule=schedule, warmup=warmup, decay=min(decay, 1 - warmup)):
        assert 0 < rate <= 1
