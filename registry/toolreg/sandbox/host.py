"""A tool that stays loaded: calls share one process, and with it whatever the tool keeps between them.

For tools that ask for it (a connection, a model, a cache). Everything else is called afresh: only then is each
call seen by itself and nothing of one call reaches the next.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from types import TracebackType
from typing import Any, Self

from toolreg.sandbox.backends.linux import hostile
from toolreg.sandbox.observation import Killed, Outcome, Returned, Tier
from toolreg.sandbox.policy import JSON, Policy
from toolreg.sandbox.session import Session

_LENGTH = 8  # bytes in front of a request and of an answer, the highest first
_CHUNK = 1 << 20
_LONGEST = 7 * 24 * 3600  # the tool lives as long as its owner; each call has its own time
_PROGRAM = """\
import json, os, socket, stat, sys, types

def _load(name, code, file):
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    exec(compile(code, file, "exec", dont_inherit=True), module.__dict__)
    return module

_results = _load("toolreg_results", {results!r}, "<results>")
del sys.modules["toolreg_results"]

def _channel():
    for number in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return socket.socket(fileno=number)
        except OSError:
            continue

def _tool():
    found = getattr(_load("tool", {code!r}, "tool.py"), {entry!r})
    return found() if isinstance(found, type) else found

def _attempt(deed, *arguments, **words):
    try:
        return deed(*arguments, **words), None
    except BaseException as error:
        try:
            message = str(error)[:10000]
        except BaseException:
            message = "(its message cannot be shown)"
        return None, {{"error": type(error).__qualname__[:200], "message": message}}

def serve():
    channel = _channel()
    tool, failed = _attempt(_tool)
    while True:
        head = channel.recv(8, socket.MSG_WAITALL)
        if len(head) < 8:
            return
        request = channel.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)
        value, error = (None, failed) if failed else _attempt(tool, **json.loads(request))
        answer = error
        if error is None:
            plain, faithful = _results.plain(value)
            answer = {{"value": plain, "faithful": faithful, "type": type(value).__name__}}
        data = json.dumps(answer).encode("ascii", "backslashreplace")
        channel.sendall(len(data).to_bytes(8, "big") + data)
"""


class Served:
    """Code in the sandbox that answers one request after the other. Calls from many threads take turns.

    code: defines `entry`, which is called once. It reads requests from its only socket and writes answers there, each
    eight bytes of length and then JSON; an answer is what a call's process would give as its result. limits.wall
    bounds each request; the other limits, all of them together. A request that is killed ends it: later ones say
    so. Raises SandboxUnavailable, PolicyError, HarnessError.
    """

    def __init__(
        self,
        code: bytes,
        entry: str,
        policy: Policy,
        *,
        preload: Sequence[str] = (),
        tier: Tier | None = None,
    ) -> None:
        self._limits = policy.limits
        self._lock = threading.Lock()
        self._ended = ""
        lasting = replace(policy, limits=replace(policy.limits, wall=_LONGEST))
        self.session = Session(code, entry, lasting, preload=preload, tier=tier)
        weakref.finalize(self, _end, self.session)

    def ask(self, request: Mapping[str, Any]) -> Outcome:
        """The answer to one request. What the code wrote stays with the session (`session.files()`)."""
        with self._lock:
            if self._ended:
                return Killed(self._ended)
            try:
                told = hostile.outcome(self._exchange(json.dumps(dict(request)).encode()))
                if not isinstance(told, Returned) or not told.examples:
                    return told
                self._close("result")
            except TimeoutError:
                self._close("timeout")
            except ValueError:
                self._close("result")
            except OSError:
                self._close("")
            return Killed(self._ended)

    def speaks(self) -> bool:
        """True if it has ended, or says something without being asked."""
        with self._lock:
            return bool(self._ended) or _readable(self.session.channel, 0)

    def close(self) -> None:
        """End its process."""
        with self._lock:
            self._close("closed")

    def _exchange(self, data: bytes) -> bytes:
        end = time.monotonic() + self._limits.wall
        channel = self.session.channel
        channel.settimeout(self._limits.wall)
        channel.sendall(len(data).to_bytes(_LENGTH, "big") + data)
        length = int.from_bytes(_read(channel, _LENGTH, end), "big")
        if length > self._limits.result:
            raise ValueError("the result is too large")
        return _read(channel, length, end)

    def _close(self, reason: str) -> None:
        if not self._ended:
            told = _end(self.session)
            self._ended = reason or told or "signal 9"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Host(Served):
    """One loaded tool under one policy. Use it as a context manager.

    entry: the class or function of the file.
    """

    def __init__(
        self,
        code: bytes,
        entry: str,
        policy: Policy,
        *,
        preload: Sequence[str] = (),
        tier: Tier | None = None,
    ) -> None:
        program = _PROGRAM.format(results=_results(), code=code.decode("utf-8", "replace"), entry=entry)
        super().__init__(program.encode(), "serve", policy, preload=preload, tier=tier)

    def call(self, arguments: Mapping[str, JSON]) -> Outcome:
        """The tool's answer to one call."""
        return self.ask(arguments)


def _end(session: Session) -> str:
    """End it without waiting for its channel; the reason why it had ended before, if it had."""
    with contextlib.suppress(OSError):  # closed already
        session.channel.setblocking(False)
    told = session.end()
    session.channel.close()
    return told


@cache
def _results() -> str:
    """How a value becomes JSON: the same code as in a fresh call."""
    return resources.files("toolreg.sandbox.backends.linux.jail").joinpath("results.py").read_text("utf-8")


def _read(channel: socket.socket, count: int, end: float) -> bytes:
    """Exactly `count` bytes. Raises TimeoutError, ConnectionError."""
    parts = bytearray()
    while len(parts) < count:
        if not _readable(channel, max(0.0, end - time.monotonic())):
            raise TimeoutError
        part = channel.recv(min(_CHUNK, count - len(parts)))
        if not part:
            raise ConnectionError("the tool's process has ended")
        parts += part
    return bytes(parts)


def _readable(channel: socket.socket, seconds: float) -> bool:
    """True as soon as something can be read. No `select`: it knows no descriptor above 1,023."""
    waiting = select.poll()
    waiting.register(channel, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
