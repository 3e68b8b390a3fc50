"""`comparison.json` as Markdown: for a terminal, or a pull request. The verdicts come first, the figures that they rest on after.

Labels and models are named by files of scores, which may come from anywhere: what is not ours stands in code spans, as in every report.
"""

from collections.abc import Mapping
from pathlib import Path

from hawadith_evaluation.comparison.layout import ComparisonValues, ContrastValues, GateValues, SideValues
from hawadith_evaluation.metrics_file import EstimateValues
from hawadith_evaluation.report.markdown import quote

_HEADER = "| label | n | A | B | B - A | p | p (Holm) |\n|---|---:|---|---|---|---:|---:|"
_UNDEFINED = "–"


def render_comparison(values: ComparisonValues) -> str:
    """The whole of `comparison.json` for a reader.

    Args:
        values: The values.

    Returns:
        Markdown, ends in a line break.
    """
    named = {quote(label): contrast for label, contrast in values["labels"].items()}
    verdicts = [
        f"- {name} (n = {contrast['n']}): {contrast['words']}"
        for name, contrast in zip(named, values["labels"].values(), strict=True)
    ]
    rows = [
        _render_row(name, str(contrast["n"]), contrast)
        for name, contrast in zip(named, values["labels"].values(), strict=True)
    ]
    return "\n".join(
        [
            "# Comparison",
            "",
            *_render_side("A", values["a"]),
            *_render_side("B", values["b"]),
            f"- Data: {quote(values['data']['path'])}, {values['n']} articles in {values['n_groups']} near-duplicate groups, "
            f"SHA-256 `{values['data']['sha256'][:16]}`",
            f"- Measure: {values['measure'].replace('_', ' ')}",
            f"- Date: {values['date']}",
            f"- Command: {quote(values['command'])}",
            "",
            "## Verdicts",
            "",
            *_render_cautions(values),
            *verdicts,
            f"- Mean of the labels: {values['macro']['words']}",
            *_render_missing(values),
            "",
            *_render_gate(values["gate"]),
            "",
            "## Figures",
            "",
            _HEADER,
            *rows,
            _render_row("macro", "", values["macro"]),
            "",
            _describe_figures(values),
            "",
        ]
    )


def _render_side(name: str, side: SideValues) -> list[str]:
    lines = []
    for number, (model, origin, unscored) in enumerate(
        zip(side["models"], side["origins"], side["unscored"], strict=True), start=1
    ):
        title = name if len(side["models"]) == 1 else f"{name}, run {number}"
        lines.append(f"- {title}: {quote(model)} ({quote(origin)}){_render_unscored(unscored)}")
    return lines


def _render_unscored(unscored: Mapping[str, int]) -> str:
    if not unscored:
        return ""
    listing = ", ".join(f"{status} {count}" for status, count in sorted(unscored.items()))
    return f"; not read, counted as given no label: {listing}"


def _render_missing(values: ComparisonValues) -> list[str]:
    sides = (("A", values["only_a"]), ("B", values["only_b"]))
    return [
        f"- Not compared, known to {name} alone: {', '.join(map(quote, labels))}" for name, labels in sides if labels
    ]


def _render_cautions(values: ComparisonValues) -> list[str]:
    """A paragraph for each side that has seen the articles: before the verdicts, because it takes their worth away."""
    name, sides = quote(Path(values["data"]["path"]).name), (("A", values["a"]), ("B", values["b"]))
    learned = [side for side, said in sides if "learned" in said["exposure"]]
    tuned = [side for side, said in sides if "tuned" in said["exposure"]]
    words = []
    if learned:
        words.append(
            f"**Caution: {' and '.join(learned)} learned from a file named {name}. On articles that a model has learned from its figures "
            "mean nothing, and neither do the verdicts and the gate: compare on others.**"
        )
    if tuned:
        words.append(
            f"Caution: a file named {name} chose calibration and thresholds of {' and '.join(tuned)}; that flatters the figures a little."
        )
    return [line for paragraph in words for line in (paragraph, "")]


def _render_gate(gate: GateValues) -> list[str]:
    title = f"## Gate: {'passed' if gate['passed'] else 'FAILED'} (tolerance {gate['tolerance']:.3f}, rule `{gate['rule']}`)"
    if gate["passed"]:
        return [title]
    return [title, "", *(f"- {quote(fall['label'])}: {fall['words']}" for fall in gate["regressions"])]


def _render_row(name: str, n: str, contrast: ContrastValues) -> str:
    cells = [
        _render_estimate(contrast["a"], sign=""),
        _render_estimate(contrast["b"], sign=""),
        _render_estimate(contrast["difference"], sign="+"),
        *(_UNDEFINED if p is None else f"{p:.4f}" for p in (contrast["p"], contrast["p_holm"])),
    ]
    return f"| {name} | {n} | {' | '.join(cells)} |"


def _render_estimate(estimate: EstimateValues, *, sign: str) -> str:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return _UNDEFINED
    if low is None or high is None:
        return f"{value:{sign}.3f}"
    return f"{value:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]"


def _describe_figures(values: ComparisonValues) -> str:
    bootstrap, permutation = values["bootstrap"], values["permutation"]
    lines = [
        f"n counts positive articles. In brackets: {bootstrap['confidence']:.0%} intervals, percentile bootstrap over near-duplicate "
        f"groups, {bootstrap['resamples']} resamples, the same for A and B, seed {bootstrap['seed']}; each stands for its label alone. "
        "One without width says that no resample moved the figure, not that it is certain.",
        f"p: two-sided permutation test, {permutation['permutations']} permutations; on each, A and B trade {permutation['swapped']} "
        "on half of the groups. Holm's correction runs over the labels; the mean of the labels is one question and not corrected.",
        _describe_runs(values),
    ]
    return "\n".join(lines)


def _describe_runs(values: ComparisonValues) -> str:
    spreads = [
        f"{name} is the mean of {len(values[side]['models'])} training runs, standard deviation between them "  # type: ignore[literal-required]
        f"{values['macro'][spread]:.3f} on the mean of the labels."  # type: ignore[literal-required]
        for name, side, spread in (("A", "a", "spread_a"), ("B", "b", "spread_b"))
        if values["macro"][spread] is not None  # type: ignore[literal-required]
    ]
    if not spreads:
        return "The verdicts are of these two models: another training run of either may do better or worse."
    return f"{' '.join(spreads)} Intervals and p hold the error of so few runs; a side with one run stands for that run alone."
