"""Keeps what a sandboxed call sends to the harness's network, to be searched for what should not be there."""

from __future__ import annotations

import io
import socket
from typing import BinaryIO

MOST = 20_000_000
_DRAINED = 1 << 20


class Tap:
    """One connection's bytes as they are read. pieces: where they are kept, a request line or a block each."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._left = MOST

    def over(self, stream: BinaryIO | io.BufferedIOBase) -> io.BufferedReader:
        """The same stream, listened to."""
        return io.BufferedReader(_Listened(stream, self), 65536)

    def note(self, data: bytes) -> None:
        if data and self._left > 0:
            self._pieces.append(data[: self._left])
            self._left -= len(data)

    def drain(self, sock: socket.socket) -> None:
        """Read what is on its way still: somebody may speak no HTTP at all."""
        sock.settimeout(0.05)
        left = _DRAINED
        try:
            while left > 0 and (data := sock.recv(65536)):
                self.note(data)
                left -= len(data)
        except (OSError, ValueError):
            return


class _Listened(io.RawIOBase):
    def __init__(self, stream: BinaryIO | io.BufferedIOBase, tap: Tap) -> None:
        self._stream, self._tap = stream, tap

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data: bytes = self._stream.read1(len(buffer))  # type: ignore[union-attr]
        buffer[: len(data)] = data
        self._tap.note(data)
        return len(data)
