"""Archives, read as a stream: nothing is ever unpacked under a name that the archive chose.

A member is read where it lies, in the archive's order. Its name serves messages and ids alone; one that leads out of the archive is passed
over all the same, because who writes such names means harm. A budget bounds what an archive may unpack to: a few kilobytes can hold
petabytes of zeros.
"""

import gzip
import io
import lzma
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self, cast

from hawadith.errors import DataError
from hawadith.readers.options import ReadOptions
from hawadith.readers.rows import replace_surrogates
from hawadith.readers.sources import UNKNOWN_ENDING, InputFile, OnSkip, SkipCounter, kind_of
from hawadith.records import Row, RowFault

# What Python's own readers raise on bytes that are no archive: found by fuzzing, wider than they document.
_DAMAGE = (
    OSError,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
_READ_BYTES = 2**16
_MAX_HEADER_BYTES = (
    2**20
)  # a long name or link target; `tarfile` holds it whole, so that zeros there would take all memory
_TAR_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)

ReadMember = Callable[[InputFile], Iterator[Row]]
"""Reads one member as the file of its own that it stands for."""


def read_archive(file: InputFile, *, options: ReadOptions, read_member: ReadMember) -> Iterator[Row]:
    """Read the articles in a .zip, .tar or .tar.gz file.

    Args:
        file: The archive.
        options: The bounds.
        read_member: How a member is read.

    Yields:
        The rows of every member that can be read, in the archive's order. Links, devices, encrypted members, archives in the archive and
        names that lead out of it are passed over, and counted in one warning.

    Raises:
        DataError: If the archive cannot be opened, breaks off, or unpacks to more than the bound.
    """
    skipped = SkipCounter()
    open_members = _open_zip if file.path.suffix.lower() == ".zip" else _open_tar
    budget = _Budget(file, max_bytes=options.max_archive_bytes)
    with _open(file) as raw:
        for member, stream in _name_damage(open_members(raw, budget=budget, on_skip=skipped.add), file=file):
            yield from _read_member(file, member=member, stream=stream, read_member=read_member)
    skipped.warn()


def _open(file: InputFile) -> BinaryIO:
    try:
        return file.open()
    except OSError as error:
        raise DataError(f"{file.shown} cannot be read: {error.strerror}.") from error


def _name_damage(members: Iterator[tuple[str, BinaryIO]], *, file: InputFile) -> Iterator[tuple[str, BinaryIO]]:
    """The members up to the place where the archive breaks off; what reading one of them raises is not caught here."""  # noqa: DOC501
    while True:
        try:
            member = next(members, None)
        except DataError:
            raise
        except _DAMAGE as error:
            raise DataError(f"{file.shown} cannot be read as an archive from here on: {error}.") from error
        if member is None:
            return
        yield member


def _read_member(archive: InputFile, *, member: str, stream: BinaryIO, read_member: ReadMember) -> Iterator[Row]:
    kind = kind_of(member)
    if kind is None:
        return
    name = replace_surrogates(f"{archive.name}/{member}")
    file = InputFile(path=archive.path, name=name, kind=kind, within=True, member=member, stream=stream)
    if kind != "parquet":
        yield from read_member(file)
        return
    with tempfile.TemporaryFile() as seekable:  # Parquet is read from its end
        try:
            shutil.copyfileobj(stream, seekable)
        except OSError as error:
            message = f"{file.shown} cannot be read: {error}."
            yield RowFault(id=name, status="parse_error", message=message, location=file.shown)
            return
        seekable.seek(0)
        yield from read_member(replace(file, stream=cast(BinaryIO, seekable)))


