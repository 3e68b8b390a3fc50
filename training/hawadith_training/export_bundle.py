"""From a bundle to the same model in another precision: checkpoint, typology and thresholds stay, the runtime is made anew.

An int8 runtime passes the gate before it gets a name: there is no switch that writes one unmeasured.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from hawadith.bundle import (
    CALIBRATION,
    TYPOLOGY,
    Bundle,
    check_output,
    read_bundle,
    read_json,
    write_bundle,
    write_json,
)
from hawadith.encoder.model import EncoderModel
from hawadith.encoder.precision import PRECISION_FILE, Precision
from hawadith.encoder.runtime import WindowScorer
from hawadith.errors import BundleError, ConfigError
from hawadith.text.article import PreparedArticle
from hawadith.tokens import WordPieceTokenizer
from hawadith_evaluation.duplicates import group_records
from hawadith_training.articles import LabelledArticles
from hawadith_training.card_runtime import render_runtime, replace_runtime
from hawadith_training.encoder.config import FinetuneConfig
from hawadith_training.encoder.export import RUNTIME, convert_classifier, save_runtime
from hawadith_training.encoder.fit import grow_encoder
from hawadith_training.encoder.fitted import FittedEncoder
from hawadith_training.encoder.quantise import draw_windows, quantise_static, quantise_weights
from hawadith_training.gate import GateError, GateResult, measure_gate

_CARD = "README.md"
_METRICS = "metrics.json"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExportData:
    """The articles that an export rests on.

    Attributes:
        calibrate: What the scales of `int8` are measured on; the model's training articles are best.
        gate: Labelled articles that the model did not learn from.
    """

    calibrate: Sequence[PreparedArticle] = ()
    gate: LabelledArticles | None = None


def export_bundle(bundle: Bundle, *, output: Path, precision: Precision, data: ExportData) -> Bundle:
    """Write a bundle's model in another precision.

    Args:
        bundle: A verified transformer bundle.
        output: The new bundle's folder.
        precision: The number format of the new runtime.
        data: The articles that it rests on.

    Returns:
        The new bundle, as read back from disk.

    Raises:
        BundleError: If the bundle holds no transformer, or the output cannot take the name.
        ConfigError: If articles are missing that the precision needs.
        DataError: If the articles of the gate are too few.
        GateError: If the precision changes what the model says.
        EncoderError: If the weights do not fit their configuration.
    """
    check_request(bundle, output=output, precision=precision, data=data)
    with tempfile.TemporaryDirectory() as work:
        fitted = grow_encoder(
            bundle,
            typology=bundle.typology,
            config=FinetuneConfig(windowing=bundle.manifest.windowing),
            work_dir=Path(work),
        )
        fitted.model.eval()
        exact = convert_classifier(fitted.model.classifier, max_length=fitted.windowing.max_length)
        runtime, facts = _quantise(exact, bundle=bundle, precision=precision, articles=data.calibrate)
        manifest = replace(bundle.manifest, code_version=version("hawadith"), files={})
        with write_bundle(
            output, manifest=manifest, typology=bundle.typology, calibration=bundle.calibration
        ) as folder:
            _copy_model(bundle, folder=folder)
            save_runtime(runtime, file=folder / RUNTIME)
            write_json(folder / PRECISION_FILE, {"precision": precision, **facts})
            result = None if data.gate is None else _pass_gate(bundle, folder=folder, fitted=fitted, articles=data.gate)
            _report(bundle, folder=folder, precision=precision, result=result)
    return read_bundle(output)


def check_request(bundle: Bundle, *, output: Path, precision: Precision, data: ExportData) -> None:
    """Check that an export can be made, before the minutes that it takes.

    Args:
        bundle: The bundle to export.
        output: The new bundle's folder.
        precision: The wanted number format.
        data: The articles at hand.

    Raises:
        BundleError: If the bundle holds no transformer, or the output cannot take the name.
        ConfigError: If articles are missing that the precision needs.
    """
    if bundle.manifest.kind != "transformer":
        raise BundleError(
            f"{bundle.path} holds a {bundle.manifest.kind} model, which has one precision and no runtime. Export a transformer bundle."
        )
    check_output(output)
    if output.exists() and output.samefile(bundle.path):
        raise BundleError(f"{output} is the bundle to export; the fp32 one is kept. Choose another --output.")
    if precision == "int8" and not data.calibrate:
        raise ConfigError(
            "int8 fixes its scales on articles: give the model's training articles with --calibrate TRAIN.jsonl."
        )
    if precision != "fp32" and data.gate is None:
        raise ConfigError(
            f"{precision} is only written when it is measured to be the same model: give labelled articles that the model did not learn "
            "from with --gate DEV.jsonl."
        )


def _quantise(
    exact: openvino.Model, *, bundle: Bundle, precision: Precision, articles: Sequence[PreparedArticle]
) -> tuple[openvino.Model, Mapping[str, object]]:
    """The runtime in a precision, and what is to be known of its making."""
    facts: dict[str, object] = {"openvino": version("openvino")}
    if precision == "fp32":
        return exact, facts
    facts["nncf"] = version("nncf")
    if precision == "int8-weights":
        return quantise_weights(exact), facts
    windows = draw_windows(
        articles,
        tokenizer=WordPieceTokenizer.load(bundle.path / "tokenizer.json"),
        windowing=bundle.manifest.windowing,
    )
    static = quantise_static(exact, windows=windows)
    facts["calibration"] = {"windows": len(windows), "tokens": sum(map(len, windows))}
    facts["smooth_quant_alpha"] = static.alpha
    facts["logit_error"] = static.logit_error
    return static.runtime, facts


def _copy_model(bundle: Bundle, *, folder: Path) -> None:
    """Copy what stays: every file but the runtime, the report of it, and what `write_bundle` writes itself."""
    for name in bundle.manifest.files:
        if name.startswith("runtime/") or name in (TYPOLOGY, CALIBRATION, _CARD, _METRICS):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(bundle.path / name, target)


def _pass_gate(bundle: Bundle, *, folder: Path, fitted: FittedEncoder, articles: LabelledArticles) -> GateResult:
    """Measure the runtime against the checkpoint in torch.

    Args:
        bundle: The bundle to export.
        folder: The new bundle's folder while it is being written, with its runtime.
        fitted: The checkpoint in torch.
        articles: Labelled articles.

    Returns:
        The figures.

    Raises:
        GateError: If a bound does not hold.
    """
    reference = bundle.calibration.probabilities(fitted.score(articles.articles).logits)
    candidate = bundle.calibration.probabilities(_score(bundle, folder=folder, articles=articles.articles))
    result = measure_gate(
        articles.targets,
        reference=reference,
        candidate=candidate,
        thresholds=bundle.calibration.thresholds,
        groups=group_records(articles.records),
    )
    if result.faults:
        raise GateError(
            f"Nothing was written: on {result.n} articles {'; '.join(result.faults)}. Export with a finer --precision (int8, "
            "int8-weights, fp32), or train longer: where probabilities crowd around a threshold, any rounding moves decisions across it."
        )
    return result


def _score(bundle: Bundle, *, folder: Path, articles: Sequence[PreparedArticle]) -> NDArray[np.float32]:
    tokenizer = WordPieceTokenizer.load(bundle.path / "tokenizer.json")
    windowing = bundle.manifest.windowing
    scorer = WindowScorer.load(folder / RUNTIME, pad_id=tokenizer.pad_id, longest=windowing.max_length)
    model = EncoderModel(scorer, tokenizer=tokenizer, windowing=windowing, rules=bundle.typology.pooling)
    return model.score(articles).logits


def _report(bundle: Bundle, *, folder: Path, precision: Precision, result: GateResult | None) -> None:
    """Write the figures into the new bundle's metrics and card, in place of those of an earlier export."""
    files = bundle.manifest.files
    metrics = read_json(bundle.path / _METRICS) if _METRICS in files else {}
    gate = None if result is None else result.to_mapping()
    if isinstance(metrics, dict):
        write_json(folder / _METRICS, {**metrics, "export": {"precision": precision, "gate": gate}})
    card = (bundle.path / _CARD).read_text("utf-8") if _CARD in files else f"# hawadith model: {bundle.manifest.kind}\n"
    section = render_runtime(precision=precision, result=result)
    (folder / _CARD).write_text(replace_runtime(card, section=section), encoding="utf-8")
