"""Landlock: which files a process may open, and which TCP ports it may use, kept by the kernel.

A second layer beneath the mounts (tier A) or the only one for files (tier B). Its TCP rules leak through TCP
fast open and MPTCP (landlock-lsm/linux issues 41 and 54), so the network is never left to it alone.
"""

from __future__ import annotations

import os
import stat
import struct

from . import libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
MAKE_DEVICES = (1 << 6) | (1 << 11)  # char and block: never granted
READ = READ_FILE | READ_DIR
_FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_HANDLED = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL = (1 << 16) - 1
_BIND_TCP, _CONNECT_TCP = 1, 2
KNOWS_TRUNCATION, SCOPES_SIGNALS = 3, 6  # versions
_SCOPES = 3  # abstract Unix sockets and signals, from version 6 on


class Rules:
    """Paths by right. connect, listen: TCP ports; None leaves TCP alone."""

    __slots__ = ("connect", "execute", "listen", "read", "write")

    def __init__(
        self,
        read: Sequence[str] = (),
        write: Sequence[str] = (),
        execute: Sequence[str] = (),
        connect: Sequence[int] | None = None,
        listen: Sequence[int] = (),
    ) -> None:
        self.read = read
        self.write = write
        self.execute = execute
        self.connect = connect
        self.listen = listen


def version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    try:
        return libc.syscall("landlock_create_ruleset", None, 0, 1)
    except OSError:
        return 0


def ruleset(rules: Rules) -> int:
    """A descriptor of these rules, not in force yet. Raises OSError."""
    abi = version()
    network = 3 if abi >= 4 and rules.connect is not None else 0
    scopes = struct.pack("QQQ", _handled(abi), network, _SCOPES)
    attributes = scopes[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    made = libc.syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    add(made, rules)
    return made


def add(made: int, rules: Rules) -> None:
    """More of what is allowed. Raises OSError."""
    abi = version()
    handled = _handled(abi)
    _allow(made, rules.read, READ & handled)
    _allow(made, rules.execute, (READ | EXECUTE) & handled)
    _allow(made, rules.write, handled & ~EXECUTE & ~MAKE_DEVICES)
    if abi >= 4 and rules.connect is not None:
        _allow_ports(made, rules)


def enforce(made: int) -> None:
    """Take every right away from this thread that the rules do not give. Raises OSError."""
    libc.no_new_privileges()
    libc.syscall("landlock_restrict_self", made, 0)
    os.close(made)


def covering(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The same reach in fewer rules: links resolved, what lies below another left out, what is missing too."""
    if paths not in _covering:
        real = sorted({os.path.realpath(path) for path in paths if os.path.exists(path)})
        _covering[paths] = tuple(
            path
            for path in real
            if not any(path != other and path.startswith(other.rstrip("/") + "/") for other in real)
        )
    return _covering[paths]


_covering: dict[tuple[str, ...], tuple[str, ...]] = {}


def _handled(abi: int) -> int:
    return _HANDLED.get(abi, _ALL)


def _allow(ruleset: int, paths: Iterable[str], rights: int) -> None:
    for path in paths:
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
            granted = rights if is_folder else rights & _FILE_RIGHTS
            libc.syscall("landlock_add_rule", ruleset, 1, struct.pack("=Qi", granted, handle), 0)
        finally:
            os.close(handle)


def _allow_ports(ruleset: int, rules: Rules) -> None:
    for right, ports in ((_CONNECT_TCP, rules.connect or ()), (_BIND_TCP, rules.listen)):
        for port in ports:
            libc.syscall("landlock_add_rule", ruleset, 2, struct.pack("=QQ", right, port), 0)
