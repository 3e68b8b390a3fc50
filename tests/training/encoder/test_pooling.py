"""Training pools exactly as inference does."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from hawadith.pooling import pool_windows as pool_one_article
from hawadith.typology import Pooling
from hawadith_training.encoder.pooling import pool_windows

RULES: tuple[Pooling, ...] = ("max", "mean", "first")
LOGITS = st_numpy.arrays(
    np.float32,
    st.tuples(st.integers(1, 6), st.just(3)),
    elements=st.floats(-30, 30, width=32),
)


@settings(deadline=None, max_examples=100)
@given(articles=st.lists(LOGITS, min_size=1, max_size=5))
def test_pool_windows_equals_the_numpy_twin(articles: list[np.ndarray]) -> None:
    pooled = pool_windows(
        torch.from_numpy(np.concatenate(articles)),
        window_counts=torch.tensor([len(article) for article in articles]),
        rules=RULES,
    )
    expected = np.stack([pool_one_article(article, rules=RULES) for article in articles])
    np.testing.assert_allclose(pooled.numpy(), expected, rtol=1e-6, atol=1e-6)


def test_pool_windows_gives_every_window_of_a_mention_a_gradient() -> None:
    logits = torch.tensor([[2.0], [1.5], [-9.0]], requires_grad=True)
    pooled = pool_windows(logits, window_counts=torch.tensor([2, 1]), rules=["max"])
    [gradient] = torch.autograd.grad(pooled[0, 0], logits)
    assert gradient[0] > gradient[1] > 0
    assert gradient[2] == 0
    torch.testing.assert_close(gradient.sum(), torch.tensor(1.0))


def test_pool_windows_pools_half_precision_in_full() -> None:
    logits = torch.tensor([[8.0], [-8.0]], dtype=torch.bfloat16)
    assert pool_windows(logits, window_counts=torch.tensor([2]), rules=["max"]).dtype == torch.float32