def _open_zip(raw: BinaryIO, *, budget: "_Budget", on_skip: OnSkip) -> Iterator[tuple[str, BinaryIO]]:
    with zipfile.ZipFile(raw) as archive:
        for member in archive.infolist():
            budget.take(0)
            if member.filename.endswith("/"):
                continue
            mode = member.external_attr >> 16
            reason = "encrypted" if member.flag_bits & 1 else "link" if stat.S_ISLNK(mode) else _refuse(member.filename)
            if reason:
                on_skip(Path(member.filename), reason)
                continue
            with archive.open(member) as stream:
                yield member.filename, budget.meter(cast(BinaryIO, stream))


def _open_tar(raw: BinaryIO, *, budget: "_Budget", on_skip: OnSkip) -> Iterator[tuple[str, BinaryIO]]:
    # Metered before tar sees it: a stream is unpacked also where its members are passed over.
    with (
        _unpack(raw) as unpacked,
        tarfile.open(fileobj=budget.meter(unpacked), mode="r|", tarinfo=_StrictMember) as archive,
    ):
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # else it keeps every member that it has seen
            if member.isdir():
                continue
            reason = "link" if member.issym() or member.islnk() else _refuse(member.name)
            stream = archive.extractfile(member) if member.isfile() and not reason else None
            if stream is None:
                on_skip(Path(member.name), reason or "not a plain file")
            else:
                yield member.name, _guard(cast(BinaryIO, stream))


class _StrictMember(tarfile.TarInfo):
    """A member of a tar file whose header is whole: `tarfile` takes a damaged one behind the first for the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read a header of 512 bytes.

        Args:
            buf: The bytes.
            encoding: Of names.
            errors: How names are decoded that are not of that encoding.

        Returns:
            The member.

        Raises:
            ReadError: If the header is damaged, cut short, or announces more bytes than any header has.
        """
        try:
            member = super().frombuf(buf, encoding, errors)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(str(error)) from error
        if member.type in _TAR_HEADERS and member.size > _MAX_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {member.size} bytes")
        return member


@contextmanager
def _unpack(raw: BinaryIO) -> Iterator[BinaryIO]:
    head = raw.read(2)
    raw.seek(0)
    if head != b"\x1f\x8b":
        yield raw
        return
    with gzip.GzipFile(fileobj=raw) as unpacked:
        yield cast(BinaryIO, unpacked)


def _refuse(name: str) -> str | None:
    """Why a member of that name is passed over, or None."""
    path = PurePosixPath(name)
    if not path.parts:
        return "member without a name"
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
        return "name that leads out of the archive"
    if any(part.startswith((".", "__MACOSX")) for part in path.parts):
        return "hidden file"
    kind = kind_of(name)
    return "archive in an archive" if kind == "archive" else None if kind else UNKNOWN_ENDING


class _Budget:
    """What an archive may still unpack to."""

    def __init__(self, file: InputFile, *, max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._left = max_bytes

    def meter(self, stream: BinaryIO) -> BinaryIO:
        """The stream, with what is read of it taken from the budget."""
        return _guard(stream, take=self.take)

    def take(self, count: int) -> None:
        """Take bytes from the budget.

        Args:
            count: How many.

        Raises:
            DataError: If there are not as many left.
        """
        self._left -= count
        if self._left < 0:
            raise DataError(
                f"{self._file.shown} unpacks to more than {self._max_bytes} bytes. If it is no bomb, unpack it and give the folder."
            )


def _guard(stream: BinaryIO, *, take: Callable[[int], None] | None = None) -> BinaryIO:
    """A stream that is read forwards only, and says of what it reads."""
    return cast(BinaryIO, io.BufferedReader(_Guarded(stream, take=take), _READ_BYTES))


class _Guarded(io.RawIOBase):
    def __init__(self, stream: BinaryIO, *, take: Callable[[int], None] | None) -> None:
        self._stream = stream
        self._take = take

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        try:
            piece = self._stream.read(len(view))
        except DataError:
            raise
        except _DAMAGE as error:
            raise OSError(str(error)) from error  # what the readers of single files know as damage
        if self._take is not None:
            self._take(len(piece))
        view[: len(piece)] = piece
        return len(piece)
