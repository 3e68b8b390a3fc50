"""A .xz file as a stream of bounded memory: its header names the dictionary that unpacking may fill, and a hostile one names gigabytes.

`lzma.open` takes no bound; the decompressor below it does, and is put behind a stream here.
"""

import io
import lzma
from typing import BinaryIO, cast

MAX_MEMORY = 128 * 2**20
"""Bytes that unpacking may take; the strongest preset of `xz` needs 65 MiB."""

_READ_BYTES = 2**16


def open_xz(raw: BinaryIO) -> BinaryIO:
    """Unpack a stream while it is read.

    Args:
        raw: The packed bytes: one or more .xz streams, one behind the other, with padding.

    Returns:
        The bytes. Reading raises `lzma.LZMAError` where they are damaged or take more than `MAX_MEMORY`, `EOFError` where they break off.
    """
    return cast(BinaryIO, io.BufferedReader(_XzStream(raw), _READ_BYTES))


class _XzStream(io.RawIOBase):
    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._ahead = b""
        self._decompressor = _build_decompressor()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        while not self._decompressor.eof or self._begin_next():
            packed = self._read_packed() if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not packed:
                raise EOFError("the packed bytes break off")
            if piece := self._decompressor.decompress(packed, max_length=len(view)):
                view[: len(piece)] = piece
                return len(piece)
        return 0

    def _read_packed(self) -> bytes:
        packed, self._ahead = self._ahead, b""
        return packed or self._raw.read(_READ_BYTES)

    def _begin_next(self) -> bool:
        """Whether another stream lies behind the one that has ended; between them may be zeros."""
        self._ahead = self._decompressor.unused_data.lstrip(b"\0")
        while not self._ahead:
            if not (piece := self._raw.read(_READ_BYTES)):
                return False
            self._ahead = piece.lstrip(b"\0")
        self._decompressor = _build_decompressor()
        return True


def _build_decompressor() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MAX_MEMORY)
