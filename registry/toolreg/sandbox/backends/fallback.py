"""Where the kernel offers no layers: WebAssembly for pure tools, a container for the others, or nothing."""

from __future__ import annotations

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.backends import choice
from toolreg.sandbox.backends.base import Backend
from toolreg.sandbox.backends.wasi.backend import unfit
from toolreg.sandbox.observation import Observation
from toolreg.sandbox.policy import Call, Policy
from toolreg.sandbox.probe import Capability, Probe

_CONTAINERS = ("docker", "podman")
_HINT = "install Docker or podman; for pure tools: pip install 'smolagents-toolreg[wasi]'"


class Fallback:
    """Tier C. Raises SandboxUnavailable where neither of its ways is there."""

    name = "fallback"

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}
        self._wasi = self._try("wasi")
        self._container: Backend | None = None
        for name in _CONTAINERS:
            self._container = self._container or self._try(name)
        if self._wasi is None and self._container is None:
            raise SandboxUnavailable(f"there is no other boundary either: {self._why()}", hint=_HINT)

    def probe(self) -> Probe:
        found: dict[str, Capability] = {}
        for backend in (self._wasi, self._container):
            for name, each in backend.probe().capabilities.items() if backend else ():
                found[f"{backend.name}: {name}" if backend else name] = each
        return Probe(found, "C", self._why(), _HINT if self._reasons else "")

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        reason = unfit(code, policy) if self._wasi is not None else "it is not here"
        chosen = self._wasi if not reason else self._container
        if chosen is None:
            raise SandboxUnavailable(
                f"nothing here can hold this call: WebAssembly cannot, as {reason}; {self._why()}", hint=_HINT
            )
        return chosen.call(code, request, policy)

    def close(self) -> None:
        for backend in (self._wasi, self._container):
            if backend is not None:
                backend.close()

    def _try(self, name: str) -> Backend | None:
        try:
            return choice.open_backend(name)
        except SandboxUnavailable as error:
            self._reasons[name] = error.message
            return None

    def _why(self) -> str:
        return "; ".join(f"no {name}: {reason}" for name, reason in self._reasons.items())
