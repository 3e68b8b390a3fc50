"""An export is the same model, measured; what would be another is refused, and nothing remains of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
from tests.builders import build_manifest, build_typology
from tests.training.encoder.encoders import build_train_config, fit, invent_records, prepare

from hawadith.bundle import Bundle, read_bundle, write_bundle
from hawadith.calibration import Calibration, uncalibrated
from hawadith.classifier import IncidentClassifier
from hawadith.encoder.model import EncoderModel
from hawadith.encoder.precision import PRECISION_FILE, Precision, read_precision
from hawadith.errors import BundleError, ConfigError
from hawadith.loading import describe_runtime
from hawadith.tokens import WordPieceTokenizer
from hawadith_training import export_bundle as exporting
from hawadith_training.articles import LabelledArticles, prepare_records
from hawadith_training.encoder.quantise import ALPHAS, draw_windows, quantise_static
from hawadith_training.export_bundle import ExportData, export_bundle
from hawadith_training.gate import GateError

N_GATE = 240


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle of a small encoder that has learned its one label; its threshold lies between the two kinds of articles."""
    folder = tmp_path_factory.mktemp("trained")
    shape = {"vocabulary": 200, "layers": 1, "hidden": 32, "heads": 2, "positions": 64}
    learn = {"scratch": shape, "epochs": 10, "learning_rate": 2e-2, "accumulation": 1, "dropout": 0.0}
    fitted = fit(build_train_config(folder, learn, labels=["arms"]), folder=folder, n_train=96)
    typology = build_typology("arms")
    manifest = replace(build_manifest(kind="transformer"), windowing=fitted.windowing)
    certain = Calibration(labels=(replace(uncalibrated(typology.ids).labels[0], threshold=0.6),))
    with write_bundle(folder / "exact", manifest=manifest, typology=typology, calibration=certain) as place:
        fitted.write(place)
    return read_bundle(folder / "exact")


@pytest.fixture(scope="module")
def articles(trained: Bundle) -> LabelledArticles:
    """Labelled articles for the gate."""
    return prepare_records(invent_records(N_GATE), typology=trained.typology, profile=trained.manifest.profile)


@pytest.fixture(scope="module")
def export(
    trained: Bundle, articles: LabelledArticles, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Precision], Bundle]:
    """Exports the trained bundle, once per precision."""
    done: dict[str, Bundle] = {}
    folder = tmp_path_factory.mktemp("exported")

    def export_once(precision: Precision) -> Bundle:
        if precision not in done:
            data = ExportData(calibrate=prepare(invent_records(24)), gate=articles)
            done[precision] = export_bundle(trained, output=folder / precision, precision=precision, data=data)
        return done[precision]

    return export_once


@pytest.mark.parametrize(("precision", "tolerance"), [("fp32", 1e-5), ("int8-weights", 0.05), ("int8", 0.05)])
def test_export_scores_like_the_source(
    trained: Bundle, export: Callable[[Precision], Bundle], precision: Precision, tolerance: float
) -> None:
    exported, fresh = export(precision), prepare(invent_records(40))
    before, after = (
        bundle.calibration.probabilities(EncoderModel.load(bundle).score(fresh).logits)
        for bundle in (trained, exported)
    )
    assert np.ptp(before, axis=0).min() > 0.3  # it learned, or the comparison would say nothing
    np.testing.assert_allclose(after, before, atol=tolerance)


@pytest.mark.parametrize("precision", ["int8-weights", "int8"])
def test_export_says_its_precision_and_is_another_bundle(
    trained: Bundle, export: Callable[[Precision], Bundle], precision: Precision
) -> None:
    exported = export(precision)
    assert (read_precision(trained), read_precision(exported)) == ("fp32", precision)
    assert describe_runtime(exported).precision == precision
    assert exported.identity != trained.identity
    kept = ("model.safetensors", "config.json", "tokenizer.json", "typology.yaml", "calibration.json")
    assert all(exported.manifest.files[name] == trained.manifest.files[name] for name in kept)
    runtime = exported.manifest.files["runtime/model.bin"].size
    assert runtime < 0.5 * trained.manifest.files["runtime/model.bin"].size


def test_export_reports_the_gate_in_card_and_metrics(export: Callable[[Precision], Bundle]) -> None:
    exported = export("int8")
    gate = json.loads((exported.path / "metrics.json").read_text("utf-8"))["export"]["gate"]
    assert gate["n"] == N_GATE
    assert gate["changed_decisions"]["value"] <= 0.005
    assert "decisions that change" in (exported.path / "README.md").read_text("utf-8")


