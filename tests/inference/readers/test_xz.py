"""Packed files as streams: the same bytes in pieces of any size, and a bound on memory."""

import io
import lzma

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.readers.xz import MAX_MEMORY, open_xz


class Drip(io.BytesIO):
    """Gives a few bytes a read, as a member of an archive may."""

    def __init__(self, content: bytes, *, size: int) -> None:
        super().__init__(content)
        self._size = size

    def read(self, _size: int | None = -1, /) -> bytes:
        """A few bytes, whatever was asked for."""
        return super().read(self._size)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.binary(max_size=300), min_size=1, max_size=3),
    st.integers(1, 50),
    st.sampled_from([b"", b"\0" * 4, b"\0" * 400]),
)
def test_open_xz_gives_the_bytes_of_all_streams_however_they_come(
    parts: list[bytes], size: int, padding: bytes
) -> None:
    packed = b"".join(lzma.compress(part) + padding for part in parts)
    assert open_xz(Drip(packed, size=size)).read() == b"".join(parts)


@pytest.mark.parametrize(
    ("packed", "error"),
    [
        (b"", EOFError),
        (lzma.compress(b"abc" * 999)[:-9], EOFError),
        (lzma.compress(b"abc") + b"and no stream behind it", lzma.LZMAError),
        (b"no archive at all", lzma.LZMAError),
    ],
)
def test_open_xz_names_what_is_damaged(packed: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        open_xz(io.BytesIO(packed)).read()


@pytest.mark.parametrize(("share", "allowed"), [(2, True), (1, False)])
def test_open_xz_refuses_a_dictionary_beyond_the_bound(share: int, allowed: bool) -> None:
    packed = lzma.compress(b"abc", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": MAX_MEMORY // share, "preset": 0}])
    if allowed:
        assert open_xz(io.BytesIO(packed)).read() == b"abc"
    else:
        with pytest.raises(lzma.LZMAError, match="Memory usage limit"):
            open_xz(io.BytesIO(packed)).read()
