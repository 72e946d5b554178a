"""A tool that stays loaded: calls share one process, and with it whatever the tool keeps between them.

For tools that ask for it (a connection, a model, a cache). Everything else is called afresh: only then is each
call seen by itself and nothing of one call reaches the next.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from types import TracebackType

from toolreg.sandbox.backends.linux import hostile
from toolreg.sandbox.observation import Killed, Outcome, Tier
from toolreg.sandbox.policy import JSON, Policy
from toolreg.sandbox.session import Session

_LENGTH = struct.Struct("<I")
_LONGEST = 7 * 24 * 3600  # the tool lives as long as its owner; each call has its own time
_PROGRAM = """\
import json, os, socket, stat, struct, sys, types

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
        head = channel.recv(4, socket.MSG_WAITALL)
        if len(head) < 4:
            return
        request = channel.recv(struct.unpack("<I", head)[0], socket.MSG_WAITALL)
        value, error = (None, failed) if failed else _attempt(tool, **json.loads(request))
        answer = error
        if error is None:
            plain, faithful = _results.plain(value)
            answer = {{"value": plain, "faithful": faithful, "type": type(value).__name__}}
        data = json.dumps(answer).encode("ascii", "backslashreplace")
        channel.sendall(struct.pack("<I", len(data)) + data)
"""


class Host:
    """One loaded tool under one policy. Use it as a context manager; calls from many threads take turns.

    entry: the class or function of the file. limits.wall bounds each call, the other limits all of them together.
    A call that is killed ends the host: later calls say so. Raises SandboxUnavailable, PolicyError, HarnessError.
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
        lasting = replace(policy, limits=replace(policy.limits, wall=_LONGEST))
        program = _PROGRAM.format(results=_results(), code=code.decode("utf-8", "replace"), entry=entry)
        self._lock = threading.Lock()
        self._ended = ""
        self.session = Session(program.encode(), "serve", lasting, preload=preload, tier=tier)

    def call(self, arguments: Mapping[str, JSON]) -> Outcome:
        """The tool's answer to one call. What it wrote stays with the session (`session.files()`)."""
        with self._lock:
            if self._ended:
                return Killed(self._ended)
            try:
                return hostile.outcome(self._exchange(json.dumps(dict(arguments)).encode()))
            except TimeoutError:
                self._end("timeout")
            except ValueError:
                self._end("result")
            except OSError:
                self._end("")
            return Killed(self._ended)

    def close(self) -> None:
        """End the tool's process."""
        with self._lock:
            self._end("closed")

    def _exchange(self, data: bytes) -> bytes:
        end = time.monotonic() + self._limits.wall
        channel = self.session.channel
        channel.settimeout(self._limits.wall)
        channel.sendall(_LENGTH.pack(len(data)) + data)
        length = _LENGTH.unpack(_read(channel, _LENGTH.size, end))[0]
        if length > self._limits.result:
            raise ValueError("the result is too large")
        return _read(channel, length, end)

    def _end(self, reason: str) -> None:
        if not self._ended:
            self.session.channel.settimeout(None)
            told = self.session.end()
            self.session.channel.close()
            self._ended = reason or told or "exit"

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def _results() -> str:
    """How a value becomes JSON: the same code as in a fresh call."""
    return resources.files("toolreg.sandbox.backends.linux.jail").joinpath("results.py").read_text("utf-8")


def _read(channel: socket.socket, count: int, end: float) -> bytes:
    """Exactly `count` bytes. Raises TimeoutError, ConnectionError."""
    parts = bytearray()
    while len(parts) < count:
        if not select.select([channel], [], [], max(0.0, end - time.monotonic()))[0]:
            raise TimeoutError
        part = channel.recv(min(65536, count - len(parts)))
        if not part:
            raise ConnectionError("the tool's process has ended")
        parts += part
    return bytes(parts)
