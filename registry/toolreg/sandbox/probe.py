"""What this machine can hold: each layer tried for real, in a child that ends at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from toolreg.sandbox.backends.linux import cgroups
from toolreg.sandbox.backends.linux.jail import bpf, landlock, libc, seccomp, tables
from toolreg.sandbox.observation import Level, Tier

_CALL_NAMESPACES = (
    libc.CLONE_NEWNS | libc.CLONE_NEWPID | libc.CLONE_NEWNET | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS
)
_FILTERS = (
    "run on Linux 5.9 or newer; in a container that forbids seccomp filters, outside of it "
    "or with `--security-opt seccomp=unconfined`"
)
_CURE = (
    "allow user namespaces (Ubuntu: `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`; "
    "Debian: `sudo sysctl -w kernel.unprivileged_userns_clone=1`), "
    "or run on Linux 5.13 or newer with Landlock"
)
_DELEGATE = "run in a delegated control group: `systemd-run --user --scope -p Delegate=yes toolreg …`"


@dataclass(frozen=True, slots=True)
class Capability:
    """One layer: how well it holds here, by what means, and why if it does not."""

    level: Level
    mechanism: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """This machine's layers by name, the best tier they make, and what is missing for more."""

    capabilities: Mapping[str, Capability]
    tier: Tier | None
    reason: str = ""
    hint: str = ""

    def layers(self, tier: Tier) -> Mapping[str, Level]:
        """The layers that hold in a tier, with their level."""
        return {
            name: each.level
            for name, each in self.capabilities.items()
            if each.level != "absent" and (tier == "A" or name not in ("namespaces", "mounts", "network"))
        }


@lru_cache(maxsize=1)
def probe() -> Probe:
    """Try every layer once; the answer is kept for this process."""
    if not sys.platform.startswith("linux") or tables.this_machine() is None:
        where = f"{sys.platform} on {os.uname().machine}"
        return Probe({}, None, f"no backend for {where}", "use Linux on x86_64 or aarch64 (on Windows: WSL2)")
    return judge(_capabilities())


def judge(capabilities: Mapping[str, Capability]) -> Probe:
    """The tier that these layers make. Below seccomp and one of Landlock and namespaces there is none."""

    def holds(name: str) -> bool:
        return capabilities[name].level != "absent"

    missing = "; ".join(
        f"no {name}: {each.reason}" for name, each in capabilities.items() if each.level == "absent"
    )
    if not holds("seccomp"):
        return Probe(capabilities, None, missing, _FILTERS)
    if not (holds("landlock") or holds("namespaces")):
        return Probe(capabilities, None, missing, _CURE)
    if holds("namespaces"):
        return Probe(capabilities, "A", missing, _hint(capabilities))
    if holds("notify"):
        return Probe(capabilities, "B", missing, _CURE)
    return Probe(
        capabilities, None, missing, _FILTERS
    )  # without a listener nobody could connect in the call's place


def _hint(capabilities: Mapping[str, Capability]) -> str:
    missing = {name for name, each in capabilities.items() if each.level == "absent"}
    if missing == {"cgroups"}:
        return _DELEGATE
    return _CURE if missing else ""


def _capabilities() -> dict[str, Capability]:
    abi = landlock.version()
    groups = cgroups.delegation()
    spaces = _try(
        lambda: libc.unshare(libc.CLONE_NEWUSER | libc.CLONE_NEWCGROUP | _CALL_NAMESPACES),
        _own_user,
        _fresh_proc,
    )
    filtering = _try(lambda: seccomp.install(bpf.program(_audit(), tables.NEWEST_KNOWN, {})))
    watching = _try(lambda: seccomp.install(bpf.program(_audit(), tables.NEWEST_KNOWN, {}), listener=True))
    return {
        "namespaces": Capability(
            "absent" if spaces else "enforced", "user, mount, pid, net, ipc, uts, cgroup", spaces
        ),
        "mounts": Capability("absent" if spaces else "enforced", "pivoted root, overlay", spaces),
        "network": Capability(
            "absent" if spaces else "enforced", "own network, connections made on behalf", spaces
        ),
        "landlock": Capability(
            "enforced" if abi else "absent", f"Landlock {abi}", "" if abi else "the kernel has none"
        ),
        "seccomp": Capability("absent" if filtering else "enforced", "seccomp filter", filtering),
        "notify": Capability("absent" if watching else "mediated", "seccomp user notification", watching),
        "rlimits": Capability("enforced", "setrlimit"),
        "cgroups": Capability("absent" if groups.reason else "enforced", groups.mechanism, groups.reason),
    }


def _audit() -> int:
    machine = tables.this_machine()
    return machine.audit if machine else 0


def _own_user() -> None:
    """A user namespace without rights is what AppArmor leaves of it: a map and a mount must really work."""
    user, group = _OUTER
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    libc.mount(None, "/", None, libc.MS_REC | libc.MS_PRIVATE)
    libc.mount("tmpfs", "/sys", "tmpfs", 0, "size=1m")
    for name in ("lower", "upper", "work", "both"):
        os.mkdir(f"/sys/{name}")
    layers = "lowerdir=/sys/lower,upperdir=/sys/upper,workdir=/sys/work,userxattr"
    libc.mount("overlay", "/sys/both", "overlay", 0, layers)


def _fresh_proc() -> None:
    """Containers that hide parts of /proc keep anybody from mounting a whole one."""
    child = os.fork()  # the first process of the new pid namespace
    if child == 0:
        try:
            libc.mount("proc", "/proc", "proc", libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC)
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise OSError("a fresh /proc is refused")


_OUTER = (os.getuid(), os.getgid())


def _try(*steps: Callable[[], object]) -> str:
    """Run the steps in a child; the reason if one failed, else nothing."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            for step in steps:
                step()
        except BaseException as error:  # noqa: BLE001 - a forked child must not unwind into its parent's code
            os.write(write, (str(error) or type(error).__name__).encode()[:500] or b"failed")
            os._exit(1)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        reason = pipe.read(500).decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    return reason or ("" if status == 0 else f"ended with status {status}")
