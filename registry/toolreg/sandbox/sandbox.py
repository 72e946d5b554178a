"""Run a tool's bytes under exactly what a policy grants, and see what they did."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.backends.linux.backend import Linux
from toolreg.sandbox.observation import Observation, Tier
from toolreg.sandbox.policy import Call, Policy
from toolreg.sandbox.probe import Probe, probe


class Sandbox:
    """A place to run untrusted tools. Use it as a context manager; calls may come from several threads.

    Every call starts from a fresh process and leaves nothing behind. preload: modules that every call will
    import, loaded once. tier: insist on one; None takes the best that this machine has.
    Raises SandboxUnavailable where the machine cannot isolate a call: nothing ever runs without.
    """

    def __init__(self, *, preload: Sequence[str] = (), tier: Tier | None = None) -> None:
        found = probe()
        self.tier: Tier = _choose(found, tier)
        self._backend = Linux(self.tier, dict(found.layers(self.tier)), preload)

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        """Run one call of the tool in `code` (the bytes of tool.py) and give what was observed.

        A tool that raises, hangs or attacks is an Observation. Raises PolicyError for a policy that cannot be
        granted, HarnessError if the sandbox itself failed.
        """
        return self._backend.call(code, request, policy)

    def start(self) -> Sandbox:
        """Bring everything up now; else the first call pays for it."""
        self._backend.start()
        return self

    def pids(self) -> tuple[int, ...]:
        """Processes that stand ready on the host."""
        return self._backend.pids()

    def close(self) -> None:
        """End every process of this sandbox."""
        self._backend.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _choose(found: Probe, wanted: Tier | None) -> Tier:
    best = found.tier
    if best is None:
        raise SandboxUnavailable(f"this machine cannot isolate a call: {found.reason}", hint=found.hint)
    if wanted == "A" and best != "A":
        raise SandboxUnavailable(f"the full sandbox is not to be had here: {found.reason}", hint=found.hint)
    return wanted or best
