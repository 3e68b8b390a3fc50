"""The task of a step: new gaps each time, and a function of seed and step alone."""

from pathlib import Path

import numpy as np
import pytest
from tests.training.pretrain.runs import build_config

from hawadith_training.pretrain.batches import TaskSource, validation_task
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.model import build_encoder
from hawadith_training.pretrain.objective import Objective, build_objective
from hawadith_training.pretrain.prepare import prepare_corpus
from hawadith_training.pretrain.schedule import Plan, plan_steps
from hawadith_training.pretrain.shards import map_tokens

CLS, SEP = 2, 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batches")
    prepare_corpus(build_config(folder), deadline=Deadline(None), n_workers=1, on_shard=lambda _: None)
    return folder


def build(folder: Path, *, seed: int = 1) -> tuple[TaskSource, Objective, Plan]:
    config = build_config(folder)
    tokenizer = config.prepared_folder / "tokenizer.json"
    encoder = build_encoder(config, tokenizer=tokenizer)
    objective = build_objective(encoder, config=config.objective, tokenizer=tokenizer)
    plan = plan_steps(config.phases, batch_tokens=64)
    shards = map_tokens(config.prepared_folder)
    return TaskSource(plan, shards=shards, objective=objective, specials=(CLS, SEP), seed=seed), objective, plan


def test_tasks_are_streamed_as_they_are_asked_for(folder: Path) -> None:
    source, _, plan = build(folder)
    streamed = list(source.stream(5, plan.n_steps))
    assert len(streamed) == plan.n_steps - 5
    for step, task in enumerate(streamed, start=5):
        again = build(folder)[0].task(step)
        assert (task.inputs == again.inputs).all()
        assert (task.positions == again.positions).all()
    assert {task.inputs.shape for task in streamed} == {(4, 16), (2, 32)}


def test_tasks_have_new_gaps_in_every_step_and_for_every_seed(folder: Path) -> None:
    source = build(folder)[0]
    gaps = {tuple(source.task(step).positions) for step in range(8)}
    assert len(gaps) == 8
    assert tuple(build(folder, seed=2)[0].task(0).positions) not in gaps


def test_validation_task_is_always_the_same_and_within_its_tokens(folder: Path) -> None:
    shards = map_tokens(build_config(folder).prepared_folder, held_out=True)
    first, second = (
        validation_task(shards, objective=build(folder)[1], length=16, tokens=100, specials=(CLS, SEP), seed=1)
        for _ in range(2)
    )
    assert first.inputs.shape == (6, 16)
    assert np.array_equal(first.inputs, second.inputs)
