"""Run a tool's bytes under exactly what a policy grants, and see what they did."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from toolreg.errors import SandboxUnavailable, UsageError
from toolreg.sandbox.backends.base import Backend
from toolreg.sandbox.backends.choice import DEFAULT, UNSAFE, open_backend
from toolreg.sandbox.backends.linux.backend import Linux
from toolreg.sandbox.observation import Observation, Tier
from toolreg.sandbox.policy import Call, Policy
from toolreg.sandbox.probe import Probe, probe


class Sandbox:
    """A place to run untrusted tools. Use it as a context manager; calls may come from several threads.

    Every call starts from a fresh process and leaves nothing behind. preload: modules that every call will
    import, loaded once. tier: insist on one; None takes the best that this machine has: A and B are this kernel's
    own layers, C is WebAssembly or a container, where the kernel has none. backend: another one by name.
    Raises SandboxUnavailable where the machine cannot isolate a call: nothing ever runs without.
    """

    def __init__(
        self, *, preload: Sequence[str] = (), tier: Tier | None = None, backend: str = DEFAULT
    ) -> None:
        self._linux: Linux | None = None
        self.backend = backend
        if backend != DEFAULT:
            if tier is not None:
                raise UsageError(f"backend '{backend}' has no tiers", hint="leave the tier out")
            self.tier: Tier = "none" if backend == UNSAFE else "C"
            self._other: Backend | None = open_backend(backend)
            return
        found = probe()
        self._other = None
        if tier == "C" or (found.tier is None and tier is None):
            self.tier, self._other = "C", _instead(found, forced=tier == "C")
            return
        self.tier = _choose(found, tier)
        self._linux = Linux(self.tier, dict(found.layers(self.tier)), preload)

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        """Run one call of the tool in `code` (the bytes of tool.py) and give what was observed.

        A tool that raises, hangs or attacks is an Observation. Raises PolicyError for a policy that cannot be
        granted, HarnessError if the sandbox itself failed.
        """
        return (self._linux or self._ready()).call(code, request, policy)

    def probe(self) -> Probe:
        """What holds a call here: capability → level, mechanism, reason."""
        return probe() if self._linux is not None else self._ready().probe()

    def start(self) -> Sandbox:
        """Bring everything up now; else the first call pays for it."""
        if self._linux is not None:
            self._linux.start()
        return self

    def pids(self) -> tuple[int, ...]:
        """Processes that stand ready on the host."""
        return self._linux.pids() if self._linux is not None else ()

    def left(self) -> frozenset[str]:
        """What calls left behind outside of this process tree: containers, machines. Empty but for a fault."""
        look = getattr(self._other, "left", None)
        return frozenset(look()) if look is not None else frozenset()

    def close(self) -> None:
        """End every process of this sandbox."""
        (self._linux or self._ready()).close()

    def _ready(self) -> Backend:
        assert self._other is not None
        return self._other

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


def _instead(found: Probe, *, forced: bool) -> Backend:
    """The boundary in the place of this kernel's own layers. Raises SandboxUnavailable where there is none."""
    from toolreg.sandbox.backends.fallback import Fallback

    try:
        return Fallback()
    except SandboxUnavailable as error:
        if forced:
            raise
        raise SandboxUnavailable(
            f"this machine cannot isolate a call: {found.reason}; {error.message}",
            hint=f"{found.hint}; or {error.hint}" if found.hint else error.hint,
        ) from error
