"""Begins inside the guest: reads the request, runs it under the best sandbox there is, tells what was seen."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from typing import Any

from toolreg.effects import Effect
from toolreg.errors import SandboxUnavailable, ToolregError
from toolreg.sandbox.backends import plain
from toolreg.sandbox.backends.guest import codec
from toolreg.sandbox.backends.linux.backend import Linux
from toolreg.sandbox.limits import Limits
from toolreg.sandbox.observation import Observation
from toolreg.sandbox.policy import Call, Policy, PolicyError
from toolreg.sandbox.probe import probe

_GRACE = 60


class HostNetwork:
    """Connections that the host makes: it is told where to, judges for itself, and passes the bytes."""

    def __init__(self, path: str) -> None:
        self._path = path

    def connect(self, host: str, port: int) -> socket.socket:
        channel = socket.socket(socket.AF_UNIX)
        try:
            channel.settimeout(30)
            channel.connect(self._path)
            channel.sendall(f"{host} {port}\n".encode())
            if channel.recv(1) != b"+":
                raise ConnectionRefusedError(f"the host does not connect to {host}:{port}")
        except BaseException:
            channel.close()
            raise
        channel.settimeout(None)
        return channel


def main(folder: str, answer: str) -> None:
    """Run the request that lies unpacked in `folder`; write one line of JSON to the file `answer`."""
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        told = json.load(file)
    signal.alarm(int(told["limits"]["wall"]) + _GRACE)  # never longer, whoever is left to ask
    try:
        data = _run(folder, told)
    except ToolregError as error:
        kind = "policy" if isinstance(error, PolicyError) else "fault"
        data = json.dumps({"error": kind, "message": error.message, "hint": error.hint}).encode()
    if answer == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with open(answer, "wb") as out:
        out.write(data)


def _run(folder: str, told: dict[str, Any]) -> bytes:
    os.environ["HOME"] = os.path.join(folder, "home")
    if told["call"] is None:
        return json.dumps(_account()).encode()
    with open(os.path.join(folder, "tool.py"), "rb") as file:
        code = file.read()
    return codec.dumps(_observed(code, codec.call_from_json(told["call"]), _policy(folder, told)))


def _observed(code: bytes, request: Call, policy: Policy) -> Observation:
    found = probe()
    if found.tier is None:
        return _plainly(code, request, policy)
    backend = Linux(found.tier, dict(found.layers(found.tier)))
    try:
        return backend.call(code, request, policy)
    except SandboxUnavailable:
        return _plainly(code, request, policy)
    finally:
        backend.close()


def _plainly(code: bytes, request: Call, policy: Policy) -> Observation:
    backend = plain.Plain(confined=True)
    try:
        return backend.call(code, request, policy)
    finally:
        backend.close()


def _account() -> dict[str, Any]:
    """What this guest's own kernel layers are."""
    found = probe()
    layers = {name: [each.level, each.mechanism, each.reason] for name, each in found.capabilities.items()}
    return {"tier": found.tier, "layers": layers, "python": sys.version.split()[0]}


def _policy(folder: str, told: dict[str, Any]) -> Policy:
    return Policy(
        effects=tuple(Effect(*each) for each in told["effects"]),
        workspace=os.path.join(folder, "work") if told["workspace"] else None,
        env=told["env"],
        limits=Limits(**told["limits"]),
        network=HostNetwork(told["relay"]) if told["relay"] else None,
        ca_file=os.path.join(folder, "authority.pem") if told["authority"] else None,
    )
