"""Every backend on this machine: what it holds and sees here, or why it is not to be had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toolreg.errors import SandboxError
from toolreg.sandbox.backends.choice import NAMES
from toolreg.sandbox.probe import Probe
from toolreg.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One backend. found: its probe; None where it is not to be had, and then reason and hint say why."""

    name: str
    found: Probe | None
    reason: str = ""
    hint: str = ""


def survey(names: Iterable[str] = NAMES) -> tuple[Surveyed, ...]:
    """Ask each backend. Containers are started to see what stands inside them; no paid machine is."""
    return tuple(_asked(name) for name in names)


def _asked(name: str) -> Surveyed:
    try:
        with Sandbox(backend=name) as sandbox:
            found = sandbox.probe()
    except SandboxError as error:
        return Surveyed(name, None, error.message, error.hint)
    return Surveyed(name, found, found.reason, found.hint)
