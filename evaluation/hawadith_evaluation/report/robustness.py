"""The sections on what must not move a model: the capabilities of the robustness suite, and the names of actors."""

from collections.abc import Sequence
from itertools import groupby

from hawadith_evaluation.metrics_file import ActorValues, CapabilityValues, RobustnessValues
from hawadith_evaluation.report.charts import draw_strip, widest
from hawadith_evaluation.report.outline import Cell, Column, Examples, Row, Section, Table, count, figure, name, words
from hawadith_evaluation.report.wording import spell_change, spell_count, spell_number, spell_share

_LEAST_FLIPS = 0.05
_LEAST_CHANGE = 0.05
_SHOWN_ACTORS = 8
_KINDS = {"invariance": "must not change a decision", "directional": "must move the probability the right way"}


def describe_robustness(robustness: RobustnessValues) -> Section:
    """Each capability with its tolerance.

    Args:
        robustness: What the suite found.

    Returns:
        The section.
    """
    capabilities = robustness["capabilities"]
    end = max(
        [
            widest((item["flips"] for item in capabilities), least=_LEAST_FLIPS),
            *(item["tolerance"] for item in capabilities),
        ]
    )
    passed = sum(item["passed"] for item in capabilities)
    columns = (
        Column(name="capability"),
        Column(name="cases", number=True),
        Column(name="flips", scale=("0", f"{100 * end:.0f}%")),
        Column(name="tolerance", number=True),
        Column(name="mean shift", number=True),
        Column(name="verdict"),
    )
    return Section(
        anchor="robustness",
        title="Robustness",
        reading="Each row is one thing that must not fool the model: flips are the share of decisions that changed, or of cases that moved the "
        "wrong way, and must stay within the tolerance.",
        legend="Dot and bar: flips and their interval. Red tick: the tolerance.",
        tables=(
            Table(
                caption="Capabilities",
                columns=columns,
                rows=tuple(_capability_row(item, end=end) for item in capabilities),
            ),
        ),
        facts=(f"{passed} of {len(capabilities)} capabilities within tolerance.",),
        note=f"Measured on {spell_count(robustness['n_articles'], 'article')} in {robustness['seconds']:.0f} s. The mean shift is the mean "
        "absolute change of a probability.",
        examples=tuple(
            Examples(caption=item["name"], cases=tuple(tuple(case.items()) for case in item["examples"]))
            for item in capabilities
            if item["examples"]
        ),
    )


def describe_actors(actors: Sequence[ActorValues], *, labels: Sequence[str]) -> Section:
    """What a name alone does to a probability.

    Args:
        actors: What putting each actor in another's place does, by label.
        labels: Label ids in the order of the metrics.

    Returns:
        The section: a table a label, the actors that move it most first.
    """
    order = {label: position for position, label in enumerate(labels)}
    ranked = sorted(actors, key=lambda item: (order.get(item["label"], len(order)), item["label"], -_size(item)))
    end = widest((item["mean_change"] for item in actors), least=_LEAST_CHANGE)
    tables = tuple(
        _actor_table(label, list(group), end=end) for label, group in groupby(ranked, key=lambda item: item["label"])
    )
    return Section(
        anchor="actors",
        title="Actors: what a name alone does",
        reading="Articles were read again with one actor in another's place: an interval that leaves 0 out means that the name itself raises "
        "or lowers the probability, which is a prejudice and not a finding.",
        legend="Right of the middle the name raises the probability, left of it the name lowers it.",
        tables=tables,
        note="Actors are exchanged within their kind only. The largest mean changes stand first.",
    )


def _capability_row(item: CapabilityValues, *, end: float) -> Row:
    return Row(
        group=words(_KINDS[item["kind"]]),
        cells=(
            name(item["name"]),
            count(item["n"]),
            _flips_cell(item, end=end),
            words(spell_share(item["tolerance"], digits=1)),
            words(spell_number(item["shift"], digits=3)),
            words("passed" if item["passed"] else "failed", tone="good" if item["passed"] else "bad"),
        ),
    )


def _flips_cell(item: CapabilityValues, *, end: float) -> Cell:
    value, low, high = (item["flips"][key] for key in ("value", "low", "high"))
    return Cell(
        text=spell_share(value, digits=1),
        interval="" if value is None or low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]",
        strip=draw_strip(item["flips"], scale=(0.0, end), limit=item["tolerance"]),
    )


def _actor_table(label: str, actors: Sequence[ActorValues], *, end: float) -> Table:
    rows = (
        Row(
            cells=(
                name(item["actor"]),
                name(item["kind"]),
                count(item["n"]),
                figure(item["mean_change"], digits=3, scale=(-end, end), origin=0.0),
                words(spell_number(item["mean_absolute_change"], digits=3)),
                words(spell_share(item["flips"], digits=1)),
            )
        )
        for item in actors
    )
    columns = (
        *(Column(name="actor"), Column(name="kind"), Column(name="articles", number=True)),
        Column(name="mean change", scale=(spell_change(-end, digits=2), spell_change(end, digits=2))),
        *(Column(name="mean size of change", number=True), Column(name="flips", number=True)),
    )
    return Table(
        caption="Actors that move it most", columns=columns, rows=tuple(rows), subject=label, shown=_SHOWN_ACTORS
    )


def _size(item: ActorValues) -> float:
    return abs(item["mean_change"]["value"] or 0.0)
