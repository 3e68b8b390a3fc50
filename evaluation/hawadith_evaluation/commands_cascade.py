"""`hawadith cascade`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from hawadith.cli.paths import check_not_input
from hawadith.extras import require_extra

if TYPE_CHECKING:
    from hawadith_evaluation.cascade.layout import CascadeValues
    from hawadith_evaluation.metrics_file import EstimateValues


def cascade(
    data: Annotated[
        list[Path],
        typer.Argument(
            metavar="DATA...",
            help="Articles, labelled or not; those that a model has learned from take its out-of-fold scores",
        ),
    ],
    output: Annotated[Path, typer.Option(help="The file to write, for `hawadith score --cascade`")] = Path(
        "cascade.json"
    ),
    model: Annotated[
        Path | None, typer.Option(help="The large model's bundle; the bundled default when not given")
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option(
            help="Its scores of these articles: out-of-fold.jsonl of its recipe, or what `hawadith score` wrote"
        ),
    ] = None,
    small: Annotated[
        Path | None, typer.Option(help="The small model's bundle; the bundled default when not given")
    ] = None,
    small_scores: Annotated[Path | None, typer.Option(help="The same of the small model")] = None,
    at_most: Annotated[
        float, typer.Option(help="Share in (0, 1) of the large model's positives that may be lost")
    ] = 0.02,
    confidence: Annotated[float, typer.Option(help="Of that promise, in (0, 1)")] = 0.9,
    resamples: Annotated[int, typer.Option(min=100, help="Bootstrap resamples behind the intervals")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seeds them")] = 13,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Go on without rows that cannot be read")
    ] = False,
) -> None:
    """Find what a small model may rule out for a large one, with a bound on what is lost: the file for `score --cascade`."""
    require_extra("eval", command="hawadith cascade")
    from hawadith_evaluation.cascade.study import Study, measure_cascade

    study = Study(
        data=tuple(data),
        model=model,
        scores=scores,
        small=small,
        small_scores=small_scores,
        at_most=at_most,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
        skip_bad_rows=skip_bad_rows,
    )
    check_not_input(output, inputs=[path for path in (*data, model, scores, small, small_scores) if path is not None])
    values = measure_cascade(study, console=Console(stderr=True))
    _write(output, values=values)
    options = {"--model": model, "--cascade": output, "--small": small}
    words = [word for name, value in options.items() if value is not None for word in (name, str(value))]
    following = f"Score with: hawadith score INPUT {shlex.join(words)}"
    Console().print(
        "\n".join([*_summarise(values), f"Written to {output}", following]),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _write(output: Path, *, values: "CascadeValues") -> None:
    import json

    from hawadith.writers.atomic import replace_file

    with replace_file(output) as temporary:
        temporary.write_text(
            json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8", newline="\n"
        )


def _summarise(values: "CascadeValues") -> list[str]:
    promise, measured = values["promise"], values["measured"]
    threshold = max(values["thresholds"].values())
    stories, labels = measured["by_story"], measured["by_label"]
    return [
        f"Ruled out: an article to which {values['small']['model']} gives every label a probability below {threshold:.3g}.",
        f"Promised with {promise['confidence']:.0%} confidence: of the positives of {values['large']['model']}, at most "
        f"{100 * promise['at_most']:g}% are lost.",
        f"On these {measured['articles']} articles ({measured['stories']} stories): lost {stories['lost']} of {stories['positives']} "
        f"stories with a label, {labels['lost']} of {labels['positives']} labels given; ruled out "
        f"{_spell(measured['ruled_out'])} of all articles, {_spell(measured['ruled_out_of_rest'])} of those without a label.",
        *(f"Assumed: {text}" for text in promise["assumes"]),
        *(f"Warning: {text}" for text in values["warnings"]),
    ]


def _spell(estimate: "EstimateValues") -> str:
    if estimate["value"] is None or estimate["low"] is None or estimate["high"] is None:
        return "none"
    return f"{estimate['value']:.1%} [{estimate['low']:.1%}, {estimate['high']:.1%}]"
