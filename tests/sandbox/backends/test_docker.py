"""How containers are asked for, and what stands or falls with the engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox import CallTool, Limits, Policy, Returned
from toolreg.sandbox.backends.docker import engine as engines
from toolreg.sandbox.backends.docker import image
from toolreg.sandbox.backends.docker.backend import Docker, capabilities
from toolreg.sandbox.backends.docker.engine import Engine, options

pytestmark = pytest.mark.xdist_group("docker")
CALL = (b"def f():\n    import os\n    return os.getuid()\n", CallTool("f", {}), Policy())


def test_a_container_has_no_more_than_a_call_needs() -> None:
    given = options(name="n", limits=Limits(), scratch=1 << 20, user=30_000, mounts=[("/a", "/b")])
    asked = dict(zip(given, [*given[1:], ""], strict=True))
    assert asked["--network"] == "none"
    assert asked["--cap-drop"] == "ALL"
    assert asked["--security-opt"] == "no-new-privileges"
    assert asked["--user"] == "30000:30000"
    assert asked["--memory"] == asked["--memory-swap"]
    assert int(asked["--pids-limit"]) < 200
    assert {"--rm", "--read-only"} <= set(given)
    assert "--privileged" not in given
    assert asked["--mount"] == "type=bind,source=/a,target=/b,readonly"


def test_a_comma_in_a_path_is_no_further_option() -> None:
    given = options(name="n", limits=Limits(), scratch=1, user=1, mounts=[('/a,readonly=false"', "/b")])
    assert 'type=bind,"source=/a,readonly=false""",target=/b,readonly' in given


def test_gvisor_is_taken_where_the_engine_has_it() -> None:
    engine = Engine("/usr/bin/docker", runtimes=("runc", "runsc"))
    assert engine.run("runsc", ["--rm"], "image") == [
        "/usr/bin/docker", "run", "--runtime", "runsc", "--rm", "image",
    ]  # fmt: skip
    told = {"tier": None, "layers": {}}
    assert capabilities(engine, "runsc", told)["own kernel"].level == "enforced"
    assert capabilities(engine, "", told)["own kernel"].level == "absent"


def test_podman_takes_runc_where_crun_refuses() -> None:
    engine = Engine("/usr/bin/podman", instead="runc")
    assert engine.run("", ["--rm"], "image") == [
        "/usr/bin/podman",
        "--runtime",
        "runc",
        "run",
        "--rm",
        "image",
    ]


def test_an_engine_that_cannot_bound_a_container_says_so() -> None:
    told = {"tier": None, "layers": {}}
    found = capabilities(Engine("/usr/bin/podman", rootless=True, bounded=False), "", told)["cgroup"]
    assert (found.level, found.reason[:11]) == ("absent", "this engine")
    old = {"host": {"cgroupVersion": "v1", "security": {"rootless": True}, "ociRuntime": {"name": "crun"}}}
    assert not engines._podman("/usr/bin/podman", old).bounded


def test_the_images_name_is_its_content() -> None:
    assert image.root() == image.root()


def test_no_engine_is_a_reason_and_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxUnavailable, match="there is no docker command; there is no podman") as caught:
        engines.find()
    assert "install Docker or podman" in caught.value.hint


def test_a_daemon_that_does_not_answer_is_said(daemon: str) -> None:
    assert daemon
    with pytest.raises(SandboxUnavailable, match="nowhere"):
        engines.find("docker", "unix:///nowhere/socket")


def test_a_daemon_elsewhere_cannot_see_this_machines_python(
    daemon: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = engines.find("docker", daemon)
    monkeypatch.setattr(
        engines, "find", lambda *_: Engine(found.program, "tcp://elsewhere:2375", found.version)
    )
    with pytest.raises(SandboxUnavailable, match="on another machine"):
        Docker(engine="docker", host="tcp://elsewhere:2375")


@pytest.mark.usefixtures("daemon")
def test_an_unknown_runtime_is_a_clear_error() -> None:
    docker = Docker(engine="docker", runtime="no-such-runtime")
    with pytest.raises(SandboxUnavailable, match="the guest cannot start"):
        docker.call(*CALL)
    assert not docker.left()


@pytest.mark.usefixtures("daemon")
def test_no_two_calls_are_the_same_user_and_none_is_root() -> None:
    docker = Docker(engine="docker")
    users = [seen.value for _ in range(2) if isinstance(seen := docker.call(*CALL).outcome, Returned)]
    assert len(set(users)) == 2
    assert all(isinstance(user, int) and user >= 20_000 for user in users)


@pytest.mark.parametrize("name", ["docker", "wasi"])
def test_a_killed_owner_leaves_nothing_running(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if name == "docker":
        request.getfixturevalue("daemon")
    else:
        pytest.importorskip("wasmtime", reason="wasmtime is not installed here")
    program = textwrap.dedent(f"""
        from toolreg.sandbox import CallTool, Limits, Policy, Sandbox
        sandbox = Sandbox(backend={name!r})
        print("ready", flush=True)
        sandbox.call(b"def f():\\n    import time; time.sleep(600)", CallTool("f", {{}}), Policy(limits=Limits(wall=6)))
    """)
    owner = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"ready\n"
    limit = time.monotonic() + 60
    while not _running(name, owner.pid) and time.monotonic() < limit:
        time.sleep(0.1)
    found = _running(name, owner.pid)
    assert found
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    limit = time.monotonic() + 60  # a container ends when its call's time is over
    while found & _running(name, owner.pid) and time.monotonic() < limit:
        time.sleep(0.2)
    assert not found & _running(name, owner.pid)


def _running(name: str, owner: int) -> frozenset[str]:
    if name == "docker":
        return frozenset(engines.owned(engines.find("docker")))
    told = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in told.splitlines() if "wasi/host.py run" in line]
    _known.update(pid for pid, parent, _ in rows if int(parent) == owner)
    return frozenset(pid for pid, _, _ in rows if pid in _known)


_known: set[str] = set()
