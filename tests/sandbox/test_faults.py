"""What breaks around a call: killed supervisors, dead fork servers, too many calls."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolreg.errors import HarnessError, SandboxUnavailable
from toolreg.sandbox import CallTool, Killed, Limits, Policy, Returned, Sandbox, Tier, probe
from toolreg.sandbox.backends.base import Backend
from toolreg.sandbox.backends.linux import cgroups
from toolreg.sandbox.probe import Capability, judge

_OWNER = """
import sys, threading, time
from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Limits, Policy, Sandbox
code = b'''
import subprocess, time
def f():
    subprocess.Popen(["sleep", "300"], start_new_session=True)
    print("x", flush=True)
    time.sleep(300)
'''
sandbox = Sandbox(tier=sys.argv[1]).start()
policy = Policy((Effect.parse("run: sleep"),), limits=Limits(wall=600))
threading.Thread(target=lambda: sandbox.call(code, CallTool("f", {}), policy), daemon=True).start()
time.sleep(1.5)
print(sandbox.pids()[0], flush=True)
time.sleep(600)
"""


def descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        try:
            waiting += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
        except OSError:
            continue
    return found


def alive(pids: list[int]) -> list[int]:
    def state(pid: int) -> str:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return "X"

    return [pid for pid in pids if state(pid) not in "XZ"]


def wait_until_gone(pids: list[int]) -> list[int]:
    end = time.monotonic() + 20
    while alive(pids) and time.monotonic() < end:
        time.sleep(0.05)
    return alive(pids)


@pytest.mark.parametrize("victim", ["owner", "fork server"])
def test_a_killed_supervisor_leaves_no_process_and_no_folder(tier: Tier, victim: str, tmp_path: Path) -> None:
    registry = Path(sys.modules["toolreg"].__file__ or "").parents[1]
    environment = {**os.environ, "PYTHONPATH": str(registry), "TMPDIR": str(tmp_path)}
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, tier],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert owner.stdout is not None
    try:
        server = int(owner.stdout.readline())
        pids = descendants(server)
        assert len(pids) >= 4  # the server, a first process, the worker, the program that it left
        os.kill(owner.pid if victim == "owner" else server, signal.SIGKILL)
        assert wait_until_gone(pids) == []
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()
    if victim == "owner":
        end = time.monotonic() + 10
        while list(tmp_path.iterdir()) and time.monotonic() < end:
            time.sleep(0.05)
        assert list(tmp_path.iterdir()) == []


def test_a_dead_fork_server_is_an_error_once_and_then_replaced(tier: Tier) -> None:
    with Sandbox(tier=tier) as sandbox:
        code = b"import time\ndef f(x):\n    time.sleep(x)\n    return x\n"
        assert sandbox.call(code, CallTool("f", {"x": 0}), Policy()).outcome == Returned(0, "int")
        failures: list[Exception] = []

        def doomed() -> None:
            try:
                sandbox.call(code, CallTool("f", {"x": 60}), Policy())
            except HarnessError as error:
                failures.append(error)

        thread = threading.Thread(target=doomed)
        thread.start()
        time.sleep(0.5)
        os.kill(sandbox.pids()[0], signal.SIGKILL)
        thread.join(timeout=30)
        assert len(failures) == 1
        assert sandbox.call(code, CallTool("f", {"x": 0}), Policy()).outcome == Returned(0, "int")


def test_two_hundred_calls_at_once_are_all_answered(tier: Tier) -> None:
    code = b"def f(x):\n    return x\n"
    answers: list[object] = []
    with Sandbox(tier=tier) as sandbox:
        calls = [
            threading.Thread(
                target=lambda n=number: answers.append(
                    sandbox.call(code, CallTool("f", {"x": n}), Policy(limits=Limits(wall=120))).outcome
                )
            )
            for number in range(200)
        ]
        for call in calls:
            call.start()
        for call in calls:
            call.join()
    assert sorted(answers, key=str) == sorted((Returned(n, "int") for n in range(200)), key=str)


def test_descriptors_of_many_calls_are_given_back(tier: Tier) -> None:
    with Sandbox(tier=tier) as sandbox:
        code = b"def f():\n    open('x')\n"
        sandbox.call(code, CallTool("f", {}), Policy())
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            sandbox.call(code, CallTool("f", {}), Policy(limits=Limits(wall=0.001)))
            sandbox.call(code, CallTool("f", {}), Policy())
        assert len(os.listdir("/proc/self/fd")) == before


@contextlib.contextmanager
def no_more_processes(pid: int) -> Iterator[None]:
    """Nothing can be forked any more by a process: by its user's limit, or for root by a control group."""
    if os.geteuid() != 0:
        resource.prlimit(pid, resource.RLIMIT_NPROC, (1, 1))
        yield
        return
    folder = next((each for each in cgroups.delegation().folders if "pids" in each.controllers), None)
    if folder is None:
        pytest.skip("the kernel bounds root's processes only in a control group, and none may be made here")
    group = Path(folder.path, f"toolreg-test-{pid}")
    group.mkdir()
    try:
        (group / "pids.max").write_text("1")
        (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        Path(folder.path, "cgroup.procs").write_text(str(pid))
        group.rmdir()


def test_a_call_without_a_process_to_spare_is_an_error_with_its_reason(tier: Tier) -> None:
    code = b"def f():\n    return 1\n"
    with Sandbox(tier=tier) as sandbox:
        sandbox.call(code, CallTool("f", {}), Policy())
        with no_more_processes(sandbox.pids()[0]):
            failures = list(
                filter(None, (_failure(sandbox, code) for _ in range(3)))
            )  # one child may stand ready
    assert len(failures) >= 2
    assert all("temporarily unavailable" in each for each in failures)
    with Sandbox(tier=tier) as sandbox:
        assert sandbox.call(code, CallTool("f", {}), Policy()).outcome == Returned(1, "int")


def _failure(sandbox: Sandbox, code: bytes) -> str:
    try:
        sandbox.call(code, CallTool("f", {}), Policy())
    except HarnessError as error:
        return str(error)
    return ""


def test_a_call_of_no_time_at_all_is_a_timeout(tier: Tier) -> None:
    with Sandbox(tier=tier) as sandbox:
        assert sandbox.call(
            b"def f(): pass\n", CallTool("f", {}), Policy(limits=Limits(wall=0.0001))
        ).outcome == Killed("timeout")


def _capabilities(*missing: str) -> dict[str, Capability]:
    names = ("namespaces", "mounts", "network", "landlock", "seccomp", "notify", "rlimits")
    return {
        name: Capability("absent" if name in missing else "enforced", name, "gone" if name in missing else "")
        for name in names
    }


@pytest.mark.parametrize(
    ("missing", "tier"),
    [
        ((), "A"),
        (("landlock",), "A"),
        (("notify",), "A"),
        (("namespaces", "mounts", "network"), "B"),
        (("seccomp",), None),
        (("namespaces", "mounts", "network", "landlock"), None),
        (("namespaces", "mounts", "network", "notify"), None),
    ],
)
def test_what_a_machine_lacks_decides_its_tier(missing: tuple[str, ...], tier: str | None) -> None:
    found = judge(_capabilities(*missing))
    assert found.tier == tier
    assert bool(found.reason) == bool(missing)


def test_below_the_minimum_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> Backend:
        raise SandboxUnavailable(f"{name} is not here")

    monkeypatch.setattr("toolreg.sandbox.sandbox.probe", lambda: judge(_capabilities("seccomp")))
    monkeypatch.setattr("toolreg.sandbox.backends.choice.open_backend", nothing)
    with pytest.raises(SandboxUnavailable, match="no seccomp: gone") as caught:
        Sandbox()
    assert caught.value.hint


def test_this_machine_holds_the_full_tier_or_says_why_not() -> None:
    found = probe()
    assert found.tier == "A" or found.reason


@pytest.mark.parametrize("layer", ["landlock", "notify"])
def test_the_full_tier_holds_without_one_layer_and_names_it(
    layer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolreg.sandbox.sandbox.probe", lambda: judge(_capabilities(layer)))
    code = textwrap.dedent("""
        import os, socket
        def f():
            held = []
            for attempt in (lambda: open('/etc/shadow'), lambda: os.fork(), lambda: socket.create_connection(('1.1.1.1', 80), 1)):
                try: attempt()
                except OSError as error: held.append(type(error).__name__)
            return len(held)
    """).encode()
    with Sandbox() as sandbox:
        seen = sandbox.call(code, CallTool("f", {}), Policy())
    assert seen.outcome == Returned(3, "int")
    assert layer not in seen.isolation.layers
    assert ("read" in seen.unseen) == (layer == "notify")


def test_where_a_fresh_proc_is_refused_the_second_tier_is_taken() -> None:
    """As in containers, which hide parts of /proc."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can hide a part of /proc here")
    hidden = next(
        (name for name in ("/proc/acpi", "/proc/bus", "/proc/tty", "/proc/fs") if os.path.isdir(name)), ""
    )
    code = (
        "from toolreg.sandbox import probe; p = probe(); print(p.tier, p.capabilities['namespaces'].reason)"
    )
    # Whoever sees another whole /proc may mount one: in here there is no other.
    others = 'awk \'$3 == "proc" && $2 != "/proc" {print $2}\' /proc/mounts | xargs -r umount --lazy'
    shell = f'{others}; mount -t tmpfs hidden {hidden} && exec "$0" -c "$1"'
    environment = {**os.environ, "PYTHONPATH": str(Path(sys.modules["toolreg"].__file__ or "").parents[1])}
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", shell, sys.executable, code],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if "mount:" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.stdout.split(maxsplit=1) == ["B", "a fresh /proc is refused\n"]
