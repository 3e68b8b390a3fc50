"""A bundle of a shape is a whole bundle: it loads, says its precision, and scores."""

from pathlib import Path

import pytest
from tests.training.encoder.encoders import read_samples

from hawadith.bundle import Bundle
from hawadith.encoder.model import EncoderModel
from hawadith.encoder.precision import Precision, read_precision
from hawadith_training.bench.run import read_shape
from hawadith_training.bench.shape import write_shape


@pytest.mark.parametrize("precision", ["int8-weights", "int8"])
def test_write_shape_gives_a_bundle_that_scores(tmp_path: Path, precision: Precision) -> None:
    articles = read_samples()[:4]
    bundle = write_shape(tmp_path / "made" / "tiny", shape="tiny", precision=precision, articles=articles)
    assert isinstance(bundle, Bundle)
    assert read_precision(bundle) == precision
    assert read_shape(bundle).layers == 2
    assert EncoderModel.load(bundle).score(articles).logits.shape == (4, len(bundle.typology.ids))
