"""Which backend runs a call: by name, or the best that this machine has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from toolreg.errors import UsageError
from toolreg.sandbox.backends.base import Backend

DEFAULT = "linux"
UNSAFE = "none"
# name → where its class is; loaded when asked for.
_PLACES: Mapping[str, str] = {
    "docker": "toolreg.sandbox.backends.docker.backend:open_docker",
    "podman": "toolreg.sandbox.backends.docker.backend:open_podman",
    "wasi": "toolreg.sandbox.backends.wasi.backend:Wasi",
    "e2b": "toolreg.sandbox.backends.cloud.e2b:E2B",
    "modal": "toolreg.sandbox.backends.cloud.modal:Modal",
    "blaxel": "toolreg.sandbox.backends.cloud.blaxel:Blaxel",
    UNSAFE: "toolreg.sandbox.backends.plain:Plain",
}
# Where this machine's own packages are to be had, and with them the real smolagents.
HAVE_SMOLAGENTS = (DEFAULT, "docker", "podman", UNSAFE)
# What a call tries stands in its observation, whole.
SEES_ALL = (DEFAULT, "docker", "podman")
NAMES = (DEFAULT, *(name for name in _PLACES if name != UNSAFE))


def open_backend(name: str) -> Backend:
    """The backend of that name, ready. Raises UsageError for an unknown one, SandboxUnavailable."""
    if name not in _PLACES:
        raise UsageError(f"there is no sandbox backend '{name}'", hint=f"backends: {', '.join(NAMES)}")
    module, _, attribute = _PLACES[name].partition(":")
    make: Callable[[], Backend] = getattr(import_module(module), attribute)
    return make()
