"""`hawadith bench`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from hawadith.encoder.precision import Precision
from hawadith.extras import require_extra


def bench(
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    shape: Annotated[
        Literal["arabert-base", "compact", "tiny"] | None,
        typer.Option(help="Measure random weights of this shape instead"),
    ] = None,
    precision: Annotated[Precision, typer.Option(help="Of the runtime that --shape makes")] = "int8",
    data: Annotated[Path, typer.Option(help="Articles to score")] = Path("samples/articles.jsonl"),
    limit: Annotated[int, typer.Option(min=1, help="Articles at most")] = 200,
    passes: Annotated[int, typer.Option(min=1, help="How often each is measured; the fastest counts")] = 3,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures there")] = None,
) -> None:
    """Measure speed, memory and start-up, beside transformers.pipeline on the same weights and the machine's int8 ceiling."""  # noqa: DOC501
    import json
    from tempfile import TemporaryDirectory

    from hawadith.bundle import read_bundle
    from hawadith.classifier import default_bundle
    from hawadith.errors import ConfigError
    from hawadith.writers.atomic import replace_file
    from hawadith_training.bench.report import render_bench, to_mapping
    from hawadith_training.bench.run import measure_bundle, read_sample

    if model is not None and shape is not None:
        raise ConfigError("--model and --shape name two models; give one of them.")
    with TemporaryDirectory() as work:
        if shape is None:
            bundle = read_bundle(model or default_bundle())
        else:
            require_extra("train", command="hawadith bench --shape")
            from hawadith.text.article import TextProfile, prepare_article
            from hawadith_training.bench.shape import write_shape

            sample = read_sample(data, limit=limit)
            articles = [prepare_article(record.title, record.text, profile=TextProfile()) for record in sample]
            bundle = write_shape(Path(work) / shape, shape=shape, precision=precision, articles=articles)
        values = to_mapping(measure_bundle(bundle, data=data, limit=limit, passes=passes))
    if json_file is not None:
        with replace_file(json_file) as temporary:
            temporary.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    typer.echo(render_bench(values))
