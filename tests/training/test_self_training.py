"""Self-training: who is taught, by whom, and that a student learns from probabilities where nobody gave labels."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.builders import CONFIGS, SAMPLES
from tests.training.encoder.encoders import build_train_config, invent_records, prepare

from hawadith.classifier import IncidentClassifier, default_bundle
from hawadith.errors import ConfigError, DataError
from hawadith.readers import read_records
from hawadith.text.article import TextProfile
from hawadith.typology import load_typology
from hawadith_evaluation.targets import build_targets
from hawadith_training.config import TrainConfig, load_config
from hawadith_training.encoder.fit import fit_encoder
from hawadith_training.recipe import measure_recipe
from hawadith_training.self_training import SelfTrainingConfig, choose_rows, teach_articles
from hawadith_training.train import read_parts, train_bundle

TYPOLOGY = load_typology(CONFIGS / "typology.yaml")
TEACHER = SelfTrainingConfig(teacher=str(default_bundle()), articles=str(SAMPLES), limit=20)


def configure(tmp_path: Path, *overrides: str) -> TrainConfig:
    """A tiny transformer that learns from the first samples, and from what the bundled model says of all of them."""
    train = tmp_path / "train.jsonl"
    train.write_text("".join(SAMPLES.read_text("utf-8").splitlines(keepends=True)[:30]), encoding="utf-8")
    fixed = [f"typology={CONFIGS}/typology.yaml", f"data.train={train}", "data.dev=null"]
    taught = {"teacher": TEACHER.teacher, "articles": TEACHER.articles, "limit": TEACHER.limit}
    return load_config(
        CONFIGS / "train" / "smoke.yaml", overrides=[*fixed, f"self_training={json.dumps(taught)}", *overrides]
    )


def teach(config: SelfTrainingConfig, *, seed: int = 1) -> tuple[list[str], NDArray[np.float32]]:
    found = teach_articles(config, typology=TYPOLOGY, profile=TextProfile(), seed=seed)
    assert found.taught is not None
    return [record.id for record in found.records], found.taught


@given(
    st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30),
    st.integers(1, 20),
    st.integers(0, 3),
)
def test_half_of_the_chosen_are_the_likeliest(likeliest: list[float], limit: int, seed: int) -> None:
    values = np.array(likeliest)
    rows = choose_rows(values, limit=limit, seed=seed)
    readable = np.flatnonzero(~np.isnan(values))
    assert len(rows) == min(limit, len(readable))
    assert set(rows) <= set(readable)
    assert (np.diff(rows) > 0).all()
    best = np.sort(values[readable])[::-1][: limit - limit // 2]
    assert (np.sort(values[rows])[::-1][: len(best)] == best).all()


def test_other_seeds_draw_other_ordinary_articles() -> None:
    likeliest = np.linspace(0, 1, 200)
    first, second = (choose_rows(likeliest, limit=40, seed=seed) for seed in (1, 2))
    assert (first[-20:] == second[-20:]).all()
    assert first.tolist() != second.tolist()
    assert first.tolist() == choose_rows(likeliest, limit=40, seed=1).tolist()


def test_articles_are_taught_what_the_teacher_says_of_them() -> None:
    ids, taught = teach(TEACHER)
    chosen = [record for record in read_records(SAMPLES) if record.id in ids]
    said = IncidentClassifier.load().predict(chosen, evidence=False)
    assert ids == [record.id for record in chosen]
    np.testing.assert_allclose(taught, [[p.scores[label] for label in TYPOLOGY.ids] for p in said], rtol=1e-6)


def test_labels_of_taught_articles_are_not_read() -> None:
    found = teach_articles(TEACHER, typology=TYPOLOGY, profile=TextProfile(), seed=1)
    assert not found.targets.judged.any()
    assert not found.targets.positive.any()
    assert found.auxiliary is not None
    assert found.auxiliary.all()


def test_rows_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    lines = SAMPLES.read_text("utf-8").splitlines()[:6]
    (tmp_path / "in.jsonl").write_text(
        "\n".join([lines[0], "{torn", '{"id": "empty", "text": "  "}', *lines[1:]]), "utf-8"
    )
    ids, _ = teach(replace(TEACHER, articles=str(tmp_path / "in.jsonl")))
    assert ids == [json.loads(line)["id"] for line in lines]


def test_nothing_to_teach_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "empty", "text": "  "}\n', "utf-8")
    with pytest.raises(DataError, match="no readable article"):
        teach(replace(TEACHER, articles=str(tmp_path / "in.jsonl")))


def test_teacher_must_know_the_labels() -> None:
    grown = replace(TYPOLOGY, labels=(*TYPOLOGY.labels, replace(TYPOLOGY.labels[0], id="kidnapping")))
    with pytest.raises(ConfigError, match="does not know kidnapping"):
        teach_articles(TEACHER, typology=grown, profile=TextProfile(), seed=1)


def test_linear_models_take_no_teacher() -> None:
    taught = json.dumps({"teacher": "x", "articles": "y"})
    with pytest.raises(ConfigError, match=r"encoder\.kind transformer"):
        load_config(CONFIGS / "train" / "linear.yaml", overrides=[f"self_training={taught}"])


def test_cross_validation_refuses_a_teacher(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="self_training=null"):
        measure_recipe(configure(tmp_path), folds=2, output=tmp_path / "out")


def test_taught_articles_that_retell_a_labelled_one_are_left_out(tmp_path: Path) -> None:
    learned, _ = read_parts(configure(tmp_path), typology=TYPOLOGY)
    assert learned.taught is not None
    by_teacher = (~np.isnan(learned.taught[:, 0])).tolist()
    labelled = [record.id for record, taught in zip(learned.records, by_teacher, strict=True) if not taught]
    others = [record.id for record, taught in zip(learned.records, by_teacher, strict=True) if taught]
    assert len(labelled) == 30
    assert not {*labelled} & {*others}
    assert 0 < len(others) < TEACHER.limit


def test_copies_with_other_actors_stand_beside_taught_articles(tmp_path: Path) -> None:
    learned, _ = read_parts(configure(tmp_path, "augment=actors"), typology=TYPOLOGY)
    assert len(learned.copies) == len(learned.records)


def test_card_counts_taught_articles_apart(tmp_path: Path) -> None:
    train_bundle(configure(tmp_path, "finetune.max_steps=1"), output=tmp_path / "bundle")
    card = (tmp_path / "bundle" / "README.md").read_text(encoding="utf-8")
    assert "30 articles and " in card
    assert "that a teacher labelled" in card


def test_student_learns_from_probabilities_where_nobody_gave_labels(tmp_path: Path) -> None:
    shape = {"vocabulary": 400, "layers": 1, "hidden": 32, "heads": 2, "positions": 64}
    config = build_train_config(
        tmp_path, {"scratch": shape, "epochs": 16, "learning_rate": 5e-3, "accumulation": 1, "dropout": 0.0}
    )
    records = invent_records(72)
    targets = build_targets(records, typology=load_typology(Path(config.typology)))
    truth = targets.positive[:60]
    labelled = np.arange(60) < 6
    targets = replace(targets, judged=targets.judged & (np.arange(72) < 6)[:, None])
    taught = np.where(labelled[:, None], np.nan, np.where(truth, 0.1, 0.9)).astype(np.float32)  # a teacher who errs
    fitted = fit_encoder(
        prepare(records[:60]),
        targets=targets.select(np.arange(60)),
        dev_articles=[],
        dev_targets=targets.select(np.arange(0)),
        config=config,
        work_dir=tmp_path / "work",
        taught=taught,
    )
    logits = fitted.score(prepare(records[60:])).logits
    wrong = 1 / (1 + np.exp(-logits))
    held = build_targets(records[60:], typology=load_typology(Path(config.typology))).positive
    assert wrong[held].mean() < 0.4 < 0.6 < wrong[~held].mean()
