"""Blaxel: a virtual machine for each call."""

from __future__ import annotations

import secrets
import shlex
import time
from importlib import import_module
from typing import Any

from toolreg.errors import HarnessError
from toolreg.sandbox.backends.cloud.base import EVERYTHING, Cloud
from toolreg.sandbox.backends.guest import parcel
from toolreg.sandbox.limits import MIB
from toolreg.sandbox.probe import Capability

IMAGE = "blaxel/py-app:latest"
_LEAST_MEMORY = 1024
# A name that is never resolved: an allowlist must not be empty, or it would count as none.
_NOBODY = "nothing.invalid"
_ARCHIVE, _ANSWER = "/tmp/toolreg-archive", "/tmp/toolreg-answer"
_POLL = 0.5


class Blaxel(Cloud):
    name = "blaxel"
    package = "blaxel"
    layers = {  # noqa: RUF012 - never changed
        "own kernel": Capability("enforced", "a virtual machine for each call"),
        "network": Capability(
            "mediated",
            "the proxy's allowed domains",
            "what does not go through the proxy is the inner layers' to hold",
        ),
        "files": Capability("enforced", "only what is granted is sent there"),
        "memory": Capability("enforced", "the machine's size"),
    }

    def open(self, hosts: tuple[str, ...], seconds: int, memory: int) -> Machine:
        sandbox = import_module("blaxel.core.sandbox.sync.sandbox").SyncSandboxInstance
        asked = options(hosts, seconds, memory)
        return Machine(sandbox, sandbox.create(asked), asked["name"])


class Machine:
    """A running machine of Blaxel's."""

    def __init__(self, kind: Any, sandbox: Any, name: str) -> None:
        self._kind, self._sandbox, self._name = kind, sandbox, name

    def exchange(self, archive: bytes, seconds: float) -> bytes:
        self._sandbox.fs.write_binary(_ARCHIVE, archive)
        command = shlex.join(["python3", "-I", "-c", parcel.BOOT, _ARCHIVE, _ANSWER, ""])
        limit = time.monotonic() + seconds
        # Not waited for in one request: its edge closes those that stay silent for a minute.
        process = self._sandbox.process.exec({"command": command, "timeout": int(seconds)})
        while process.status in (None, "running", "started"):
            if time.monotonic() > limit:
                raise TimeoutError(self._name)
            time.sleep(_POLL)
            process = self._sandbox.process.get(process.pid)
        if process.status != "completed":
            raise HarnessError(f"the guest failed: {str(process.logs)[-300:]}")
        return bytes(self._sandbox.fs.read_binary(_ANSWER))

    def end(self) -> None:
        self._kind.delete(self._name)


def options(hosts: tuple[str, ...], seconds: int, memory: int) -> dict[str, Any]:
    """How a machine is asked for; pure."""
    asked: dict[str, Any] = {
        "name": f"toolreg-{secrets.token_hex(6)}",
        "image": IMAGE,
        "memory": max(_LEAST_MEMORY, memory // MIB),
        "ttl": f"{max(5, seconds // 60 + 1)}m",
    }
    if EVERYTHING in hosts:
        return asked
    domains = list(hosts) or [_NOBODY]
    return asked | {"network": {"proxy": {"allowedDomains": domains}, "firewall": {"rulesets": ["proxy"]}}}
