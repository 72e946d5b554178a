"""E2B: a Firecracker machine for each call, through its code interpreter."""

from __future__ import annotations

import base64
from importlib import import_module
from typing import Any

from toolreg.errors import HarnessError
from toolreg.sandbox.backends.cloud.base import EVERYTHING, Cloud
from toolreg.sandbox.backends.guest import parcel
from toolreg.sandbox.probe import Capability

_EVERY_ADDRESS = "0.0.0.0/0"
# What its kernel runs: the archive into a file, the guest beside it, the answer back as text.
_CELL = """\
import base64, os, subprocess, sys, tempfile
_folder = tempfile.mkdtemp()
with open(os.path.join(_folder, "archive"), "wb") as _file:
    _file.write(base64.b64decode({archive!r}))
_done = subprocess.run(
    [sys.executable, "-I", "-c", {boot!r}, os.path.join(_folder, "archive"), os.path.join(_folder, "answer"), ""],
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
)
if _done.returncode:
    raise RuntimeError(_done.stderr.decode("utf-8", "replace")[-500:])
with open(os.path.join(_folder, "answer"), "rb") as _file:
    print(base64.b64encode(_file.read()).decode())
"""


class E2B(Cloud):
    name = "e2b"
    package = "e2b_code_interpreter"
    layers = {  # noqa: RUF012 - never changed
        "own kernel": Capability("enforced", "Firecracker: a virtual machine for each call"),
        "network": Capability("enforced", "allow_internet_access=False; declared hosts by network.allow_out"),
        "files": Capability("enforced", "only what is granted is sent there"),
        "memory": Capability("mediated", "the template's own size; the call's bound inside"),
    }

    def open(self, hosts: tuple[str, ...], seconds: int, memory: int) -> Machine:  # noqa: ARG002 - a template's size
        return Machine(import_module(self.package).Sandbox.create(**options(hosts, seconds)))


class Machine:
    """A running machine of E2B's."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox

    def exchange(self, archive: bytes, seconds: float) -> bytes:
        cell = _CELL.format(archive=base64.b64encode(archive).decode(), boot=parcel.BOOT)
        done = self._sandbox.run_code(cell, timeout=seconds)
        if done.error is not None:
            raise HarnessError(f"the guest failed: {done.error.value[-300:]}")
        return base64.b64decode("".join(done.logs.stdout).strip(), validate=True)

    def end(self) -> None:
        self._sandbox.kill()


def options(hosts: tuple[str, ...], seconds: int) -> dict[str, Any]:
    """How a machine is asked for; pure."""
    asked: dict[str, Any] = {"timeout": seconds}
    if not hosts:
        return asked | {"allow_internet_access": False}
    if EVERYTHING in hosts:
        return asked
    return asked | {"network": {"allow_out": list(hosts), "deny_out": [_EVERY_ADDRESS]}}
