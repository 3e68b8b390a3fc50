"""A yes-or-no task over sentences from a table, by the configuration alone: train, evaluate, score, check and split."""

import json
import random
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.builders import CONFIGS
from tests.training.encoder.encoders import publish_encoder
from typer.testing import CliRunner

from hawadith.bundle import read_bundle
from hawadith.cli import build_app
from hawadith.errors import ConfigError, DataError
from hawadith.readers import read_records
from hawadith_training.config import load_config, parse_config

CONFIG = CONFIGS / "train" / "sentence-binary.yaml"
LABEL = "political_relevance"
MEANING = ("--column", "text=0", "--column", "labels=1", "--class", f"1={LABEL}", "--class", "0=")

RELEVANT = product(
    ("اتهمت الحكومة", "هدد قائد الفصيل", "دعا مبعوث الأمم المتحدة", "أدان وزير الخارجية", "استقبل رئيس الوفد"),
    ("زعماء المعارضة", "قادة الجماعة المسلحة", "ممثلي الدول المجاورة", "أعضاء مجلس الأمن"),
    ('بسبب "خرق" الهدنة', "قبل جولة المفاوضات", "ردا على العقوبات الجديدة", "بعد قصف الحدود"),
    ("في الشمال.", "أمس الأول.", "وفق بيان رسمي."),
)
IRRELEVANT = product(
    ("يتضمن الجدول", "تعرض الصفحة", '"يورد الملحق', "تحتوي الوثيقة", "يشمل الفهرس"),
    ("عدد الكتب", "درجات الحرارة", "أسعار القمح", "مواعيد القطارات"),
    ("خلال السنة الماضية", "لكل محافظة على حدة", "مرتبة حسب الحروف", "بالأرقام والنسب"),
    ("كما في المرفق.", "لغرض الاطلاع.", "دون تعليق."),
)


def invent_rows() -> dict[str, list[tuple[str, str]]]:
    """Sentences with their class, 120 in three parts, of two kinds that a model can tell apart; some hold a lone quote."""
    draw = random.Random(3)  # noqa: S311 - a test's data
    rows = [(" ".join(words), "1") for words in draw.sample(list(RELEVANT), 60)]
    rows += [(" ".join(words), "0") for words in draw.sample(list(IRRELEVANT), 60)]
    draw.shuffle(rows)
    return {"train": rows[:72], "dev": rows[72:96], "test": rows[96:]}


