"""One connection between a call and the host it may reach: bytes both ways, counted and looked at."""

from __future__ import annotations

import re
import select
import socket
from dataclasses import dataclass, field

from toolreg.sandbox.backends.linux.spoken import Greeting, Head

_CHUNK = 65536
# As lenient as the most lenient server, so that no request passes unseen.
_REQUEST = re.compile(
    rb"([A-Za-z][A-Za-z-]{0,19})[ \t]+([^\s?#]{1,512})\S{0,8000}[ \t]+HTTP/[0-9.]+[ \t]*\r?\n"
)
_READING = ("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT")
_TAIL = 8192
_MOST_REQUESTS = 64
_MOST_OVERHEARD = 16
_LAST_SECONDS = 2.0  # how long the outside may take to accept the next bytes of a call that is over


@dataclass(slots=True)
class Traffic:
    """What went over one connection. requests: `METHOD /path` of plain HTTP, where it could be read."""

    sent: int = 0
    received: int = 0
    requests: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    changes: bool = False
    deletes: bool = False
    _tail: bytes = b""
    _head: Head | None = None
    _greeting: Greeting = field(default_factory=Greeting)

    def look(self, data: bytes) -> None:
        """Note requests in what the call sent, and the hosts that it names. Inside TLS nothing else can be seen."""
        if not self._greeting.over:
            self._mention({self._greeting.add(data)} - {""})
        seen = self._tail + data
        last = 0
        found = list(_REQUEST.finditer(seen))
        self._more(data if not found else seen[: found[0].start()][len(self._tail) :])
        for match, after in zip(found, [*found[1:], None], strict=False):
            last = match.end()
            method, path = match[1].decode().upper(), match[2].decode("latin-1")
            self._judge(method)
            if len(self.requests) < _MOST_REQUESTS:
                self.requests.append(f"{'DELETE' if method.endswith('DELETE') else method} {path}")
            self._head = Head(method, match[2])
            self._more(seen[last : after.start() if after else None])
        self._tail = seen[max(last, len(seen) - _TAIL) :]

    def _more(self, data: bytes) -> None:
        """More of the head of the last request."""
        head = self._head
        if head is None:
            return
        head.add(data)
        for method in head.methods[1:]:
            self._judge(method)
        self.changes |= head.upgrades  # what is said after it is not HTTP any more
        self._mention(head.hosts())
        if head.over:
            self._head = None

    def _judge(self, method: str) -> None:
        deletes = method.endswith("DELETE")  # a body may end right before it
        self.deletes |= deletes
        self.changes |= not deletes and method not in _READING

    def _mention(self, hosts: set[str]) -> None:
        if len(self.hosts) < _MOST_REQUESTS:
            self.hosts |= hosts


@dataclass(slots=True)
class _Half:
    source: socket.socket
    target: socket.socket
    waiting: bytes = b""
    open: bool = True


def run(inner: socket.socket, outer: socket.socket, traffic: Traffic, stop: socket.socket) -> None:
    """Pass bytes until both directions are closed. Closes neither socket.

    When `stop` becomes readable the call is over: nobody is left to be answered, but what it had said is still seen,
    and goes out as it would without a relay.
    """
    outward, inward = _Half(inner, outer), _Half(outer, inner)
    halves, left = [outward, inward], None
    for each in (inner, outer):
        each.setblocking(False)
    while any(half.open or half.waiting for half in halves):
        wanted = {half.source: select.POLLIN for half in halves if half.open and not half.waiting}
        for half in halves:
            if half.waiting:
                wanted[half.target] = wanted.get(half.target, 0) | select.POLLOUT
        if left is None:
            wanted[stop] = select.POLLIN
        ready = _poll(wanted, left)
        if stop in ready and left is None:
            halves, left = [outward], _LAST_SECONDS
        elif not ready:
            return
        for half in halves:
            if half.source in ready and half.open and not half.waiting:
                _take(half, traffic, outward=half is outward)
            if half.waiting and half.target in ready and not _give(half):
                _overhear(outward, traffic)
                return


def _poll(wanted: dict[socket.socket, int], seconds: float | None) -> set[socket.socket]:
    """Those of the sockets where something can be done. No `select`: it knows no descriptor above 1,023."""
    waiting = select.poll()
    sockets = {each.fileno(): each for each in wanted}
    for number, each in sockets.items():
        waiting.register(number, wanted[each])
    return {sockets[number] for number, _ in waiting.poll(None if seconds is None else seconds * 1000)}


def _overhear(outward: _Half, traffic: Traffic) -> None:
    """What the call has said already, though nobody can be told any more."""
    for _ in range(_MOST_OVERHEARD):
        outward.waiting = b""
        _take(outward, traffic, outward=True)
        if not outward.waiting:
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
