"""Messages between a process and its child: eight bytes of length, then as many bytes."""

import struct
from typing import IO

_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], body: bytes) -> None:
    """Write one message.

    Args:
        stream: Where to.
        body: The message.

    Raises:
        OSError: If the other side is gone.
    """
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None
