"""A tool that stays between calls, because it asks to: one process in the sandbox, one call at a time.

A tool asks by having `setup`, which smolagents runs once for an instance. What it may do must be the same for every
call, since the sandbox is made once: a tool with a `{param}` in its effects, or that writes files, is run afresh.
"""

from __future__ import annotations

import contextlib
import json
import select
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from toolreg.contract import ToolSource
from toolreg.effects import KINDS, Effect
from toolreg.harness import media
from toolreg.sandbox import Isolation, Killed, Observation, Outcome, Policy, Returned, Usage, probe
from toolreg.sandbox.backends.linux.backend import needs_real_package
from toolreg.sandbox.backends.linux.hostile import outcome
from toolreg.sandbox.session import Session

_LONGEST = 7 * 24 * 3600
_CHUNK = 1 << 20


def stays(source: ToolSource, effects: tuple[Effect, ...], code: bytes) -> bool:
    """True for a tool that keeps something between calls and may be held by one sandbox."""
    varies = any(e.parameters or e.kind == "write" for e in effects)
    return source.method("setup") is not None and not varies and not needs_real_package(code)


@dataclass(slots=True, weakref_slot=True)
class Host:
    """The process of one tool. Made at the first call, and anew after it ended; calls wait for each other.

    code: with a door that stays. Use `call` from any thread.
    """

    code: bytes
    policy: Policy
    _session: Session | None = None
    _lock: Lock = field(default_factory=Lock)

    def call(self, arguments: Mapping[str, Any], page: int = 0) -> Observation:
        """One call. What it did is not watched, only held; `unseen` says so. Raises SandboxError."""
        with self._lock:
            began = time.monotonic()
            session = self._ready()
            told = self._asked(session, arguments, page)
            isolation = Isolation(session.tier, dict(probe().layers(session.tier)))
            usage = Usage(wall=time.monotonic() - began)
            if isinstance(told, Killed):
                self._end()
            return Observation(told, (), "", "", False, (), usage, isolation, unseen=KINDS)

    def close(self) -> None:
        """End its process."""
        with self._lock:
            self._end()

    def _ready(self) -> Session:
        if self._session is not None and select.select([self._session.channel], [], [], 0)[0]:
            self._end()  # it has ended, or speaks without being asked
        if self._session is None:
            limits = replace(self.policy.limits, wall=_LONGEST, cpu=_LONGEST)
            self._session = Session(self.code, media.SERVE, replace(self.policy, limits=limits))
            weakref.finalize(self, _end, self._session)
        return self._session

    def _asked(self, session: Session, arguments: Mapping[str, Any], page: int) -> Outcome:
        data = json.dumps({"arguments": dict(arguments), "page": page}).encode()
        deadline = time.monotonic() + self.policy.limits.wall
        try:
            session.channel.settimeout(self.policy.limits.wall)
            session.channel.sendall(len(data).to_bytes(8, "big") + data)
            size = int.from_bytes(_exactly(session, 8, deadline), "big")
            if size > self.policy.limits.result:
                return Killed("result")
            told = outcome(_exactly(session, size, deadline))
        except TimeoutError:
            return Killed("timeout")
        except OSError:
            return Killed(_end(session) or "signal 9")
        return told if not isinstance(told, Returned) or not told.examples else Killed("result")

    def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            _end(session)
            session.channel.close()


def _end(session: Session) -> str:
    """End it without waiting for its channel; the reason why it had ended before, if it had."""
    with contextlib.suppress(OSError):  # closed already
        session.channel.setblocking(False)
    return session.end()


def _exactly(session: Session, size: int, deadline: float) -> bytes:
    """So many bytes. Raises TimeoutError, and ConnectionError where the other side is gone."""
    data = bytearray()
    while len(data) < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        session.channel.settimeout(left)
        part = session.channel.recv(min(size - len(data), _CHUNK))
        if not part:
            raise ConnectionError("the tool's process has ended")
        data += part
    return bytes(data)
