"""The container engine: which one there is, and how it is asked. `options` decides, everything else does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.limits import MIB, Limits

PROGRAMS = ("docker", "podman")
RUNTIME = "runsc"  # gVisor: a kernel of its own between the call and this one
LABEL = "toolreg=call"
_INSTALL = "install Docker or podman (Debian, Ubuntu: sudo apt-get install docker.io), and start it"
_OVERHEAD = 192 * MIB
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answers. host: its address for `--host`, empty for the usual one.

    runtimes: OCI runtimes by name. instead: the one to take where its usual one does not work here.
    bounded: whether it can bound a container's memory and processes.
    """

    program: str
    host: str = ""
    version: str = ""
    rootless: bool = False
    runtimes: tuple[str, ...] = ()
    instead: str = ""
    bounded: bool = True

    @property
    def name(self) -> str:
        return os.path.basename(self.program)

    @property
    def local(self) -> bool:
        """True where its containers can be shown this machine's files."""
        return not self.host.startswith(("tcp:", "ssh:", "http"))

    def command(self, *words: str) -> list[str]:
        return [self.program, *(["--host", self.host] if self.host else []), *words]

    def run(self, runtime: str, options: Sequence[str], *words: str) -> list[str]:
        """The command that runs a container."""
        runtime = runtime or self.instead
        chosen = ["--runtime", runtime] if runtime else []
        if self.name == "podman":
            return [*self.command(*chosen, "run"), *options, *words]
        return [*self.command("run", *chosen), *options, *words]

    def ask(self, *words: str, data: bytes | None = None) -> str:
        """Run one command of the engine to its end. Raises SandboxUnavailable with what it said."""
        try:
            done = subprocess.run(self.command(*words), input=data, capture_output=True, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SandboxUnavailable(f"{self.name} does not answer: {error}", hint=_INSTALL) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise SandboxUnavailable(f"{self.name} {words[0]}: {said[-1]}", hint=_INSTALL)
        return done.stdout.decode("utf-8", "replace")


def find(wanted: str = "", host: str = "") -> Engine:
    """The first engine that answers: Docker, then podman, or only the one of that name. Raises SandboxUnavailable."""
    reasons = []
    for name in (wanted,) if wanted else PROGRAMS:
        program = shutil.which(name)
        if program is None:
            reasons.append(f"there is no {name} command")
            continue
        try:
            return _asked(Engine(program, host if name == "docker" else ""))
        except SandboxUnavailable as error:
            reasons.append(error.message)
    raise SandboxUnavailable("; ".join(reasons), hint=_INSTALL)


def _asked(engine: Engine) -> Engine:
    try:
        told = json.loads(engine.ask("info", "--format", "{{json .}}"))
    except ValueError:
        told = {}
    if engine.name == "podman":
        return _podman(engine.program, told)
    if not told.get("ServerVersion"):
        raise SandboxUnavailable(
            f"no daemon answers {engine.name}: {'; '.join(told.get('ServerErrors') or ['no reason given'])}",
            hint=_INSTALL,
        )
    rootless = any("rootless" in each for each in told.get("SecurityOptions") or ())
    runtimes = tuple(sorted(told.get("Runtimes") or ()))
    bounded = bool(told.get("MemoryLimit")) and bool(told.get("PidsLimit"))
    return Engine(
        engine.program, engine.host, str(told["ServerVersion"]), rootless, runtimes, bounded=bounded
    )


def _podman(program: str, told: dict[str, Any]) -> Engine:
    host = told.get("host", {})
    usual = str(host.get("ociRuntime", {}).get("name"))
    found = tuple(name for name in (usual, "runc", RUNTIME) if shutil.which(name))
    # crun refuses control groups of version 1 beside those of version 2; runc takes them.
    first = host.get("cgroupVersion") == "v1"
    old = usual == "crun" and first and "runc" in found
    rootless = bool(host.get("security", {}).get("rootless"))
    return Engine(
        program,
        version=str(told.get("version", {}).get("Version", "")),
        rootless=rootless,
        runtimes=found,
        instead="runc" if old else "",
        bounded=not (rootless and first),
    )


def options(
    *, name: str, limits: Limits, scratch: int, user: int, mounts: Sequence[tuple[str, str]]
) -> list[str]:
    """How a call's container is run: nobody's rights, no network, nothing writable but a bounded /tmp.

    scratch: bytes of /tmp. mounts: (host path, inside path), all read-only.
    """
    memory = limits.memory + scratch + _OVERHEAD
    given = [
        "--rm", "--interactive", "--name", name, "--label", LABEL, "--hostname", "toolreg",
        "--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        "--user", f"{user}:{user}", "--pids-limit", str(limits.processes + 32),
        "--memory", str(memory), "--memory-swap", str(memory), "--cpus", "2",
        "--ulimit", "core=0:0", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--log-driver", "none",
        "--tmpfs", f"/tmp:rw,nosuid,nodev,size={scratch},mode=1777", "--workdir", "/tmp",
        "--env", "HOME=/tmp", "--env", "LANG=C.UTF-8",
    ]  # fmt: skip
    for source, target in mounts:
        given += ["--mount", f"type=bind,{_quoted('source', source)},{_quoted('target', target)},readonly"]
    return given


def _quoted(key: str, path: str) -> str:
    """One field of `--mount`, which is read as CSV."""
    text = f"{key}={path}"
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def owned(engine: Engine) -> Mapping[str, str]:
    """Containers of calls, running or not: id → state."""
    told = engine.ask("ps", "--all", "--filter", f"label={LABEL}", "--format", "{{.ID}} {{.State}}")
    return dict(line.split(" ", 1) for line in told.splitlines() if " " in line)
