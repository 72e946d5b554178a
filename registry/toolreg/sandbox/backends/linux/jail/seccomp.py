"""The system call filter of a worker: what no tool needs is refused, what shows an effect is reported."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import bpf, libc
from .tables import NEWEST_KNOWN, this_machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .tables import Machine

    Rule = Callable[..., None]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Refused whatever was granted: other processes, mounts, kernel interfaces, memory that no limit counts.
FORBIDDEN = _names(
    """
acct add_key adjtimex bpf cachestat chroot clock_adjtime clock_settime delete_module fanotify_init fanotify_mark
fchmodat2 finit_module fsconfig fsmount fsopen fspick get_mempolicy init_module io_setup io_uring_enter
io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl listmount
lookup_dcookie lsm_set_self_attr mbind memfd_create memfd_secret migrate_pages modify_ldt mount
mount_setattr move_mount move_pages mq_open msgget name_to_handle_at open_by_handle_at open_tree
perf_event_open personality pidfd_getfd pidfd_open pidfd_send_signal pivot_root process_madvise
process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot remap_file_pages request_key
rt_sigqueueinfo rt_tgsigqueueinfo seccomp semget set_mempolicy set_mempolicy_home_node setdomainname
sethostname setns settimeofday shmget statmount swapoff swapon syslog sysfs umount2 unshare uselib
userfaultfd ustat vhangup vmsplice ioprio_set sched_setattr sched_setparam sched_setscheduler
setpriority
get_robust_list mq_getsetattr mq_notify mq_timedreceive mq_timedsend mq_unlink msgctl msgrcv msgsnd
process_mrelease semctl semop semtimedop shmat shmctl
"""
)
_FORKS = ("fork", "vfork")
_EXECS = ("execve", "execveat")
# Reported to the supervisor, which sees and lets the kernel decide.
WATCHED = _names(
    """
open openat openat2 creat connect bind unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir
link linkat symlink symlinkat truncate chmod fchmodat chown fchownat lchown setxattr lsetxattr
inotify_add_watch utime utimes futimesat utimensat
"""
)
# Refused, but worth telling: an attempt at one of these is an attack or a grave mistake.
REPORTED = _names(
    """
ptrace process_vm_readv process_vm_writev mount umount2 open_tree fsopen move_mount unshare setns
pivot_root chroot bpf perf_event_open userfaultfd io_uring_setup keyctl add_key request_key init_module
finit_module kexec_load reboot open_by_handle_at name_to_handle_at memfd_create shmget msgget semget
mq_open personality modify_ldt iopl ioperm seccomp pidfd_getfd pidfd_open swapon sethostname
setdomainname settimeofday clock_settime syslog acct fanotify_init quotactl kcmp setpriority vmsplice
shmat shmctl semctl msgsnd msgctl mq_unlink
"""
)
# Harmless on oneself, and on others too where a namespace hides them; elsewhere it must be forbidden.
_ON_ONESELF = ("prlimit64", "sched_setaffinity")
_CLONE_THREAD, _CLONE_NAMESPACES = 0x10000, 0x7E020000
# What Landlock does not keep from a file that lies open to it: refused where no mount does either.
_METADATA_READ = _names("getxattr lgetxattr listxattr llistxattr")
METADATA_REFUSED = _names(
    "setxattr lsetxattr chown lchown fchownat fchown inotify_add_watch inotify_init inotify_init1"
)
_METADATA_QUIET = _names("fsetxattr removexattr lremovexattr fremovexattr")
# Done by the supervisor on the call's own files.
_METADATA_ON_BEHALF = _names("chmod fchmod fchmodat utime utimes futimesat utimensat")
# TIOCSTI, TIOCLINUX, TIOCSETD, TIOCSCTTY; FIOSETOWN, SIOCSPGRP: signals to whom one likes
_IOCTLS_REFUSED = (0x5412, 0x541C, 0x5423, 0x540E, 0x8901, 0x8902)
# FS_IOC_SETFLAGS (two sizes), SETVERSION, FSSETXATTR, SET_ENCRYPTION_POLICY, ENABLE_VERITY, FIFREEZE, FITHAW, FITRIM,
# SETFSLABEL: marks of a file that its owner may set through a descriptor that can only read
_MARKS_REFUSED = (
    0x40086602, 0x40046602, 0x40087602, 0x401C5820, 0x800C6613, 0x40806685, 0xC0045877, 0xC0045878, 0xC0185879,
    0x41009432,
)  # fmt: skip
# F_SETOWN, F_SETSIG, F_SETOWN_EX: the same; F_SETLEASE, F_NOTIFY: they hold up and watch the host's own programs
_FCNTL_REFUSED = (8, 10, 15, 1024, 1026)
# PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_MM, PR_SET_CHILD_SUBREAPER, PR_SET_SYSCALL_USER_DISPATCH, PR_SET_PTRACER
_PR_SET_DUMPABLE = 4
_PRCTL_REFUSED = (_PR_SET_DUMPABLE, 22, 35, 36, 59, 0x59616D61)
_PR_SET_PDEATHSIG = 1  # a worker that is the first of its namespace must die with the fork server
_FAST_OPEN = 0x20000000  # MSG_FASTOPEN connects behind the back of Landlock
# SO_SNDBUF, SO_RCVBUF: the kernel's memory, which no limit counts outside of a control group. The size is a wish, so it
# is granted and not fulfilled; their forced forms are refused.
_BUFFER_SIZES = {7: bpf.refuse(0), 8: bpf.refuse(0), 32: bpf.FORBIDDEN, 33: bpf.FORBIDDEN}
_FLAGS_OF = {"sendto": 3, "sendmsg": 2, "sendmmsg": 3}
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_STREAM, _DATAGRAM, _SEQPACKET = 1, 2, 5
_PLAIN_PROTOCOLS = (0, 6, 17)  # what the type says, TCP, UDP: no MPTCP, SCTP, raw or ping sockets


class Filter:
    """What the filter depends on.

    processes: fork and exec are granted. watched: a supervisor listens. own_network: the call has a network
    namespace; else every connect is made by the supervisor and datagrams do not exist. own_pid: the worker, as
    it sees itself. signals_to: the only
    process that may be signalled, 0 where something else sees to that. truncation: Landlock controls it.
    count_tasks: the supervisor counts them, because the kernel does not limit root.
    """

    __slots__ = (
        "count_tasks",
        "own_network",
        "own_pid",
        "processes",
        "signals_to",
        "truncation",
        "watched",
    )

    def __init__(
        self,
        *,
        processes: bool = False,
        watched: bool = True,
        own_network: bool = True,
        own_pid: int = 0,
        signals_to: int = 0,
        truncation: bool = True,
        count_tasks: bool = False,
    ) -> None:
        self.processes = processes
        self.watched = watched
        self.own_network = own_network
        self.own_pid = own_pid
        self.signals_to = signals_to
        self.truncation = truncation
        self.count_tasks = count_tasks

    def key(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def of_any(self) -> Filter:
        """The same for a process whose number is not known yet."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return Filter(**{**named, "own_pid": _ANY, "signals_to": _ANY if self.signals_to else 0})


