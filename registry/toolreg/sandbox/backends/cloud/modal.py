"""Modal: a gVisor container for each call."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from toolreg.errors import HarnessError
from toolreg.sandbox.backends.cloud.base import EVERYTHING, Cloud
from toolreg.sandbox.backends.guest import parcel
from toolreg.sandbox.limits import MIB
from toolreg.sandbox.probe import Capability

APP = "toolreg-sandbox"
_OVERHEAD = 256


class Modal(Cloud):
    name = "modal"
    package = "modal"
    layers = {  # noqa: RUF012 - never changed
        "own kernel": Capability("enforced", "gVisor: a container with a kernel of its own for each call"),
        "network": Capability("enforced", "block_network; declared hosts by outbound_domain_allowlist"),
        "files": Capability("enforced", "only what is granted is sent there"),
        "memory": Capability("enforced", "the container's bound"),
    }

    def open(self, hosts: tuple[str, ...], seconds: int, memory: int) -> Machine:
        modal = import_module(self.package)
        app = modal.App.lookup(APP, create_if_missing=True)
        image = modal.Image.debian_slim(python_version="3.12")
        return Machine(modal.Sandbox.create(app=app, image=image, **options(hosts, seconds, memory)))


class Machine:
    """A running container of Modal's."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox

    def exchange(self, archive: bytes, seconds: float) -> bytes:
        process = self._sandbox.exec(*COMMAND, timeout=int(seconds), text=False)
        process.stdin.write(archive)
        process.stdin.write_eof()
        process.stdin.drain()
        answer: bytes = process.stdout.read()
        if process.wait() and not answer:
            said = process.stderr.read().decode("utf-8", "replace")
            raise HarnessError(f"the guest failed: {said[-300:]}")
        return answer

    def end(self) -> None:
        self._sandbox.terminate()


COMMAND = ("python3", "-I", "-c", parcel.BOOT, "-", "-", "")


def options(hosts: tuple[str, ...], seconds: int, memory: int) -> dict[str, Any]:
    """How a container is asked for; pure."""
    size = memory // MIB + _OVERHEAD
    asked: dict[str, Any] = {"timeout": seconds, "memory": (size, size), "include_oidc_identity_token": False}
    if not hosts:
        return asked | {"block_network": True}
    return asked if EVERYTHING in hosts else asked | {"outbound_domain_allowlist": list(hosts)}
