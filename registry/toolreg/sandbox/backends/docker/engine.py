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
    """An engine that answers. host: its address for `--host`, empty for the usual one. runtimes: by name."""

    program: str
    host: str = ""
    version: str = ""
    rootless: bool = False
    runtimes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return os.path.basename(self.program)

    @property
    def local(self) -> bool:
        """True where its containers can be shown this machine's files."""
        return not self.host.startswith(("tcp:", "ssh:", "http"))

    def command(self, *words: str) -> list[str]:
        return [self.program, *(["--host", self.host] if self.host else []), *words]

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
        return Engine(engine.program, engine.host, *_of_podman(told))
    if not told.get("ServerVersion"):
        raise SandboxUnavailable(
            f"no daemon answers {engine.name}: {'; '.join(told.get('ServerErrors') or ['no reason given'])}",
            hint=_INSTALL,
        )
    rootless = any("rootless" in each for each in told.get("SecurityOptions") or ())
    runtimes = tuple(sorted(told.get("Runtimes") or ()))
    return Engine(engine.program, engine.host, str(told["ServerVersion"]), rootless, runtimes)


def _of_podman(told: dict[str, Any]) -> tuple[str, bool, tuple[str, ...]]:
    host = told.get("host", {})
    rootless = bool(host.get("security", {}).get("rootless"))
    found = tuple(
        name for name in (host.get("ociRuntime", {}).get("name"), RUNTIME) if name and shutil.which(name)
    )
    return str(told.get("version", {}).get("Version", "")), rootless, found


def options(
    *, name: str, limits: Limits, scratch: int, user: int, runtime: str, mounts: Sequence[tuple[str, str]]
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
        "--ulimit", "core=0:0", "--ulimit", "nofile=1024:1024", "--log-driver", "none",
        "--tmpfs", f"/tmp:rw,nosuid,nodev,size={scratch},mode=1777", "--workdir", "/tmp",
        "--env", "HOME=/tmp", "--env", "LANG=C.UTF-8",
    ]  # fmt: skip
    if runtime:
        given += ["--runtime", runtime]
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
