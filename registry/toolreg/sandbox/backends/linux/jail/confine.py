"""From a fresh child to a worker that can do nothing but its call."""

from __future__ import annotations

import os
import resource

from . import libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TOOL_USER = 1000
_KEPT_FOR_OTHERS = 4096


def own_user(own: int) -> None:
    """Map this process's user into its new user namespace. own: descriptor of its folder in /proc.

    No rights over the mounts and the network around it.
    """
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{_TOOL_USER} 0 1"),
        ("gid_map", f"{_TOOL_USER} 0 1"),
    ):
        handle = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=own)
        os.write(handle, text.encode())
        os.close(handle)


def streams(stdout: int, stderr: int, keep: set[int]) -> None:
    """Standard streams, `keep`, and no other descriptor."""
    null = os.open("/dev/null", os.O_RDWR)
    for source, number in ((null, 0), (stdout, 1), (stderr, 2)):
        os.dup2(source, number)
    low = 3
    for number in sorted(keep):
        os.closerange(low, number)
        low = number + 1
    os.closerange(low, max(low, _KEPT_FOR_OTHERS))


def rehearse() -> None:
    """What touches the same memory as the steps below, and changes nothing."""
    os.close(os.open("/dev/null", os.O_RDWR))
    os.closerange(_KEPT_FOR_OTHERS, _KEPT_FOR_OTHERS)
    os.environ.update(dict(os.environ))
    resource.getrlimit(resource.RLIMIT_CORE)


def environment(values: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(values)


def limits(given: dict[str, Any]) -> None:
    """Resource limits, hard ones: they cannot be raised again."""
    bounds = {
        resource.RLIMIT_AS: given["memory"],
        resource.RLIMIT_NPROC: given["processes"],
        resource.RLIMIT_NOFILE: given["open_files"],
        resource.RLIMIT_FSIZE: given["file_size"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 64,
        resource.RLIMIT_MEMLOCK: 64 << 10,
    }
    for name, value in bounds.items():
        _, hard = resource.getrlimit(name)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))
    # One second between SIGXCPU and SIGKILL.
    resource.setrlimit(resource.RLIMIT_CPU, (given["cpu"], given["cpu"] + 1))


def powerless() -> None:
    libc.drop_capabilities()
    libc.no_new_privileges()
