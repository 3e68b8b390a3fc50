"""Hostile input for every door of the base package: valid files with pieces cut, flipped, repeated or put in from elsewhere."""

import gzip
import io
import json
import lzma
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from tests.builders import KeywordModel, build_bundle, build_manifest, build_typology
from tests.linear_builders import ARMS, MINE, build_article, build_model

from hawadith.bundle import read_bundle, write_bundle
from hawadith.bundle_files import MANIFEST, measure_files
from hawadith.calibration import uncalibrated
from hawadith.classifier import IncidentClassifier
from hawadith.cli.visible import visible
from hawadith.errors import HawadithError
from hawadith.loading import load_model
from hawadith.readers import ReadOptions, read_rows
from hawadith.records import Record, RowFault
from hawadith.scoring import score_shard

LINES = b"".join(
    json.dumps({"id": str(n), "title": "عنوان", "text": MINE, "labels": ["mine"]}).encode() + b"\n" for n in range(4)
)
BOUNDS = ReadOptions(max_row_bytes=4_000, max_archive_bytes=100_000)


def _build_table() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["1", "2"], "text": [MINE, ARMS], "labels": [["mine"], []]}), sink)
    return sink.getvalue()


def _build_zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", LINES)
        archive.writestr("b.txt", MINE)
    return sink.getvalue()


def _build_tar() -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name in ("a.jsonl", "b.csv"):
            member = tarfile.TarInfo(name)
            member.size = len(LINES)
            archive.addfile(member, io.BytesIO(LINES))
    return sink.getvalue()


SEEDS: dict[str, bytes] = {
    ".jsonl": LINES,
    ".jsonl.gz": gzip.compress(LINES),
    ".jsonl.zst": pa.compress(LINES, codec="zstd", asbytes=True),
    ".jsonl.xz": lzma.compress(LINES),
    ".csv": f'id,title,text\n1,"عنوان ""قصير""",{MINE}\n2,,"{ARMS}\nسطر"\n'.encode(),
    ".tsv": f'id\ttitle\ttext\n1\t"عنوان ""قصير"""\t{MINE}\n2\t\t"{ARMS}\n'.encode(),
    ".parquet": _build_table(),
    ".zip": _build_zip(),
    ".tar": _build_tar(),
    ".tar.gz": gzip.compress(_build_tar()),
}
"""A valid file of each format."""


@st.composite
def mutations(draw: st.DrawFn, seed: bytes) -> bytes:
    """A valid file, altered in one to four places; or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    content = bytearray(seed)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        kind = draw(st.sampled_from(["flip", "cut", "drop", "repeat", "insert"]))
        if kind == "flip" and at < len(content):
            content[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del content[at:]
        elif kind == "drop":
            del content[at : at + draw(st.integers(1, 40))]
        elif kind == "repeat":
            content[at:at] = content[at : at + draw(st.integers(1, 40))]
        else:
            content[at:at] = draw(
                st.sampled_from([b"\x00", b"\xff", b'"', b"\n", b"\xed\xa0\x80", b"PK\x03\x04", b"[" * 50])
            )
    return bytes(content)


def check_reader(path: Path, content: bytes) -> None:
    """Read a file: rows, or one of our errors, and nothing else."""
    path.write_bytes(content)
    try:
        for row in read_rows(path, options=BOUNDS):
            if not isinstance(row, Record | RowFault):
                raise TypeError(f"a row that is {row!r}")
            row.id.encode()
    except HawadithError as error:
        visible(str(error)).plain.encode()  # as the command line shows it


texts = st.one_of(
    st.text(st.characters(), max_size=60),
    st.text(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةپکی\u064b\u0651\u0640\u200c\u200f\u202e .،؟!\n\ufefb123٤٥@#/:", max_size=80
    ),
    st.lists(
        st.sampled_from(
            [
                "http://",
                "@user ",
                "[رابط] ",
                "لغم ",
                "؟؟؟",
                "\ud800",
                "\u0640" * 9,
                "اقرأ أيضا: ",
                "\n",
                "www.x.com/",
                "12:30 ",
            ]
        ),
        max_size=30,
    ).map("".join),
)
"""Any Unicode, Arabic with its marks, and the pieces that text steps look for."""

_CLASSIFIER = IncidentClassifier(build_bundle("mine"), model=KeywordModel(["لغم"]))


def check_text(title: str, text: str) -> None:
    """Classify an article: a status, and evidence that is quoted from the raw field."""
    [prediction] = score_shard([Record(id="x", title=title, text=text)], predictor=_CLASSIFIER, evidence=True)
    if (
        prediction.error == "RuntimeError: poisoned"
    ):  # two letters that the stand-in is made to fail at; chance spells them
        return
    if prediction.status not in ("ok", "empty", "nonfinite"):
        raise AssertionError(prediction.status)
    for item in prediction.evidence:
        raw = title if item.field == "title" else text
        if raw[item.start : item.end] != item.text:
            raise AssertionError(item)


def write_seed_bundle(path: Path) -> Path:
    """A small linear bundle."""
    typology = build_typology()
    manifest = build_manifest()
    with write_bundle(path, manifest=manifest, typology=typology, calibration=uncalibrated(typology.ids)) as folder:
        build_model([build_article(MINE), build_article(ARMS)]).save(folder)
    return path


def check_bundle(seed: Path, place: Path, *, name: str, alter: Callable[[bytes], bytes], reseal: bool) -> None:
    """Load a bundle of which one file was altered: a model that scores, or one of our errors, and nothing else."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(seed, place)
    (place / name).write_bytes(alter((place / name).read_bytes()))
    if reseal and name != MANIFEST:  # as who means harm would
        manifest = json.loads((place / MANIFEST).read_text("utf-8"))
        manifest["files"] = {n: {"size": e.size, "sha256": e.sha256} for n, e in measure_files(place).items()}
        (place / MANIFEST).write_text(json.dumps(manifest))
    try:
        bundle = read_bundle(place)
        IncidentClassifier(bundle, model=load_model(bundle)).predict([MINE])
    except HawadithError as error:
        visible(str(error)).plain.encode()  # as the command line shows it
