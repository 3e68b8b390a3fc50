"""The sections on what must not move a model: the capabilities of the robustness suite, and the names of actors."""

from collections.abc import Sequence
from itertools import groupby

from hawadith_evaluation.metrics_file import ActorValues, CapabilityValues, EstimateValues, RobustnessValues
from hawadith_evaluation.report.charts import draw_strip, widest
from hawadith_evaluation.report.outline import Cell, Column, Examples, Row, Section, Table, count, figure, name, words
from hawadith_evaluation.report.wording import spell_change, spell_count, spell_number, spell_share

_LEAST_FLIPS = 0.05
_LEAST_CHANGE = 0.05
_SHOWN_ACTORS = 8
_NOTHING: EstimateValues = {"value": None, "low": None, "high": None}


def describe_robustness(robustness: RobustnessValues) -> Section:
    """Each capability with its tolerance.

    Args:
        robustness: What the suite found.

    Returns:
        The section: a table of what must not change a decision, and one of what must move a probability the right way.
    """
    capabilities = robustness["capabilities"]
    invariances = [item for item in capabilities if item["kind"] == "invariance"]
    directions = [item for item in capabilities if item["kind"] == "directional"]
    tables = [_table_invariances(invariances)] if invariances else []
    tables += [_table_directions(directions)] if directions else []
    return Section(
        anchor="robustness",
        title="Robustness",
        reading="Each row is one thing that must not fool the model: flips are the share of decisions that changed, wrong moves the share "
        "of cases whose probability did not go where it must, and each has its tolerance.",
        legend="Dot and bar: the share and its interval. Red tick: the tolerance.",
        tables=tuple(tables),
        facts=(f"{count_passed(capabilities)}.",),
        note=f"Measured on {spell_count(robustness['n_articles'], 'article')} in {robustness['seconds']:.0f} s. Most decisions are "
        "negative and hard to flip, so two columns are stricter: articles with any flip, and labels given before but not after. A verdict "
        "is of the share itself; its interval says how sure that is.",
        examples=tuple(
            Examples(caption=item["name"], cases=tuple(tuple(case.items()) for case in item["examples"]))
            for item in capabilities
            if item["examples"]
        ),
    )


def count_passed(capabilities: Sequence[CapabilityValues]) -> str:
    """How many of the capabilities that could be tried on the articles lie within their tolerance.

    Args:
        capabilities: All of them; one without a case has shown nothing, and is counted apart.

    Returns:
        Such as `9 of 11 capabilities within tolerance`.
    """
    tried = [item for item in capabilities if item["n"]]
    untried = len(capabilities) - len(tried)
    rest = f", and {untried} that could not be tried on these articles" if untried else ""
    return f"{sum(item['passed'] for item in tried)} of {len(tried)} capabilities within tolerance{rest}"


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
    groups = groupby(ranked, key=lambda item: item["label"])
    return Section(
        anchor="actors",
        title="Actors: what a name alone does",
        reading="Articles were read again with one actor in another's place: an interval well clear of 0 means that the name itself "
        "raises or lowers the probability, which is a prejudice and not a finding.",
        legend="Right of the middle the name raises the probability, left of it the name lowers it.",
        tables=tuple(_table_actors(label, list(group), end=end) for label, group in groups),
        note="Actors are exchanged within their kind only. The largest mean changes stand first. Each interval stands for its actor alone: "
        f"of these {len(actors):,} about one in twenty leaves 0 out by chance.",
    )


def _table_invariances(capabilities: Sequence[CapabilityValues]) -> Table:
    end = _scale_end(capabilities)
    columns = (
        Column(name="capability"),
        Column(name="articles", number=True),
        Column(name="flips", scale=("0", f"{100 * end:.0f}%")),
        Column(name="tolerance", number=True),
        Column(name="verdict"),
        Column(name="articles with any flip", number=True),
        Column(name="labels taken back", number=True),
        Column(name="mean size of change", number=True),
    )
    rows = (
        Row(
            cells=(
                *_judge(item, end=end),
                _percentage(item.get("articles", _NOTHING)),
                _percentage(item.get("taken_back", _NOTHING)),
                words(spell_number(item["shift"], digits=3)),
            )
        )
        for item in capabilities
    )
    return Table(caption="Must not change a decision", columns=columns, rows=tuple(rows))


def _table_directions(capabilities: Sequence[CapabilityValues]) -> Table:
    end = _scale_end(capabilities)
    columns = (
        Column(name="capability"),
        Column(name="cases", number=True),
        Column(name="wrong moves", scale=("0", f"{100 * end:.0f}%")),
        Column(name="tolerance", number=True),
        Column(name="verdict"),
        Column(name="end with the label", number=True),
        Column(name="mean change", number=True),
    )
    rows = (
        Row(
            cells=(
                *_judge(item, end=end),
                _percentage(item.get("given", _NOTHING)),
                words(spell_change(item["shift"], digits=3)),
            )
        )
        for item in capabilities
    )
    return Table(caption="Must move the probability the right way", columns=columns, rows=tuple(rows))


def _table_actors(label: str, actors: Sequence[ActorValues], *, end: float) -> Table:
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


def _judge(item: CapabilityValues, *, end: float) -> tuple[Cell, ...]:
    """The cells that both tables begin with."""
    flips = _percentage(item["flips"])
    return (
        name(item["name"]),
        count(item["n"]),
        Cell(
            text=flips.text,
            interval=flips.interval,
            strip=draw_strip(item["flips"], scale=(0.0, end), limit=item["tolerance"]),
        ),
        words(spell_share(item["tolerance"], digits=1)),
        _spell_verdict(item),
    )


def _spell_verdict(item: CapabilityValues) -> Cell:
    if not item["n"]:
        return words("not tried")
    return words("passed", tone="good") if item["passed"] else words("failed", tone="bad")


def _percentage(estimate: EstimateValues) -> Cell:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    interval = "" if value is None or low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]"
    return Cell(text=spell_share(value, digits=1), interval=interval)


def _scale_end(capabilities: Sequence[CapabilityValues]) -> float:
    tolerances = (item["tolerance"] for item in capabilities)
    return max(widest((item["flips"] for item in capabilities), least=_LEAST_FLIPS), *tolerances)


def _size(item: ActorValues) -> float:
    return abs(item["mean_change"]["value"] or 0.0)
