"""A call in a plain process: what is around it has to hold it, and little of what it does is seen.

Taken inside a guest whose kernel offers no layers of its own, and for `--unsafe-no-sandbox`, where nothing is around it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from toolreg.effects import KINDS
from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.backends import child
from toolreg.sandbox.backends.linux import hostile, interpreter, seen
from toolreg.sandbox.backends.linux.backend import needs_real_package, outcome
from toolreg.sandbox.backends.linux.jail import wire
from toolreg.sandbox.backends.linux.scratch import ScratchStage
from toolreg.sandbox.backends.linux.supervise import Record
from toolreg.sandbox.observation import Isolation, Level, Observation, Tier, Usage
from toolreg.sandbox.policy import Call, Policy
from toolreg.sandbox.probe import Capability, Probe

_JAIL = os.path.join(os.path.dirname(__file__), "linux")
_UNSEEN = ("env", "listen", "native", "net", "read", "run")
_RUN = """\
import ctypes, json, os, sys
ctypes.CDLL(None).prctl(1, 9)  # a killed owner takes it along
if os.getppid() != int(sys.argv[4]):
    os._exit(1)
sys.path.insert(0, sys.argv[1])
from jail import confine, stub, tool, wire
sys.path.remove(sys.argv[1])
plan, source = wire.read_payload(int(sys.argv[2]))
os.close(int(sys.argv[2]))
for name in [name for name in sys.modules if name.partition(".")[0] in ("jail", "ctypes")]:
    del sys.modules[name]
sys.path[:] = plan["path"]
sys.dont_write_bytecode = True
if not plan["real_smolagents"]:
    stub.install()
confine.limits(plan["limits"])
tool.serve(plan["call"], source, int(sys.argv[3]))
"""


class Plain:
    """Calls as processes of this user. confined: a guest around it holds files, network and environment."""

    name = "none"

    def __init__(self, *, confined: bool = False) -> None:
        self._confined = confined
        self._base = tempfile.mkdtemp(prefix="toolreg-plain-")

    def probe(self) -> Probe:
        return Probe({"rlimits": Capability("best effort", "setrlimit")}, self._tier)

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        if not sys.platform.startswith("linux"):
            raise SandboxUnavailable(f"no plain process on {sys.platform}", hint="use Linux")
        stage = ScratchStage(policy, request, (), self._base)
        try:
            record = self._run(stage, code, policy)
            return self._observation(record, stage, policy)
        finally:
            stage.close(Record.empty())

    def close(self) -> None:
        shutil.rmtree(self._base, ignore_errors=True)

    @property
    def _tier(self) -> Tier:
        return "C" if self._confined else "none"

    def _run(self, stage: ScratchStage, code: bytes, policy: Policy) -> Record:
        plan = {
            "call": stage.plan["call"],
            "limits": stage.plan["limits"],
            "path": interpreter.view(moved_apart=False).path,
            "real_smolagents": needs_real_package(code),
        }
        payload = wire.write_payload(plan, code)
        result = os.pipe()
        argv = [sys.executable, "-I", "-S", "-c", _RUN, _JAIL, str(payload), str(result[1]), str(os.getpid())]
        try:
            return child.run(
                argv, env=stage.plan["env"], cwd=stage.plan["cwd"], limits=policy.limits,
                pass_fds=[payload], result=result,
            )  # fmt: skip
        finally:
            os.close(payload)

    def _observation(self, record: Record, stage: ScratchStage, policy: Policy) -> Observation:
        changes = stage.changes(record)
        proven = seen.of_changes(changes, policy)
        told = seen.of_account(hostile.account(bytes(record.result.data)), policy)
        layers: dict[str, Level] = {"rlimits": "best effort"}
        return Observation(
            outcome=outcome(record),
            effects=seen.together(seen.merged(proven, told)),
            stdout=bytes(record.stdout.data).decode("utf-8", "replace"),
            stderr=bytes(record.stderr.data).decode("utf-8", "replace"),
            truncated=record.stdout.truncated or record.stderr.truncated,
            changes=changes,
            usage=Usage(record.wall, record.cpu, record.memory),
            isolation=Isolation(self._tier, layers),
            unseen=_UNSEEN,
            unknown=("run",) if self._confined else KINDS,
        )
