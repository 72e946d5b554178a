"""One connection between a call and the host it may reach: bytes both ways, counted and looked at."""

from __future__ import annotations

import re
import select
import socket
from dataclasses import dataclass, field

_CHUNK = 65536
# As lenient as the most lenient server, so that no request passes unseen.
_REQUEST = re.compile(
    rb"([A-Za-z][A-Za-z-]{0,19})[ \t]+([^\s?#]{1,512})\S{0,8000}[ \t]+HTTP/[0-9.]+[ \t]*\r?\n"
)
_READING = ("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT")
_TAIL = 8192
_MOST_REQUESTS = 64


@dataclass(slots=True)
class Traffic:
    """What went over one connection. requests: `METHOD /path` of plain HTTP, where it could be read."""

    sent: int = 0
    received: int = 0
    requests: list[str] = field(default_factory=list)
    changes: bool = False
    deletes: bool = False
    _tail: bytes = b""

    def look(self, data: bytes) -> None:
        """Note requests in what the call sent. Plain text only: inside TLS nothing can be seen."""
        seen = self._tail + data
        last = 0
        for match in _REQUEST.finditer(seen):
            last = match.end()
            method, path = match[1].decode().upper(), match[2].decode("latin-1")
            deletes = method.endswith("DELETE")  # a body may end right before it
            self.deletes |= deletes
            self.changes |= not deletes and method not in _READING
            if len(self.requests) < _MOST_REQUESTS:
                self.requests.append(f"{'DELETE' if deletes else method} {path}")
        self._tail = seen[max(last, len(seen) - _TAIL) :]


@dataclass(slots=True)
class _Half:
    source: socket.socket
    target: socket.socket
    waiting: bytes = b""
    open: bool = True


def run(inner: socket.socket, outer: socket.socket, traffic: Traffic, stop: socket.socket) -> None:
    """Pass bytes until both directions are closed, or `stop` becomes readable. Closes neither socket."""
    halves = [_Half(inner, outer), _Half(outer, inner)]
    for each in (inner, outer):
        each.setblocking(False)
    while any(half.open or half.waiting for half in halves):
        readable = [half.source for half in halves if half.open and not half.waiting]
        writable = [half.target for half in halves if half.waiting]
        ready, free, _ = select.select([*readable, stop], writable, [])
        if stop in ready:
            return
        for half in halves:
            if half.source in ready and half.source in readable:
                _take(half, traffic, outward=half.source is inner)
            if half.waiting and half.target in free and not _give(half):
                return


def _take(half: _Half, traffic: Traffic, *, outward: bool) -> None:
    try:
        half.waiting = half.source.recv(_CHUNK)
    except BlockingIOError:
        return
    except OSError:
        half.waiting = b""
    if not half.waiting:
        half.open = False
        _shut(half.target)
    elif outward:
        traffic.sent += len(half.waiting)
        traffic.look(half.waiting)
    else:
        traffic.received += len(half.waiting)


def _give(half: _Half) -> bool:
    try:
        half.waiting = half.waiting[half.target.send(half.waiting) :]
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True


def _shut(channel: socket.socket) -> None:
    try:
        channel.shutdown(socket.SHUT_WR)
    except OSError:
        return
