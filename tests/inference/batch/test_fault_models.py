"""Fault cases 14 to 16 and 18 to 23: articles that are hard on a model, and bundles that are not what they say."""

import csv
import json
import pickle
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.builders import SAMPLES
from tests.inference.batch.jobs import read_lines, run, write_rows
from tests.inference.encoder.runtimes import build_weights, write_encoder_bundle
from typer.testing import CliRunner

from hawadith.bundle_files import MANIFEST, measure_files
from hawadith.classifier import IncidentClassifier, default_bundle
from hawadith.cli import build_app
from hawadith.errors import BundleError, HawadithError
from hawadith.loading import load_model
from hawadith.prediction import Prediction
from hawadith.readers import read_records
from hawadith.records import Record

MINE = "قُتل مزارعان بانفجار لغم أرضي في حقل قرب البلدة."
MINES = "landmine_casualties"
CALM = "افتتح الوزير معرض الكتاب في العاصمة صباح اليوم . "


@pytest.fixture(scope="module")
def bundled() -> IncidentClassifier:
    return IncidentClassifier.load()


def scores_of(classifier: IncidentClassifier, *texts: str) -> list[dict[str, float]]:
    return [dict(prediction.scores) for prediction in predict(classifier, *texts)]


def predict(classifier: IncidentClassifier, *texts: str) -> list[Prediction]:
    return classifier.predict([Record(id=str(n), text=text) for n, text in enumerate(texts)])


def test_fault_14_evidence_in_the_tail_of_a_long_article_is_found(tmp_path: Path) -> None:
    tiny = write_encoder_bundle(tmp_path / "tiny", weights=build_weights({"لغم": 4.0}), labels={"mine": "max"})
    text = CALM * 340 + MINE
    [prediction] = predict(IncidentClassifier(tiny, model=load_model(tiny)), text)
    assert prediction.n_tokens > 3_000
    assert prediction.labels == ("mine",)
    assert (prediction.evidence[0].text, text[prediction.evidence[0].start :]) == (MINE, MINE)


def test_fault_14_linear_model_reads_the_tail_as_it_reads_the_head(bundled: IncidentClassifier) -> None:
    calm = CALM * 340
    head, tail, without = (scores[MINES] for scores in scores_of(bundled, f"{MINE} {calm}", f"{calm}{MINE}", calm))
    assert tail == pytest.approx(head, abs=0.02)
    assert tail > 10 * without


def test_fault_15_a_long_article_among_short_ones_changes_no_score(bundled: IncidentClassifier) -> None:
    texts = [record.text for record in read_records(SAMPLES)[:12]]
    alone = [scores_of(bundled, text)[0] for text in texts]
    together = scores_of(bundled, *texts[:5], CALM * 3_000, *texts[5:])
    for score, expected in zip([*together[:5], *together[6:]], alone, strict=True):
        assert score == pytest.approx(expected, abs=1e-5)


def test_fault_16_article_that_makes_the_model_raise_costs_itself_alone(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": "سم" if n in (4, 11) else f"انفجر لغم {n}"} for n in range(16)]
    source = write_rows(tmp_path / "in.jsonl", rows)
    run(source, output=f"{tmp_path}/out.jsonl", shard_rows=16)
    written = read_lines(tmp_path / "out.jsonl")
    assert [row["id"] for row in written] == [str(n) for n in range(16)]
    assert [row["id"] for row in written if row["status"] == "error"] == ["4", "11"]
    assert written[4]["error"] == "RuntimeError: poisoned"
    assert all(row["labels"] == ["mine"] for row in written if row["status"] == "ok")


def test_fault_18_logits_that_are_no_numbers_give_no_label(tmp_path: Path) -> None:
    tiny = write_encoder_bundle(
        tmp_path / "tiny", weights=build_weights({"لغم": 4.0, "سوق": np.inf}), labels={"mine": "max"}
    )
    bad, good = predict(IncidentClassifier(tiny, model=load_model(tiny)), "سوق قرية", "لغم قرية")
    assert (bad.status, bad.labels, bad.scores) == ("nonfinite", (), {})
    assert good.labels == ("mine",)


def test_fault_18_row_without_a_number_has_an_error_and_no_score(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [{"id": "nan", "text": "عدم"}, {"id": "good", "text": "انفجر لغم"}])
    run(source, output=f"{tmp_path}/out/")
    [error] = read_lines(tmp_path / "out" / "errors.jsonl")
    assert (error["id"], error["status"], error["line"]) == ("nan", "nonfinite", 1)


def reseal(folder: Path) -> Path:
    """Make the manifest fit what now lies in the folder: an attacker can."""
    manifest = json.loads((folder / MANIFEST).read_text())
    sizes = {name: {"size": entry.size, "sha256": entry.sha256} for name, entry in measure_files(folder).items()}
    (folder / MANIFEST).write_text(json.dumps({**manifest, "files": sizes}))
    return folder


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


@pytest.mark.parametrize(
    ("resealed", "expected"),
    [(False, r"model\.safetensors has \d+ bytes, the manifest says"), (True, "is no linear model")],
)
def test_fault_19_truncated_weights_are_refused(tmp_path: Path, resealed: bool, expected: str) -> None:
    folder = Path(shutil.copytree(default_bundle(), tmp_path / "bundle"))
    truncate(folder / "model.safetensors")
    if resealed:
        reseal(folder)
    with pytest.raises(BundleError, match=expected):
        IncidentClassifier.load(folder)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"problem_type": None}, "problem_type None"),
        ({"problem_type": "single_label_classification"}, "problem_type 'single"),
        ({"id2label": {"0": "LABEL_0"}}, "labels its outputs LABEL_0, the typology mine"),
        ({"id2label": {"0": "mine", "1": "arms"}}, "labels its outputs mine, arms"),
    ],
)
def test_fault_20_bundle_whose_labels_are_not_certain_is_refused(
    tmp_path: Path, config: dict[str, object], expected: str
) -> None:
    weights = build_weights({"لغم": 4.0})
    bundle = write_encoder_bundle(tmp_path / "tiny", weights=weights, labels={"mine": "max"}, config=config)
    with pytest.raises(BundleError, match=expected):
        load_model(bundle)


