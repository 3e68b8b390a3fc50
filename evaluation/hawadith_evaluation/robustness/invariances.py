"""What must not change a decision: other spellings, noise, and one actor in another's place."""

from collections.abc import Iterator, Sequence

import numpy as np

from hawadith_evaluation.metrics_file import ActorValues, CapabilityValues
from hawadith_evaluation.robustness.actors import load_actors
from hawadith_evaluation.robustness.cases import perturb_records, swap_records
from hawadith_evaluation.robustness.figures import Shift, measure_actor, measure_invariance
from hawadith_evaluation.robustness.perturbations import PERTURBATIONS
from hawadith_evaluation.robustness.run import SuiteRun
from hawadith_evaluation.robustness.swaps import Swap

ACTOR_TOLERANCE = 0.03
"""Share of decisions that may flip when an actor is exchanged: the gate for releases."""

ACTOR_SWAP = "actor_swap"
"""The capability of all swaps; each kind of actor has one of its own, too."""


def measure_invariances(run: SuiteRun) -> Iterator[CapabilityValues]:
    """Measure every perturbation.

    Args:
        run: The run.

    Yields:
        The values of each capability.
    """
    for perturbation in PERTURBATIONS:
        run.on_progress(perturbation.name)
        random = run.draw(perturbation.name)
        cases = perturb_records(run.records, perturbation, random=random, limit=run.settings.articles)
        yield measure_invariance(
            perturbation.name,
            run.shift(cases),
            cases=cases,
            tolerance=perturbation.tolerance,
        )


def measure_swaps(run: SuiteRun) -> tuple[list[CapabilityValues], list[ActorValues]]:
    """Measure what actors do to decisions.

    Args:
        run: The run.

    Returns:
        All swaps as one capability, then each kind's as one; and per label what every actor did that was put in.
    """
    run.on_progress(ACTOR_SWAP)
    settings = run.settings
    pairs = swap_records(
        run.records,
        actors=load_actors(settings.actors),
        random=run.draw(ACTOR_SWAP),
        limit=settings.articles,
        targets=settings.swap_targets,
    )
    cases, swaps = [case for case, _ in pairs], [swap for _, swap in pairs]
    shift = run.shift(cases)
    parts = {ACTOR_SWAP: np.ones(len(swaps), dtype=np.bool_)}
    for kind in dict.fromkeys(swap.kind for swap in swaps):
        parts[f"{ACTOR_SWAP}_{kind}"] = np.array([swap.kind == kind for swap in swaps])
    capabilities = [
        measure_invariance(
            name,
            shift.select(rows),
            cases=[cases[place] for place in np.flatnonzero(rows)],
            tolerance=ACTOR_TOLERANCE,
        )
        for name, rows in parts.items()
    ]
    return capabilities, _measure_actors(shift, swaps=swaps)


def _measure_actors(shift: Shift, *, swaps: Sequence[Swap]) -> list[ActorValues]:
    put_in = sorted({(swap.kind, swap.target.id) for swap in swaps})
    return [
        values
        for kind, actor in put_in
        for values in measure_actor(
            actor,
            shift.select(np.array([(swap.kind, swap.target.id) == (kind, actor) for swap in swaps])),
            kind=kind,
        )
    ]
