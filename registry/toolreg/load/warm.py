"""A tool that stays between calls, because it asks to: one process in the sandbox, one call at a time.

A tool asks by having `setup`, which smolagents runs once for an instance. What it may do must be the same for every
call, since the sandbox is made once: a tool with a `{param}` in its effects, or that writes files, is run afresh.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from toolreg.contract import ToolSource
from toolreg.effects import KINDS, Effect
from toolreg.harness import media
from toolreg.sandbox import Isolation, Killed, Observation, Policy, Usage, probe
from toolreg.sandbox.backends.linux.backend import needs_real_package
from toolreg.sandbox.host import Served

_LONGEST = 7 * 24 * 3600


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
    _served: Served | None = None
    _lock: Lock = field(default_factory=Lock)

    def call(self, arguments: Mapping[str, Any], page: int = 0) -> Observation:
        """One call. What it did is not watched, only held; `unseen` says so. Raises SandboxError."""
        with self._lock:
            began = time.monotonic()
            served = self._ready()
            told = served.ask({"arguments": dict(arguments), "page": page})
            tier = served.session.tier
            usage = Usage(wall=time.monotonic() - began)
            if isinstance(told, Killed):
                self._served = None
            isolation = Isolation(tier, dict(probe().layers(tier)))
            return Observation(told, (), "", "", False, (), usage, isolation, unseen=KINDS)

    def close(self) -> None:
        """End its process."""
        with self._lock:
            self._end()

    def _ready(self) -> Served:
        if self._served is not None and self._served.speaks():
            self._end()
        if self._served is None:
            limits = replace(self.policy.limits, cpu=_LONGEST)
            self._served = Served(self.code, media.SERVE, replace(self.policy, limits=limits))
        return self._served

    def _end(self) -> None:
        if self._served is not None:
            self._served.close()
            self._served = None
