"""What one call sees and may change: its mounts, and the same once more as Landlock rules.

A plan holds `binds` ({source, target}: shown read-only) and `roots` ({target, lower, folders, copies}: trees
whose changes are caught in an overlay). Sources are host paths, targets are paths inside.
"""

from __future__ import annotations

import os
import stat

from . import landlock, libc, root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HOME = "/tmp/home"
_WORK = "/work"
_USUAL_DISK = 64 << 20
# What /proc tells of the machine and of other users, whoever asks.
_OF_THE_WHOLE_MACHINE = tuple(
    f"/proc/{name}"
    for name in (
        "kcore", "keys", "kmsg", "kallsyms", "timer_list", "sched_debug", "slabinfo", "vmallocinfo", "iomem",
        "ioports", "config.gz", "key-users", "sysrq-trigger", "latency_stats", "interrupts",
    )
)  # fmt: skip
_CHUNK = 1 << 20
_QUIET = libc.MS_NOSUID | libc.MS_NODEV
_SYSTEM_READ = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc", "/proc", "/dev", "/work", "/tmp")
_SYSTEM_WRITE = ("/tmp", "/dev/shm", "/dev/null", "/dev/zero", "/dev/full")


class Template:
    """What the zygote's root shows: targets of its binds, its links (name → target), and what all may read."""

    __slots__ = ("binds", "links", "readable")

    def __init__(self, binds: tuple[str, ...], links: dict[str, str]) -> None:
        self.binds = binds
        self.links = links
        self.readable = landlock.covering((*_SYSTEM_READ, *binds))


def below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def prepare(template: Template) -> None:
    """What every call has of its own, whatever its plan: /proc, /tmp, shared memory, an empty /work."""
    libc.mount("proc", "/proc", "proc", _QUIET | libc.MS_NOEXEC)
    for name in _OF_THE_WHOLE_MACHINE:
        if os.path.exists(name):
            libc.mount("/dev/null", name, None, libc.MS_BIND)
    _private_tmp(template)
    libc.mount("tmpfs", _WORK, "tmpfs", _QUIET, "size=1m,mode=755,nr_inodes=16384")


def needs_own_root(plan: dict[str, Any]) -> bool:
    """True where something is shown at a place that the zygote's root must not keep."""
    targets = [each["target"] for each in (*plan["binds"], *plan["roots"])]
    return any(not (below(target, _WORK) or below(target, "/tmp")) for target in targets)


def arrange(plan: dict[str, Any], template: Template) -> list[int]:
    """Mount everything the plan names and let go of the host. After `prepare`.

    Gives a descriptor for each overlay's upper folder.
    """
    host = root.HOST
    if needs_own_root(plan):
        host = root.renew(template.binds, template.links) + root.HOST
        prepare(template)
    if plan["disk"] != _USUAL_DISK:
        libc.mount(None, "/tmp", None, libc.MS_REMOUNT | _QUIET, f"size={plan['disk']}")
    if plan["authority"]:
        path, text = plan["authority"]
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    uppers = _overlays(plan, host)
    for each in sorted(plan["binds"], key=lambda b: str(b["target"])):
        # A link in a folder shown before may lead to where nothing is shown yet.
        root.show(host + each["source"], os.path.realpath(each["target"]))
    if not any(each["target"] == _WORK for each in plan["roots"]):
        libc.mount(None, _WORK, None, libc.MS_REMOUNT | libc.MS_BIND | libc.MS_RDONLY | _QUIET)
    libc.unmount("/.old" if host != root.HOST else root.HOST)
    return uppers


def lock() -> None:
    """The last step: nothing of the tree itself can be changed any more, nor any kernel setting."""
    for path, flags in (("/", _QUIET), ("/proc", _QUIET | libc.MS_NOEXEC)):
        libc.mount(None, path, None, libc.MS_REMOUNT | libc.MS_BIND | libc.MS_RDONLY | flags)


def common_rules(template: Template) -> landlock.Rules:
    """What every plan allows, as Landlock rules."""
    return landlock.Rules(
        read=[path for path in template.readable if path != _WORK], write=_SYSTEM_WRITE, connect=()
    )


def rules(plan: dict[str, Any]) -> landlock.Rules:
    """What the plan adds to them: a second layer that holds if a mount should not."""
    return landlock.Rules(
        read=(_WORK, *[each["target"] for each in plan["binds"]]),
        write=[_existing(path) for path in plan["writable"]],
        execute=plan["programs"],
        connect=plan["ports"],
        listen=plan["listen"],
    )


def _existing(path: str) -> str:
    """The nearest folder that is there: to create a file is to change its folder."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _private_tmp(template: Template) -> None:
    inside = [
        (os.open(path, os.O_PATH | os.O_CLOEXEC), path) for path in template.binds if below(path, "/tmp")
    ]
    libc.mount("tmpfs", "/tmp", "tmpfs", _QUIET, f"size={_USUAL_DISK},mode=1777,nr_inodes=16384")
    for handle, path in inside:
        root.show(f"/proc/self/fd/{handle}", path)
        os.close(handle)
    os.mkdir(_HOME)
    libc.mount("tmpfs", "/dev/shm", "tmpfs", _QUIET | libc.MS_NOEXEC, "size=16m,mode=1777,nr_inodes=256")


def _overlays(plan: dict[str, Any], host: str) -> list[int]:
    if not plan["roots"]:
        return []
    size = plan["disk"] + plan["copied"] + (1 << 20)
    libc.mount("tmpfs", root.SCRATCH, "tmpfs", _QUIET, f"size={size},mode=700,nr_inodes=32768")
    uppers = [_overlay(f"{root.SCRATCH}/{n}", each, plan, host) for n, each in enumerate(plan["roots"])]
    libc.unmount(root.SCRATCH)
    return uppers


def _overlay(base: str, spec: dict[str, Any], plan: dict[str, Any], host: str) -> int:
    lower, upper, work = f"{base}/lower", f"{base}/upper", f"{base}/work"
    for folder in (lower, upper, work):
        os.makedirs(folder)
    _fill(lower, spec, plan, host)
    layers = lower
    if spec["lower"]:
        whole = f"{base}/host"
        os.makedirs(whole)
        # Bound first: a path with a colon or a comma would break the option string.
        libc.mount(host + spec["lower"], whole, None, libc.MS_BIND)
        layers = f"{lower}:{whole}"
    target = os.path.realpath(spec["target"])
    root.make_point(target, folder=True)
    libc.mount(
        "overlay",
        target,
        "overlay",
        _QUIET,
        f"lowerdir={layers},upperdir={upper},workdir={work},userxattr",
    )
    return os.open(upper, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _fill(lower: str, spec: dict[str, Any], plan: dict[str, Any], host: str) -> None:
    """The lowest layer: copies of what may be changed, and places for what is bound on top."""
    for name in spec["folders"]:
        os.makedirs(f"{lower}/{name}", exist_ok=True)
    for source, name in spec["copies"]:
        _copy(host + source, f"{lower}/{name}")
    mounted = [(each["target"], host + each["source"]) for each in plan["binds"]]
    mounted += [(each["target"], "/") for each in plan["roots"] if each is not spec]
    for target, source in mounted:
        if below(target, spec["target"]) and target != spec["target"]:
            root.make_point(lower + target[len(spec["target"].rstrip("/")) :], folder=os.path.isdir(source))


def _copy(source: str, target: str) -> None:
    """A regular file's bytes, mode and times; anything else is not there."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            while chunk := file.read(_CHUNK):
                out.write(chunk)
    os.chmod(target, status.st_mode & 0o777)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
