"""The system call tables against the kernel's own headers, and against what Debian's audit tools know."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from toolreg.sandbox.backends.linux.jail import bpf, seccomp, tables

_GENERIC = Path("/usr/include/asm-generic/unistd.h")
_X86 = (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h"))
# Newer than the headers of Debian 12; both machines share the numbers from 424 on.
_SHARED_FROM = 424


def _of_headers(machine: str) -> dict[str, int]:
    """Name → number as the installed headers have it (Debian's linux-libc-dev)."""
    if machine == "x86_64":
        text = next((path.read_text() for path in _X86 if path.exists()), "")
        return {name: int(number) for name, number in re.findall(r"#define __NR_(\w+)\s+(\d+)", text)}
    text = _GENERIC.read_text() if _GENERIC.exists() else ""
    plain = {name: int(number) for name, number in re.findall(r"#define (__NR(?:3264)?_\w+)\s+(\d+)", text)}
    for name, other in re.findall(r"#define (__NR_\w+)\s+(__NR3264_\w+)", text):
        plain.setdefault(name, plain.get(other, -1))
    plain.pop("__NR_syscalls", None)  # how many there are
    return {name[5:]: number for name, number in plain.items() if name.startswith("__NR_") and number >= 0}


def _of_audit(machine: str) -> dict[str, int]:
    """Name → number as `ausyscall` prints it (Debian's auditd)."""
    if shutil.which("ausyscall") is None:
        return {}
    done = subprocess.run(["ausyscall", machine, "--dump"], capture_output=True, text=True, check=False)
    rows = (line.split() for line in done.stdout.splitlines()[1:])
    return {row[1]: int(row[0]) for row in rows if len(row) == 2 and row[0].isdigit()}


def _known(machine: str, source: str) -> dict[str, int]:
    found = _of_headers(machine) if source == "headers" else _of_audit(machine)
    if not found:
        pytest.skip(f"no list of {machine} from {source}: apt-get install linux-libc-dev auditd")
    return found


@pytest.mark.parametrize("source", ["headers", "audit"])
@pytest.mark.parametrize("machine", tables.MACHINES)
def test_every_number_is_the_kernels_own(machine: str, source: str) -> None:
    known = _known(machine, source)
    numbers = tables.MACHINES[machine].numbers
    wrong = {
        name: (number, known[name]) for name, number in numbers.items() if known.get(name, number) != number
    }
    assert wrong == {}
    newest = max(known.values())
    assert {name for name, number in numbers.items() if name not in known and number <= newest} == set()


@pytest.mark.parametrize("machine", tables.MACHINES)
def test_no_call_is_missing_that_the_other_machine_has_in_its_table(machine: str) -> None:
    known = _known(machine, "headers")
    every = set().union(*(each.numbers for each in tables.MACHINES.values()))
    assert {name for name in every if name in known} - set(tables.MACHINES[machine].numbers) == set()


def test_newer_calls_have_one_number_everywhere() -> None:
    first, second = (each.numbers for each in tables.MACHINES.values())
    both = {name for name in first.keys() & second.keys() if max(first[name], second[name]) >= _SHARED_FROM}
    assert both
    assert {name for name in both if first[name] != second[name]} == set()


@pytest.mark.parametrize("machine", tables.MACHINES.values(), ids=tables.MACHINES.keys())
@pytest.mark.parametrize("processes", [True, False])
@pytest.mark.parametrize("own_network", [True, False])
def test_the_filter_is_a_program_that_the_kernel_would_take(
    machine: tables.Machine, processes: bool, own_network: bool
) -> None:
    """What its checker asks: known operations, forward jumps that stay inside, an answer at the end."""
    wanted = seccomp.Filter(processes=processes, own_network=own_network, truncation=False, signals_to=1)
    code = list(struct.iter_unpack("HBBI", seccomp.assemble(wanted, machine)))
    assert len(code) <= 4096
    verdicts = set()
    for at, (operation, yes, no, value) in enumerate(code):
        assert operation in (0x20, 0x54, 0x05, 0x06, 0x15, 0x35, 0x45)
        if operation == 0x20:
            assert value % 4 == 0
            assert value < 64
        if operation == 0x06:
            verdicts.add(value & 0xFFFF0000)
        if operation in (0x15, 0x35, 0x45):
            assert at + 1 + max(yes, no) < len(code)
        if operation == 0x05:
            assert at + 1 + value < len(code)
    assert code[-1][0] == 0x06
    assert verdicts == {bpf.ALLOW, bpf.KILL, bpf.NOTIFY, bpf.refuse(0)}


@pytest.mark.parametrize("machine", tables.MACHINES.values(), ids=tables.MACHINES.keys())
def test_what_landlock_leaves_open_is_closed_without_namespaces(machine: tables.Machine) -> None:
    from .test_parts import run_filter

    def decide(name: str, *arguments: int, own: bool = False) -> int:
        wanted = seccomp.Filter(own_network=own, own_pid=1)
        program = seccomp.assemble(wanted, machine)
        return run_filter(program, machine.audit, machine.numbers[name], arguments)

    for name in ("fchmod", "fchmodat", "utimensat", "fchown", "setxattr", "inotify_add_watch"):
        assert decide(name) == bpf.NOTIFY
    assert decide("getxattr") == bpf.refuse(95)
    assert decide("getxattr", own=True) == bpf.ALLOW
    assert (decide("socketpair", 1, 1), decide("socketpair", 1, 0x80002)) == (bpf.ALLOW, bpf.FORBIDDEN)
    for own in (True, False):
        assert decide("shmat", own=own) == bpf.NOTIFY
        assert (decide("fcntl", 3, 8, own=own), decide("fcntl", 3, 3, own=own)) == (bpf.NOTIFY, bpf.ALLOW)
        assert (decide("prctl", 22, own=own), decide("prctl", 1, own=own)) == (bpf.NOTIFY, bpf.NOTIFY)
        assert (decide("prctl", 15, own=own), decide("prctl", 4, own=own)) == (bpf.ALLOW, bpf.FORBIDDEN)