ROWS = invent_rows()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with train.tsv, dev.tsv and test.tsv, as published: `sentence<TAB>label` without a header line."""
    folder = tmp_path_factory.mktemp("tables")
    for part, rows in ROWS.items():
        (folder / f"{part}.tsv").write_text("".join(f"{text}\t{name}\n" for text, name in rows), encoding="utf-8")
    return folder


def run(*arguments: object) -> str:
    """Run the program in this process; its standard output."""
    result = CliRunner().invoke(build_app(), [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def train(tables: Path, output: Path, *overrides: str) -> Path:
    """Train by the configuration as it stands, but for its paths and what `overrides` name."""
    paths = (
        f"typology={CONFIGS}/typology-political-relevance.yaml",
        f"data.train={tables}/train.tsv",
        f"data.dev={tables}/dev.tsv",
    )
    settings = [word for override in (*paths, *overrides) for word in ("--set", override)]
    run("train", CONFIG, *settings, "--output", output)
    return output


@pytest.fixture(scope="module")
def linear(tables: Path) -> Path:
    return train(tables, tables.parent / f"{tables.name}-linear", "encoder.kind=linear")


@pytest.fixture(scope="module")
def transformer(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    encoder = tmp_path_factory.mktemp("encoder") / "published"
    publish_encoder(encoder)
    small = ("finetune.windowing.max_length=32", "finetune.windowing.overlap=8", "finetune.max_steps=4")
    output = tables.parent / f"{tables.name}-transformer"
    return train(tables, output, f"encoder.path={encoder}", *small, "finetune.threads=1")


def evaluate(data: Path, model: Path, output: Path, *meaning: str) -> dict[str, Any]:
    run("evaluate", data, *meaning, "--model", model, "--output", output, "--resamples", "20")
    metrics: dict[str, Any] = json.loads((output / "metrics.json").read_bytes())
    return metrics


def test_linear_learns_the_task_by_configuration_alone(linear: Path, tables: Path, tmp_path: Path) -> None:
    metrics = evaluate(tables / "test.tsv", linear, tmp_path / "report", *MEANING)
    assert metrics["n"] == 24
    assert metrics["labels"][LABEL]["n"] == sum(name == "1" for _, name in ROWS["test"])
    assert metrics["labels"][LABEL]["f1"]["value"] > 0.9
    assert " ".join(MEANING) in metrics["command"]


def test_transformer_learns_by_the_same_configuration(transformer: Path, tables: Path, tmp_path: Path) -> None:
    metrics = evaluate(tables / "test.tsv", transformer, tmp_path / "report", *MEANING)
    assert list(metrics["labels"]) == [LABEL]
    assert 0 <= metrics["labels"][LABEL]["f1"]["value"] <= 1
    manifest = read_bundle(transformer).manifest
    assert (manifest.kind, manifest.windowing.max_length) == ("transformer", 32)
    assert manifest.settings["data"]["classes"] == {"1": LABEL, "0": None}  # type: ignore[index]


def test_score_gives_every_line_a_row(linear: Path, tables: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run("score", tables / "test.tsv", "--column", "text=0", "--id-from", "ordinal", "--model", linear, "--output", out)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [str(number) for number in range(1, 25)]
    hits = [bool(row["labels"]) == (name == "1") for row, (_, name) in zip(rows, ROWS["test"], strict=True)]
    assert sum(hits) >= 22


def test_evaluate_reads_named_columns_and_classes_as_numbered_ones(linear: Path, tables: Path, tmp_path: Path) -> None:
    named = tmp_path / "test.tsv"
    lines = [f"{text}\t{'yes' if name == '1' else 'no'}" for text, name in ROWS["test"]]
    named.write_text("\n".join(["sentence\tlabel", *lines]), encoding="utf-8")
    meaning = ("--column", "text=sentence", "--column", "labels=label", "--class", f"yes={LABEL}", "--class", "no=")
    numbered = evaluate(tables / "test.tsv", linear, tmp_path / "numbered", *MEANING)
    assert (
        evaluate(named, linear, tmp_path / "named", *meaning)["labels"][LABEL]["f1"]["value"]
        == (numbered["labels"][LABEL]["f1"]["value"])
    )


def test_compare_and_explain_read_the_same_table(linear: Path, tables: Path, tmp_path: Path) -> None:
    options = ("--model", linear, "--model", linear, "--resamples", "100", "--permutations", "2000")
    compared = json.loads(run("compare", tables / "test.tsv", *MEANING, *options, "--json"))
    assert compared["data"]["path"] == str(tables / "test.tsv")
    assert " ".join(MEANING) in compared["command"]
    page = tmp_path / "page.html"
    run("explain", tables / "test.tsv", "--column", "text=0", "--model", linear, "--output", page)
    assert "<mark" in page.read_text("utf-8")


def test_data_check_and_split_read_the_same_table(tables: Path, tmp_path: Path) -> None:
    run("data", "check", tables / "train.tsv", *MEANING, "--json", tmp_path / "found.json")
    [source] = json.loads((tmp_path / "found.json").read_bytes())["sources"]
    positives = sum(name == "1" for _, name in ROWS["train"])
    assert (source["labels"], source["n_unlabelled"]) == ({LABEL: positives}, 72 - positives)
    run("data", "split", tables / "train.tsv", *MEANING, "--output", tmp_path / "parts")
    parts = read_records([tmp_path / "parts" / f"{name}.jsonl" for name in ("train", "dev", "test")])
    assert sum(LABEL in record.labels for record in parts) == positives


def test_train_names_the_line_of_a_strange_class(tables: Path, tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("خبر\t1\nآخر\t2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"train\.tsv:2: `labels` is '2'; the classes are '1', '0'"):
        train(tables, tmp_path / "out", f"data.train={tmp_path}/train.tsv", "encoder.kind=linear")


def test_train_refuses_a_class_whose_label_the_typology_lacks(tables: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"data\.classes: political is no label of"):
        train(tables, tmp_path / "out", "data.classes={1: political, 0: null}", "encoder.kind=linear")


def test_config_takes_a_number_as_a_class_and_as_a_column() -> None:
    data = load_config(CONFIG, overrides=["data.classes={1: political_relevance, 0: null}"]).data
    assert data.classes == {"1": LABEL, "0": None}
    assert data.reading.table.places == {"text": 0, "labels": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("classes: {yes: mine, no: null}", "YAML reads this as False; write the name in quotes"),
        ("classes: {1.0: mine}", "YAML reads this as 1.0; write the name in quotes"),
        ("classes: {'1': 2}", "data.classes.1"),
        ("columns: {text: sentence, labels: off}", "data.columns.labels"),
        ("columns: {sentence: text}", "'sentence' is no field; map a field to its column"),
        ("columns: {text: 0, labels: label}", "are not of one kind"),
    ],
)
def test_config_refuses_what_no_table_means(data: str, reason: str) -> None:
    raw = {"typology": "t.yaml", "encoder": {"kind": "linear"}, "data": {"train": "a.tsv", **yaml.safe_load(data)}}
    with pytest.raises(ConfigError, match=reason):
        parse_config(raw, where="test")
