"""The pure parts: addresses, names, filters, hostile bytes, plans."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Killed, Limits, Policy, PolicyError, Raised, Returned
from toolreg.sandbox.backends.linux import backend, dns, guard, hostile, interpreter, plan, programs, relay
from toolreg.sandbox.backends.linux.jail import bpf, seccomp, tables


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.251", False), ("255.255.255.255", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_only_public_addresses_may_stand_behind_a_public_name(address: str, public: bool) -> None:
    assert guard.is_public(address) is public


def test_a_name_that_leads_home_is_refused_and_localhost_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(_: str, port: int, **__: object) -> list[object]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(guard.socket, "getaddrinfo", lookup)
    with pytest.raises(guard.Refused, match=r"evil\.example leads to 127\.0\.0\.1"):
        guard.resolve("evil.example", 80)
    assert guard.resolve("localhost", 80) == [(2, ("127.0.0.1", 80))]
    assert guard.resolve("127.0.0.1", 80) == [(2, ("127.0.0.1", 80))]


def _question(name: str, kind: int = 1) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def test_a_question_for_a_granted_name_is_answered_with_an_address() -> None:
    packet = _question("Api.Example.com")
    question = dns.parse(packet)
    assert question is not None
    assert question.name == "api.example.com"
    reply = dns.answer(packet, question, "198.18.0.1")
    assert reply[:2] == packet[:2]
    assert reply.endswith(bytes([198, 18, 0, 1]))
    assert dns.answer(packet, question, None)[3] & 0xF == 3
    six = dns.answer(_question("a.b", 28), dns.parse(_question("a.b", 28)), "198.18.0.1")
    assert struct.unpack_from(">H", six, 6)[0] == 0


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0" * 12,
        b"\xff" * 40,
        _question("a")[:-3],
        b"\0" * 4 + b"\0\1" + b"\0" * 6 + b"\x3f" + b"a" * 10,
        _question("x" * 60 + "." + ".".join(["y" * 60] * 4)),
    ],
)
def test_a_malformed_question_is_no_question(packet: bytes) -> None:
    assert dns.parse(packet) is None
    assert isinstance(dns.answer(packet, None, None), bytes)


def test_names_keep_their_addresses_and_have_an_end() -> None:
    names = dns.Names()
    first = names.address("a.example")
    assert (names.address("a.example"), names.name(first), names.name("1.2.3.4")) == (
        first,
        "a.example",
        "1.2.3.4",
    )
    for number in range(4095):
        names.address(f"n{number}.example")
    with pytest.raises(ValueError, match="too many"):
        names.address("one-more.example")


def test_a_request_is_noticed_across_pieces_and_pipelines() -> None:
    traffic = relay.Traffic()
    for piece in (
        b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nPO",
        b"ST /b?q=1 HTT",
        b"P/1.1\r\n\r\nbody",
        b"DELETE /c HTTP/1.0\r\n\r\n",
    ):
        traffic.look(piece)
    assert traffic.requests == ["GET /a", "POST /b", "DELETE /c"]
    assert (traffic.changes, traffic.deletes) == (True, True)


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (b"", Killed("result")),
        (b"[1]", Killed("result")),
        (b"{", Killed("result")),
        (b"[" * 100_000, Killed("result")),
        (b'{"value": ' + b"[" * 500 + b"]" * 500 + b"}", Killed("result")),
        (b'{"value": ' + b"9" * 1_000_000 + b"}", Killed("result")),
        (b'{"examples": 3}', Killed("result")),
        (b'{"examples": [3]}', Killed("result")),
        (b'{"error": "E", "message": 3, "line": "x"}', Raised("E", "", 0)),
        (b'{"error": "E", "message": "m", "line": -4}', Raised("E", "m", 0)),
        (b'{"value": "\\ud800", "type": 5}', Returned("\ufffd", "", False)),
        (
            json.dumps({"value": "[" * 10_000, "type": "str", "faithful": True}).encode(),
            Returned("[" * 10_000, "str"),
        ),
        (b'{"value": 1, "value": 2, "type": "int", "faithful": true}', Returned(2, "int")),
        (b"\xff\xfe{}", Killed("result")),
    ],
)
def test_whatever_a_tool_sends_becomes_an_outcome(data: bytes, outcome: object) -> None:
    assert hostile.outcome(data) == outcome


@pytest.mark.parametrize(
    "data", [b'{"account": 1}', b'{"account": [1, ["x"], ["net", "a"], ["code", 1], ["run", ""]]}', b"[", b""]
)
def test_a_senseless_account_adds_nothing(data: bytes) -> None:
    assert hostile.account(data) == ()


def run_filter(program: bytes, audit: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """A classic BPF machine, as far as filters here need one."""
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, audit, 0, *(arguments + (0,) * 6)[:6])
    code = list(struct.iter_unpack("HBBI", program))
    at, value = 0, 0
    while True:
        operation, yes, no, constant = code[at]
        at += 1
        if operation == 0x20:
            value = struct.unpack_from("<I", data, constant)[0]
        elif operation == 0x54:
            value &= constant
        elif operation == 0x06:
            return int(constant)
        elif operation == 0x05:
            at += constant
        else:
            true = {0x15: value == constant, 0x35: value >= constant, 0x45: bool(value & constant)}[operation]
            at += yes if true else no


@pytest.mark.parametrize("machine", tables.MACHINES.values(), ids=tables.MACHINES.keys())
@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize("own_network", [True, False])
def test_the_filter_decides_as_meant_on_every_machine(
    machine: tables.Machine, watched: bool, own_network: bool
) -> None:
    program = seccomp.assemble(seccomp.Filter(watched=watched, own_network=own_network), machine)
    assert len(program) // 8 < 4096
    numbers = machine.numbers

    def decide(name: str, *arguments: int) -> int:
        return run_filter(program, machine.audit, numbers[name], arguments)

    stopped = bpf.NOTIFY if watched else bpf.FORBIDDEN
    assert run_filter(program, machine.audit ^ 1, 0) == bpf.KILL
    assert run_filter(program, machine.audit, 0x40000001) == bpf.NO_SUCH_CALL
    assert run_filter(program, machine.audit, 463) == bpf.NO_SUCH_CALL
    assert {decide(name) for name in ("ptrace", "mount", "bpf", "io_uring_setup", "execve")} == {stopped}
    assert decide("clone3") == bpf.NO_SUCH_CALL
    assert (decide("clone", 0xF00), decide("clone", 17)) == (stopped, stopped)
    assert (decide("clone", 0x3D0F00), decide("clone", 0x10000 | 0x10000000)) == (bpf.ALLOW, bpf.FORBIDDEN)
    assert decide("socket", 2, 1, 0) == bpf.ALLOW
    assert decide("socket", 2, 2, 0) == (bpf.ALLOW if own_network else bpf.FORBIDDEN)
    assert (decide("socket", 2, 1, 262), decide("socket", 17, 3, 0)) == (stopped, stopped)
    assert decide("sendto", 3, 0, 0, 0x20000000) == bpf.FORBIDDEN
    assert decide("sendto", 3, 0, 0, 0, 1 << 40) == (bpf.NOTIFY if watched else bpf.ALLOW)
    assert (decide("ioctl", 0, 0x5412), decide("ioctl", 0, 0x5401)) == (bpf.FORBIDDEN, bpf.ALLOW)
    assert (decide("prctl", 4), decide("prctl", 15)) == (bpf.FORBIDDEN, bpf.ALLOW)
    assert (decide("prlimit64", 0), decide("prlimit64", 1 << 20)) == (bpf.ALLOW, bpf.FORBIDDEN)


@pytest.mark.parametrize("machine", tables.MACHINES.values(), ids=tables.MACHINES.keys())
def test_every_call_that_is_named_exists_on_some_machine(machine: tables.Machine) -> None:
    every = set().union(*(each.numbers for each in tables.MACHINES.values()))
    assert set(seccomp.FORBIDDEN) | set(seccomp.REPORTED) | set(seccomp.WATCHED) <= every
    assert {
        "openat",
        "connect",
        "execve",
        "clone",
        "seccomp",
        "landlock_create_ruleset",
        "mount_setattr",
    } <= set(machine.numbers)
    assert len(set(machine.numbers.values())) == len(machine.numbers)


def test_a_program_brings_its_loader_and_its_helpers() -> None:
    git = programs.find("git")
    assert git.execute[0] == "/usr/bin/git"
    assert any("/ld-" in each for each in git.execute)
    assert programs.find("no-such-program-here") == programs.Program((), ())


def test_the_interpreter_shows_packages_and_not_the_folders_around_them() -> None:
    view = interpreter.view()
    shown = [source for source, _ in view.binds]
    assert all(
        os_folder not in shown
        for os_folder in ("/", "/home", "/root", "/etc", "/var", "/tmp", "/usr", str(Path.cwd()))
    )
    assert not any(target == "/work" or target.startswith("/work/") for _, target in view.binds)


def _plan(workspace: Path, *effects: str, **policy: object) -> dict[str, object]:
    granted = Policy(tuple(map(Effect.parse, effects)), workspace=str(workspace), **policy)  # type: ignore[arg-type]
    return plan.make(granted, CallTool("f", {}), interpreter.view(), watched=True, layers=())


def test_a_plan_names_what_is_shown_and_what_is_caught(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_text("x")
    (tmp_path / "b.csv").write_text("y")
    made = _plan(
        tmp_path,
        "read: a[[]1].csv",
        "write: out/x.md",
        "net: example.com",
        "net: other.example:8443",
        "env: KEY",
        env={"KEY": "v", "NO": "w"},
    )
    assert made["binds"] == [{"source": str(tmp_path / "a[1].csv"), "target": "/work/a[1].csv"}]
    assert made["writable"] == ["/work/out/x.md"]
    assert made["ports"] == [80, 443, 8443]
    assert made["env"] == {
        "HOME": "/tmp/home",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",
        "KEY": "v",
    }


def test_more_than_a_call_can_carry_is_refused_before_it(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(1 << 16))
    with pytest.raises(PolicyError, match="too much lies"):
        _plan(tmp_path, "write: big", limits=Limits(disk=1024))


@pytest.mark.parametrize(
    ("code", "real"),
    [
        (b"from smolagents import Tool, tool", False),
        (b"from smolagents.tools import Tool", False),
        (b"import smolagents", False),
        (b"from smolagents import CodeAgent", True),
        (b"from smolagents.utils import x", True),
        (b"import smolagents.agents", True),
        (b"import requests", False),
        (b"def f(:", False),
        (b"\x00", False),
    ],
)
def test_the_real_package_is_used_only_where_the_stand_in_lacks_something(code: bytes, real: bool) -> None:
    assert backend.needs_real_package(code) is real


def test_limits_must_leave_something() -> None:
    with pytest.raises(ValueError, match="wall, memory"):
        Limits(wall=0, memory=-1)
