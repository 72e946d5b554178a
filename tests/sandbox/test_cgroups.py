"""Control groups: found, tried for real where this user may make some, and gone when the sandbox is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Killed, Limits, Policy, Returned, Sandbox, Tier
from toolreg.sandbox.backends.linux import cgroups
from toolreg.sandbox.backends.linux.cgroups import Folder

_HYBRID = """\
30 20 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
31 20 0:27 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
32 20 0:28 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
"""
_MANY = b"""
import os, time
def f(n):
    made = []
    try:
        for _ in range(n):
            pid = os.fork()
            if pid == 0:
                time.sleep(20)
                os._exit(0)
            made.append(pid)
    except OSError as error:
        return [len(made), type(error).__name__]
    return [len(made), ""]
"""
_GREEDY = b"""
import os, time
def f(n):
    for _ in range(n):
        if os.fork() == 0:
            kept = bytearray(100 << 20)
            time.sleep(20)
            os._exit(0)
    time.sleep(20)
"""
_MEANT_FOR_PROGRAMS = (Effect.parse("run: true"),)


def _ours(folders: tuple[Folder, ...]) -> set[str]:
    mine = f"toolreg-{os.getpid()}-"
    return {name for each in folders for name in os.listdir(each.path) if name.startswith(mine)}


@pytest.fixture
def held() -> Iterator[tuple[Folder, ...]]:
    """Where groups can be made here; nothing of ours is left there afterwards."""
    found = cgroups.delegation()
    if found.reason:
        pytest.skip(found.reason)
    before = _ours(found.folders)
    yield found.folders
    assert _ours(found.folders) - before == set()


def test_only_groups_that_may_be_written_are_candidates(tmp_path: Path) -> None:
    assert list(cgroups.candidates("", "0::/\n")) == []
    missing = _HYBRID.replace("/sys/fs/cgroup", str(tmp_path))
    assert list(cgroups.candidates(missing, "4:memory:/a\n8:pids:/\n0::/\n")) == []


def test_each_controller_is_taken_from_the_hierarchy_that_has_it(tmp_path: Path) -> None:
    for name in ("memory/a", "pids", "unified"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "unified/cgroup.controllers").write_text("hugetlb\n")
    mounts = _HYBRID.replace("/sys/fs/cgroup", str(tmp_path))
    assert list(cgroups.candidates(mounts, "4:memory:/a\n8:pids:/\n0::/\n")) == [
        Folder(1, str(tmp_path / "memory/a"), ("memory",)),
        Folder(1, str(tmp_path / "pids"), ("pids",)),
    ]


def test_the_second_version_is_used_where_the_nearest_group_above_hands_its_controllers_on(
    tmp_path: Path,
) -> None:
    above, own = tmp_path / "user.slice", tmp_path / "user.slice/app.service"
    own.mkdir(parents=True)
    for folder, handed in ((above, "cpu memory pids"), (own, "")):
        (folder / "cgroup.controllers").write_text("cpu memory pids")
        (folder / "cgroup.subtree_control").write_text(handed)
    (above / "cgroup.procs").write_text("")
    mounts = f"32 20 0:28 / {tmp_path} rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n"
    found = list(cgroups.candidates(mounts, "0::/user.slice/app.service\n"))
    assert found == [Folder(2, str(above), ("memory", "pids", "cpu"))]


def test_a_mount_that_shows_only_a_part_is_looked_through_rightly() -> None:
    mounts = "32 20 0:28 /kubepods/a /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n"
    assert list(cgroups.candidates(mounts, "0::/other\n")) == []


@pytest.mark.usefixtures("held")
def test_the_kernel_bounds_the_processes_of_a_call_roots_too(tier: Tier) -> None:
    policy = Policy(_MEANT_FOR_PROGRAMS, limits=Limits(processes=12, wall=20))
    with Sandbox(tier=tier) as sandbox:
        seen = sandbox.call(_MANY, CallTool("f", {"n": 400}), policy)
    assert isinstance(seen.outcome, Returned)
    count, error = seen.outcome.value  # type: ignore[misc]
    assert error == "BlockingIOError"
    assert 1 <= count <= 12
    assert seen.isolation.layers["cgroups"] == "enforced"


def test_the_memory_of_all_processes_together_is_bounded(tier: Tier, held: tuple[Folder, ...]) -> None:
    if not any("memory" in each.controllers for each in held):
        pytest.skip("memory is not delegated here")
    limits = Limits(memory=128 << 20, disk=1 << 20, processes=32, wall=20)
    with Sandbox(tier=tier) as sandbox:
        seen = sandbox.call(_GREEDY, CallTool("f", {"n": 12}), Policy(_MEANT_FOR_PROGRAMS, limits=limits))
        assert seen.outcome in (Killed("memory"), Killed("timeout"))
        assert seen.outcome == Killed("memory") or seen.usage.peak_memory < 128 << 20
        after = sandbox.call(b"def f():\n    return 1\n", CallTool("f", {}), Policy())
    assert after.outcome == Returned(1, "int")


def test_an_owner_killed_with_its_fork_server_leaves_groups_that_the_next_one_removes(
    held: tuple[Folder, ...],
) -> None:
    code = (
        "import time\nfrom toolreg.sandbox import Sandbox\ns = Sandbox().start()\nprint(s.pids()[0], flush=True)\n"
        "time.sleep(600)\n"
    )
    registry = Path(sys.modules["toolreg"].__file__ or "").parents[1]
    owner = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(registry)},
    )
    assert owner.stdout is not None
    try:
        server = int(owner.stdout.readline())
        os.kill(server, signal.SIGSTOP)
        owner.kill()
        owner.wait()
        os.kill(server, signal.SIGKILL)
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()

    def left() -> list[str]:
        return [n for each in held for n in os.listdir(each.path) if n.startswith(f"toolreg-{owner.pid}-")]

    end = time.monotonic() + 20
    while left() and time.monotonic() < end:
        with Sandbox() as sandbox:
            sandbox.start()
        time.sleep(0.1)
    assert left() == []