_ANY = 0x7A5C3E91  # no process has this number
_made: dict[tuple[int, ...], tuple[bytes, tuple[int, ...]]] = {}


def for_this_machine(wanted: Filter) -> bytes:
    """The filter's program. A fork server makes it once; a child puts its own number in. Raises OSError."""
    machine = this_machine()
    if machine is None:
        raise OSError(errno.ENOSYS, f"no system call table for {os.uname().machine}")
    if wanted.signals_to not in (0, wanted.own_pid):
        return assemble(wanted, machine)
    general = wanted.of_any()
    key = general.key()
    if key not in _made:
        program = assemble(general, machine)
        places = range(bpf.CONSTANT, len(program), bpf.LINE)
        _made[key] = program, tuple(at for at in places if struct.unpack_from("I", program, at)[0] == _ANY)
    program, holes = _made[key]
    filled = bytearray(program)
    for at in holes:
        struct.pack_into("I", filled, at, wanted.own_pid)
    return bytes(filled)


def assemble(wanted: Filter, machine: Machine) -> bytes:
    """The filter's program for a machine."""
    numbers = machine.numbers
    blocks: dict[int, bpf.Code] = {}

    def rule(names: Sequence[str], *body: bpf.Code) -> None:
        for name in names:
            if name in numbers:  # the first word on a call is the last
                blocks.setdefault(numbers[name], bpf.verdicts(*body))

    odd = bpf.NOTIFY if wanted.watched else bpf.FORBIDDEN
    stopped = bpf.verdict(odd)
    rule(("clone3",), bpf.verdict(bpf.NO_SUCH_CALL))
    _process_rules(rule, wanted, stopped)
    _socket_rules(rule, wanted)
    if not wanted.own_network:
        _metadata_rules(rule, stopped)
    rule(("mknod", "mknodat"), stopped)
    refused = (*_IOCTLS_REFUSED, *_MARKS_REFUSED)
    rule(("ioctl",), bpf.argument(1), *[bpf.if_equal(value, bpf.FORBIDDEN) for value in refused])
    rule(("fcntl",), bpf.argument(1), *[bpf.if_equal(value, odd) for value in _FCNTL_REFUSED])
    settings = _PRCTL_REFUSED if wanted.processes else (*_PRCTL_REFUSED, _PR_SET_PDEATHSIG)
    rule(("prctl",), bpf.argument(0), *[bpf.if_equal(value, _quietly(value, odd)) for value in settings])
    rule([name for name in FORBIDDEN if name in REPORTED], stopped)
    rule([name for name in FORBIDDEN if name not in REPORTED], bpf.verdict(bpf.FORBIDDEN))
    for name in _ON_ONESELF:
        rule((name,), bpf.argument(0), bpf.if_other((0, wanted.own_pid), bpf.FORBIDDEN))
    if wanted.signals_to:
        rule(("kill", "tgkill"), bpf.argument(0), bpf.if_other((wanted.signals_to,), bpf.FORBIDDEN))
        rule(("tkill",), bpf.verdict(bpf.FORBIDDEN))
    if not wanted.truncation:
        _truncation_rules(rule, stopped)
    if wanted.watched:
        rule(WATCHED, bpf.verdict(bpf.NOTIFY))
    return bpf.program(machine.audit, NEWEST_KNOWN, blocks)