@pytest.mark.parametrize(("precision", "tolerance"), [("int8-weights", 1e-5), ("int8", 5e-3)])
def test_exported_runtime_scores_an_article_alone_as_among_others(
    export: Callable[[Precision], Bundle], precision: Precision, tolerance: float
) -> None:
    bundle, fresh = export(precision), prepare(invent_records(40))
    model = EncoderModel.load(bundle)
    together, again = (bundle.calibration.probabilities(model.score(fresh).logits) for _ in range(2))
    alone = np.concatenate([bundle.calibration.probabilities(model.score([one]).logits) for one in fresh])
    np.testing.assert_array_equal(together, again)
    np.testing.assert_allclose(together, alone, atol=tolerance)


def test_static_int8_keeps_the_alpha_that_stays_nearest_to_fp32(trained: Bundle, articles: LabelledArticles) -> None:
    exact = openvino.Core().read_model(trained.path / "runtime" / "model.xml")
    windows = draw_windows(
        articles.articles,
        tokenizer=WordPieceTokenizer.load(trained.path / "tokenizer.json"),
        windowing=trained.manifest.windowing,
        n=40,
    )
    alphas = (0.05, 0.5, 0.95)
    each = {alpha: quantise_static(exact, windows=windows, alphas=[alpha]) for alpha in alphas}
    best = min(alphas, key=lambda alpha: each[alpha].logit_error)
    for order in (alphas, alphas[::-1]):
        chosen = quantise_static(exact, windows=windows, alphas=order)
        assert (chosen.alpha, chosen.logit_error) == (best, each[best].logit_error)
    assert len({model.logit_error for model in each.values()}) == len(alphas)
    assert each[best].logit_error > 0  # measured against fp32, not against itself


def test_export_says_which_alpha_it_kept(export: Callable[[Precision], Bundle]) -> None:
    facts = json.loads((export("int8").path / PRECISION_FILE).read_text("utf-8"))
    assert facts["smooth_quant_alpha"] in ALPHAS
    assert 0 < facts["logit_error"] < 0.5
    assert facts["calibration"]["windows"] == 24


def test_exported_bundle_exports_again(export: Callable[[Precision], Bundle], tmp_path: Path) -> None:
    back = export_bundle(export("int8"), output=tmp_path / "back", precision="fp32", data=ExportData())
    card = (back.path / "README.md").read_text("utf-8")
    assert read_precision(back) == "fp32"
    assert card.count("## Runtime") == 1
    assert IncidentClassifier.load(back.path).predict(["لغم"])[0].status == "ok"


def test_export_is_refused_by_the_gate_and_leaves_nothing(
    trained: Bundle, articles: LabelledArticles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Scales of one window that holds a single word: every real activation is cut off.
    nothing = [np.array([2, 7, 3], dtype=np.int32)]
    monkeypatch.setattr(exporting, "draw_windows", lambda *_, **__: nothing)
    data = ExportData(calibrate=articles.articles, gate=articles)
    with pytest.raises(GateError, match="Nothing was written"):
        export_bundle(trained, output=tmp_path / "bad", precision="int8", data=data)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("precision", ["int8", "int8-weights"])
def test_export_without_a_gate_is_refused(
    trained: Bundle, articles: LabelledArticles, tmp_path: Path, precision: Precision
) -> None:
    with pytest.raises(ConfigError, match="--gate"):
        export_bundle(trained, output=tmp_path / "x", precision=precision, data=ExportData(calibrate=articles.articles))


def test_export_of_int8_without_articles_to_calibrate_on_is_refused(
    trained: Bundle, articles: LabelledArticles, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="--calibrate"):
        export_bundle(trained, output=tmp_path / "x", precision="int8", data=ExportData(gate=articles))


def test_export_over_its_source_is_refused(trained: Bundle) -> None:
    with pytest.raises(BundleError, match="the bundle to export"):
        export_bundle(trained, output=trained.path, precision="fp32", data=ExportData())


def test_export_of_a_linear_bundle_is_refused(tmp_path: Path) -> None:
    typology = build_typology("mine")
    with write_bundle(
        tmp_path / "b", manifest=build_manifest(), typology=typology, calibration=uncalibrated(typology.ids)
    ):
        pass
    with pytest.raises(BundleError, match="linear model"):
        export_bundle(read_bundle(tmp_path / "b"), output=tmp_path / "x", precision="fp32", data=ExportData())


def test_load_refuses_a_precision_that_it_does_not_know(trained: Bundle, tmp_path: Path) -> None:
    with write_bundle(
        tmp_path / "odd", manifest=trained.manifest, typology=trained.typology, calibration=trained.calibration
    ) as folder:
        exporting._copy_model(trained, folder=folder)
        for name in ("model.xml", "model.bin"):
            target = folder / "runtime" / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes((trained.path / "runtime" / name).read_bytes())
        (folder / PRECISION_FILE).write_text('{"precision": "int2"}')
    with pytest.raises(BundleError, match="'int2' is none of fp32"):
        EncoderModel.load(read_bundle(tmp_path / "odd"))
