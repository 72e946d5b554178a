"""The few kernel calls that Python does not offer, through ctypes."""

from __future__ import annotations

import ctypes
import os
import struct

from .tables import this_machine

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8
_SIGCHLD = 17
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 24, 38, 47

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_LIBC.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
# Cloning must keep the interpreter's lock: the child goes on in the middle of Python.
_HELD = ctypes.PyDLL(None, use_errno=True)
_HELD.syscall.restype = ctypes.c_long
_MACHINE = this_machine()
NUMBERS = _MACHINE.numbers if _MACHINE else {}


def check(result: int, what: str) -> int:
    """The result, or OSError with the kernel's reason."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(name: str, *arguments: int | bytes | None) -> int:
    """Raw system call by name. Raises OSError."""
    number = NUMBERS.get(name)
    if number is None:
        raise OSError(38, f"{name}: not known on this machine")
    plain = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return check(int(_LIBC.syscall(ctypes.c_long(number), *plain)), name)


def clone(flags: int) -> int:
    """Like os.fork, into fresh namespaces."""
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = int(
        _HELD.syscall(
            ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(flags | _SIGCHLD), None, None, None, None
        )
    )
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    return check(pid, "clone")


def unshare(flags: int) -> None:
    check(_LIBC.unshare(ctypes.c_int(flags)), "unshare")


def mount(
    source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None
) -> None:
    texts = [None if t is None else os.fsencode(t) for t in (source, target, kind, data)]
    result = _LIBC.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])
    check(result, f"mount {source or kind} at {target}")


def unmount(target: str) -> None:
    """Detach a mount; what still uses it keeps it."""
    check(_LIBC.umount2(os.fsencode(target), MNT_DETACH), f"unmount {target}")


def pivot_root(new: str, old: str) -> None:
    syscall("pivot_root", os.fsencode(new), os.fsencode(old))


def mount_attributes(path: str, attributes: int) -> None:
    """Set MOUNT_ATTR_* on a mount and everything below it; one by one where the kernel is older than 5.12."""
    try:
        syscall(
            "mount_setattr",
            _AT_FDCWD,
            os.fsencode(path),
            _AT_RECURSIVE,
            struct.pack("QQQQ", attributes, 0, 0, 0),
            32,
        )
    except OSError as error:
        if error.errno != 38:
            raise
        mount(None, path, None, MS_REMOUNT | MS_BIND | attributes)


def bind(source: str, target: str, attributes: int) -> None:
    """Show a host path at another place, with fewer rights."""
    mount(source, target, None, MS_BIND | MS_REC)
    mount_attributes(target, attributes)


def set_hostname(name: bytes) -> None:
    check(_LIBC.sethostname(name, len(name)), "sethostname")


def prctl(option: int, *values: int) -> int:
    padded = [*values, 0, 0, 0, 0][:4]
    return check(_LIBC.prctl(option, *padded), f"prctl {option}")


def die_with_parent(sent: int = 9) -> None:
    """Have the kernel signal this process when the one that forked it ends."""
    prctl(_PR_SET_PDEATHSIG, sent)


def no_new_privileges() -> None:
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    for capability in range(64):
        if _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    _LIBC.prctl(_PR_CAP_AMBIENT, 4, 0, 0, 0)
    syscall("capset", struct.pack("Ii", 0x20080522, 0), bytes(24))