def _quietly(setting: int, odd: int) -> int:
    """To hide from a debugger is common among programs, and not worth telling."""
    return bpf.FORBIDDEN if setting == _PR_SET_DUMPABLE else odd


def _process_rules(rule: Rule, wanted: Filter, stopped: bpf.Code) -> None:
    namespaces = bpf.if_any_bit(_CLONE_NAMESPACES, bpf.FORBIDDEN)
    counted = bpf.verdict(bpf.NOTIFY if wanted.count_tasks and wanted.watched else bpf.ALLOW)
    if wanted.processes:
        rule(("clone",), bpf.argument(0), namespaces, counted)
        rule(_FORKS, counted)
        rule(_EXECS, bpf.verdict(bpf.NOTIFY if wanted.watched else bpf.ALLOW))
        return
    forking = bpf.NOTIFY if wanted.watched else bpf.FORBIDDEN
    rule(("clone",), bpf.argument(0), bpf.if_no_bit(_CLONE_THREAD, forking), namespaces, counted)
    rule([*_FORKS, *_EXECS], stopped)


def _socket_rules(rule: Rule, wanted: Filter) -> None:
    odd = bpf.NOTIFY if wanted.watched else bpf.FORBIDDEN
    quiet = bpf.refuse(errno.EAFNOSUPPORT)
    rule(
        ("socket",),
        bpf.argument(0),
        bpf.if_equal(_AF_UNIX, quiet),  # C libraries try these two on every lookup
        bpf.if_equal(_AF_NETLINK, quiet),
        bpf.if_other((_AF_INET, _AF_INET6), odd),
        bpf.argument(1, mask=0xF),
        bpf.if_other((_STREAM, _DATAGRAM), odd),
        *([] if wanted.own_network else [bpf.if_equal(_DATAGRAM, bpf.FORBIDDEN)]),
        bpf.argument(2),
        bpf.if_other(_PLAIN_PROTOCOLS, odd),
    )
    sizes = [bpf.if_equal(option, then) for option, then in _BUFFER_SIZES.items()]
    rule(("setsockopt",), bpf.argument(1), bpf.if_other((1,), bpf.ALLOW), bpf.argument(2), *sizes)
    told = bpf.NOTIFY if wanted.watched else bpf.ALLOW
    if not wanted.own_network:
        rule(("bind", "listen"), bpf.verdict(bpf.NOTIFY if wanted.watched else bpf.FORBIDDEN))
    for name, flags in _FLAGS_OF.items():
        body = [bpf.argument(flags), bpf.if_any_bit(_FAST_OPEN, bpf.FORBIDDEN)]
        if name == "sendto" and told != bpf.ALLOW:
            body += [
                bpf.argument(4),
                bpf.if_other((0,), told),
                bpf.argument(4, high=True),
                bpf.if_other((0,), told),
            ]
        rule((name,), *body)


def _metadata_rules(rule: Rule, stopped: bpf.Code) -> None:
    """Without mounts of its own a call sees files of the host, whose modes, times and marks Landlock leaves open."""
    rule((*_METADATA_READ, *_METADATA_QUIET), bpf.verdict(bpf.refuse(errno.ENOTSUP)))
    rule(METADATA_REFUSED, stopped)
    rule(_METADATA_ON_BEHALF, stopped)
    # A datagram pair can send to any socket in the file system.
    rule(("socketpair",), bpf.argument(1, mask=0xF), bpf.if_other((_STREAM, _SEQPACKET), bpf.FORBIDDEN))


def _truncation_rules(rule: Rule, stopped: bpf.Code) -> None:
    """Landlock before its third version lets a file be emptied that may only be read."""
    rule(("truncate",), stopped)
    only = os.O_TRUNC | os.O_RDONLY
    for name, flags in (("open", 1), ("openat", 2)):
        rule(
            (name,),
            bpf.argument(flags, mask=os.O_TRUNC | os.O_ACCMODE),
            bpf.if_equal(only, bpf.FORBIDDEN),
            bpf.verdict(bpf.NOTIFY),
        )
    rule(("openat2",), bpf.verdict(bpf.NO_SUCH_CALL))


def install(code: bytes, *, listener: bool = False) -> int:
    """Put the filter over this process. With `listener` its notification descriptor comes back, else 0."""
    libc.no_new_privileges()
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    new_listener, wait_killable = 8, 32
    if not listener:
        return libc.syscall("seccomp", 1, 0, program)
    try:
        return libc.syscall("seccomp", 1, new_listener | wait_killable, program)
    except OSError as error:
        if error.errno != errno.EINVAL:  # WAIT_KILLABLE came with Linux 5.19
            raise
        return libc.syscall("seccomp", 1, new_listener, program)