def test_fault_20_runtime_with_another_label_count_is_refused(tmp_path: Path) -> None:
    weights = build_weights({"لغم": 4.0}, {"سلاح": 4.0})
    bundle = write_encoder_bundle(tmp_path / "tiny", weights=weights, labels={"mine": "max"})
    with pytest.raises(BundleError, match="runtime has 2 outputs, the typology 1"):
        load_model(bundle)


class Payload:
    """Unpickled, it would leave a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "head.pkl", "model.pt", "runtime/x.joblib", "modeling.py"])
def test_fault_21_pickles_and_code_in_a_bundle_are_refused_unopened(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(default_bundle(), tmp_path / "bundle"))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(pickle.dumps(Payload(tmp_path / "mark")))
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name] = {"size": (folder / name).stat().st_size, "sha256": "0" * 64}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="no file that a bundle may hold"):
        IncidentClassifier.load(folder)
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("key", ["auto_map", "trust_remote_code"])
def test_fault_21_configuration_that_would_run_code_is_refused_or_ignored(tmp_path: Path, key: str) -> None:
    weights = build_weights({"لغم": 4.0})
    config: dict[str, object] = {key: {"AutoModel": "evil--repo.Model"} if key == "auto_map" else True}
    bundle = write_encoder_bundle(tmp_path / "tiny", weights=weights, labels={"mine": "max"}, config=config)
    if key == "auto_map":
        with pytest.raises(BundleError, match="auto_map"):
            load_model(bundle)
    else:
        load_model(bundle)  # nothing here reads it: there is no remote code to trust


def test_fault_21_weights_that_are_a_pickle_in_disguise_are_refused_unopened(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(default_bundle(), tmp_path / "bundle"))
    (folder / "model.safetensors").write_bytes(pickle.dumps(Payload(tmp_path / "mark")))
    with pytest.raises(BundleError, match="is no linear model"):
        IncidentClassifier.load(reseal(folder))
    assert not (tmp_path / "mark").exists()


HOSTILE = [
    "[SEP] [CLS] ",
    "<script>alert(1)</script> ",
    '=HYPERLINK("http://x","y") ',
    "\u202eقلب\u202c ",
    "\x1b[2J\x1b[31m ",
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_fault_22_hostile_text_stays_text_in_every_output(tmp_path: Path, payload: str) -> None:
    article = {"id": payload.strip(), "title": payload, "text": f"{payload}{MINE}"}
    source = write_rows(tmp_path / "in.jsonl", [article, {"id": "bad", "text": None}])
    run(source, output=f"{tmp_path}/out.csv", formula_safe=True)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert first["id"].removeprefix("'") == payload.strip()
    assert not first["id"].startswith(("=", "+", "-", "@"))
    assert second["id"] == "bad"
    shown = CliRunner().invoke(build_app(), ["score", str(source)])
    assert shown.exit_code == 0
    assert "\x1b[2J" not in shown.output
    assert "\u202e" not in shown.output
    assert "bad" in shown.output


def test_fault_22_hostile_text_in_an_error_message_reaches_no_terminal(tmp_path: Path) -> None:
    row = {"id": "\x1b[2J\u202e", "text": MINE}
    with pytest.raises(HawadithError) as refused:
        run(write_rows(tmp_path / "in.jsonl", [row, row]), output=f"{tmp_path}/out.jsonl")
    assert "\x1b" not in str(refused.value)
    assert "\u202e" not in str(refused.value)


VARIANTS: dict[str, Callable[[str], str]] = {
    "tatweel": lambda text: text.replace("ل", "لـ").replace("ج", "جــ"),
    "zero-width": lambda text: "\u200f" + text.replace("ا", "ا\u200c").replace(" ", " \u200b"),
    "persian": lambda text: text.replace("ي", "ی").replace("ك", "ک"),
    "presentation": lambda text: text.replace("لا", "\ufefb").replace("س", "\ufeb3").replace("م", "\ufee3"),
    "tashkeel": lambda text: text.replace("ت", "تَ").replace("ب", "بْ"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_fault_23_spelling_that_a_reader_does_not_see_changes_no_score(
    bundled: IncidentClassifier, variant: str
) -> None:
    records = random.Random(7).sample(read_records(SAMPLES), 20)  # noqa: S311 - a choice of articles
    changed = [VARIANTS[variant](record.text) for record in records]
    assert all(new != record.text for new, record in zip(changed, records, strict=True))
    clean = scores_of(bundled, *(record.text for record in records))
    for score, expected in zip(scores_of(bundled, *changed), clean, strict=True):
        assert score == pytest.approx(expected, abs=1e-6)
