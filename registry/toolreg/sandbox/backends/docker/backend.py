"""A call in a container of its own, with the sandbox's own supervisor inside it."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.backends.docker import engine as engines
from toolreg.sandbox.backends.docker import image
from toolreg.sandbox.backends.docker.relay import INSIDE, Relay
from toolreg.sandbox.backends.guest import answers, parcel
from toolreg.sandbox.backends.linux import seen
from toolreg.sandbox.limits import MIB, Limits
from toolreg.sandbox.observation import Isolation, Killed, Level, Observation
from toolreg.sandbox.policy import Call, Policy
from toolreg.sandbox.probe import Capability, Probe

_AT_ONCE = 8
_START_SECONDS = 45.0
_USERS = (20_000, 40_000)


class Docker:
    """Containers of Docker or podman. Raises SandboxUnavailable where no engine answers.

    engine: insist on `docker` or `podman`. host: the daemon's address. runtime: an OCI runtime of that engine, such as
    `runsc` (gVisor); gVisor is taken where it is there. image: one with a `python3` of its own in the place of this
    machine's interpreter, for a daemon elsewhere.
    """

    def __init__(
        self, *, engine: str = "", host: str = "", runtime: str | None = None, image_name: str = ""
    ) -> None:
        self.engine = engines.find(engine, host)
        self.name = self.engine.name
        self.runtime = (
            engines.RUNTIME if runtime is None and engines.RUNTIME in self.engine.runtimes else runtime or ""
        )
        if not self.engine.local and not image_name:
            raise SandboxUnavailable(
                f"the daemon at {host} is on another machine and cannot see this one's Python",
                hint="name an image that has python3",
            )
        self._given = image_name
        self._image = image_name or image.ensure(self.engine)
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._inside: dict[str, Any] | None = None

    def probe(self) -> Probe:
        """What its containers hold, and which layers stand inside them too. Starts one to see."""
        told = self._account()
        return Probe(capabilities(self.engine, self.runtime, told), "C", _missing(told))

    def call(self, code: bytes, request: Call, policy: Policy) -> Observation:
        files = parcel.granted_files(policy)
        with self._slots, contextlib.ExitStack() as stack:
            relay = stack.enter_context(Relay(policy)) if policy.of("net") else None
            data = parcel.pack(
                code,
                request,
                policy,
                parcel=files,
                relay=relay.path if relay else "",
                program=bool(self._given),
            )
            mounts = [*self._mounts(policy), *((source, target) for target, source in files.outside.items())]
            mounts += [(relay.folder, INSIDE)] if relay else []
            begin = time.monotonic()
            told = self._run(data, policy.limits, tuple(mounts), scratch=len(data) * 3 + policy.limits.disk)
            return self._observation(told, relay, time.monotonic() - begin)

    def close(self) -> None:
        """Nothing stays: every call's container ends with it."""

    def left(self) -> frozenset[str]:
        """Containers of calls that are still there."""
        return frozenset(engines.owned(self.engine))

    def _account(self) -> dict[str, Any]:
        if self._inside is None:
            data = parcel.pack_question(program=bool(self._given))
            told = self._run(data, Limits(wall=20), tuple(self._mounts(Policy())), scratch=16 * MIB)
            if isinstance(told, Killed):
                raise SandboxUnavailable(f"a container of {self.name} does not run Python: {told.reason}")
            self._inside = answers.account(told)
        return self._inside

    def _mounts(self, policy: Policy) -> Iterator[tuple[str, str]]:
        if not self._given:
            yield from image.shown()
            if policy.of("run"):
                yield from image.programs()

    def _run(
        self, data: bytes, limits: Limits, mounts: tuple[tuple[str, str], ...], *, scratch: int
    ) -> bytes | Killed:
        """Start the container, hand it the archive, and wait; it is killed when its time is over."""
        name = f"toolreg-{secrets.token_hex(8)}"
        user = (
            secrets.randbelow(_USERS[1] - _USERS[0]) + _USERS[0]
        )  # no two calls count as one user's processes
        options = engines.options(
            name=name,
            limits=limits,
            scratch=scratch + 16 * MIB,
            user=user,
            mounts=mounts,
        )
        python = "python3" if self._given else image.python()
        command = [python, "-I", "-c", parcel.BOOT, "-", "-", "" if self._given else image.PROGRAM]
        argv = self.engine.run(self.runtime, options, self._image, *command)
        try:
            return answers.collect(argv, data, limits, limits.wall + _START_SECONDS)
        finally:
            self._remove(name)

    def _remove(self, name: str) -> None:
        """A container that ended is gone by itself; this ends one that did not."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(self.engine.command("rm", "--force", name), capture_output=True, timeout=30)

    def _observation(self, told: bytes | Killed, relay: Relay | None, wall: float) -> Observation:
        found = answers.ended(told, wall) if isinstance(told, Killed) else answers.observation(told)
        layers: dict[str, Level] = {"container": "enforced", "network": "enforced"}
        if self.engine.bounded:
            layers["cgroup"] = "enforced"
        if self.runtime == engines.RUNTIME:
            layers["own kernel"] = "enforced"
        layers |= {name: level for name, level in found.isolation.layers.items() if name not in layers}
        found = replace(found, isolation=Isolation("C", layers, self.name))
        return _with_network(found, relay) if relay else found


def _with_network(found: Observation, relay: Relay) -> Observation:
    """Hosts as this machine's own relay saw them, in the place of what the guest tells of granted ones."""
    own = tuple(seen.of_network(relay.egress))
    targets = {each.effect.target for each in own}
    told = [e for e in found.effects if e.effect.kind != "net" or e.effect.target not in targets]
    return replace(found, effects=seen.together([*own, *told]))


def capabilities(engine: engines.Engine, runtime: str, told: dict[str, Any]) -> dict[str, Capability]:
    """The layers of a container of this engine; `told` is what stands inside it."""
    who = f"{engine.name} {engine.version}" + (", rootless" if engine.rootless else "")
    own = runtime == engines.RUNTIME
    found = {
        "container": Capability(
            "enforced", f"{who}: namespaces, read-only root, no capabilities, seccomp profile"
        ),
        "network": Capability("enforced", "--network none; hosts through a relay outside"),
        "cgroup": Capability(
            "enforced" if engine.bounded else "absent",
            "memory, processes and CPU of the whole container",
            "" if engine.bounded else "this engine may not use control groups here; each process is bounded",
        ),
        "own kernel": Capability(
            "enforced" if own else "absent",
            "gVisor (runsc)",
            "" if own else "gVisor is not installed: this kernel is shared",
        ),
    }
    for name, (level, mechanism, reason) in told["layers"].items():
        if name in ("landlock", "seccomp", "notify", "rlimits"):
            found[name] = Capability(level, f"{mechanism}, inside the container", reason)
    return found


def _missing(told: dict[str, Any]) -> str:
    return "" if told["tier"] else "no layers inside the container: programs and reads are not seen"


def open_docker() -> Docker:
    return Docker(engine="docker")


def open_podman() -> Docker:
    return Docker(engine="podman")
