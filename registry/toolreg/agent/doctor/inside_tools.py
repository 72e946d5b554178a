"""Attempts to get out of a tool's sandbox: a tool that declares nothing must get nothing."""

from __future__ import annotations

from collections.abc import Iterator

from toolreg.agent.doctor.canaries import Bait
from toolreg.agent.doctor.finding import Finding, held
from toolreg.errors import ToolregError
from toolreg.load.sandboxed import shared_sandbox
from toolreg.sandbox import CallTool, Limits, Observation, Policy, Returned

_CODE = b"""
import os, socket, subprocess

def read(what):
    return open(what).read()

def environment(what):
    return os.environ.get(what)

def connect(what):
    return str(socket.create_connection(("127.0.0.1", int(what)), 2))

def run(what):
    return subprocess.run(["/bin/sh", "-c", what], capture_output=True, text=True).stdout
"""


def tool_canaries(bait: Bait) -> Iterator[Finding]:
    """Call a tool without any effect in the sandbox of tools, four times, each after something else."""
    tries = {
        "read": ("a tool reads a file", str(bait.file)),
        "environment": ("a tool reads the environment", bait.variable),
        "connect": ("a tool connects to this machine", str(bait.port)),
        "run": ("a tool starts a program", "echo started"),
    }
    for entry, (name, what) in tries.items():
        yield _one(entry, name, what, bait)


def _one(entry: str, name: str, what: str, bait: Bait) -> Finding:
    policy = Policy(limits=Limits(wall=10))
    try:
        seen = shared_sandbox().call(_CODE, CallTool(entry, {"what": what}), policy)
    except ToolregError as error:
        return Finding("tools", name, "fail", str(error), error.hint)
    escaped = isinstance(seen.outcome, Returned) and seen.outcome.value not in (None, "")
    denied = sorted({str(o.effect) for o in seen.effects if o.verdict == "denied"})
    return held("tools", name, not escaped and not bait.visited(), ", ".join(denied) or _ended(seen))


def _ended(seen: Observation) -> str:
    return (
        "it got nothing"
        if isinstance(seen.outcome, Returned)
        else str(getattr(seen.outcome, "type", "stopped"))
    )
