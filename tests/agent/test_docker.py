"""The Docker preset with a real daemon, a real container, and smolagents' own executor.

The image is what the preset's Dockerfile describes, made of this environment's Python instead of one from a
registry: `make test-boundaries` brings the packages that it needs.
"""

from __future__ import annotations

import gc
import importlib.metadata
import importlib.util
import io
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import textwrap
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from smolagents import CodeAgent, LogLevel

from toolreg.agent import Budget, Ending, ScriptedModel, open_tools, run_agent
from toolreg.agent.boundaries import Boundary, open_boundary
from toolreg.agent.doctor import examine
from toolreg.agent.executor import StepFailed, StepKilled
from toolreg.agent.scaffold import Wish, new_agent, new_tool
from toolreg.agent.scripted import code
from toolreg.errors import SandboxUnavailable, UsageError

pytestmark = [
    pytest.mark.xdist_group("docker"),
    pytest.mark.slow,
    # docker-py leaves a connection that carried an `exec` to the collector, which may come in any test.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]
NEEDED = ("jupyter_kernel_gateway", "ipykernel", "jupyter_client", "pillow", "numpy")
PACKAGES = Path("/opt/packages")
CMD = ["python3", "-m", "kernel_gateway", "--KernelGatewayApp.ip=0.0.0.0", "--KernelGatewayApp.port=8888"]


@pytest.fixture(scope="module")
def docker_client(docker_host: str) -> Iterator[Any]:
    """A client of the daemon, which the executor finds by DOCKER_HOST; it holds the image `toolreg-agent`."""
    docker = pytest.importorskip("docker", reason="the docker extra is not installed: make test-boundaries")
    pytest.importorskip("websocket", reason="the docker extra is not installed: make test-boundaries")
    for module in ("kernel_gateway", "ipykernel", "numpy", "PIL"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"no {module} to make the image of: make test-boundaries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", docker_host)
        client = docker.from_env()
        with tempfile.TemporaryFile() as layer:
            write_layer(layer)
            layer.seek(0)
            client.api.import_image_from_data(layer.read(), "toolreg-agent", "latest", changes=changes())
        yield client
        client.images.remove("toolreg-agent", force=True)
        client.close()
    with (
        warnings.catch_warnings()
    ):  # docker-py leaves the connections that carried an `exec` to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def changes() -> list[str]:
    python = Path(os.path.realpath(sys.executable))
    command = [str(python), *CMD[1:]]
    return [
        f"CMD {command!r}".replace("'", '"'),
        f"ENV PYTHONPATH={PACKAGES}",
        f"ENV PATH={python.parent}",
        "USER 65534",
    ]


def write_layer(out: Any) -> None:
    """Python and the shared libraries at their own paths, the packages that the gateway needs below PACKAGES."""
    base = Path(os.path.realpath(sys.base_prefix))
    files = {Path(os.path.realpath(sys.executable)), *base.glob("lib/libpython*.so*")}
    skipped = {"test", "tests", "idlelib", "tkinter", "ensurepip", "site-packages", "__pycache__"}
    stdlib = Path(sysconfig.get_path("stdlib"))
    files |= {p for p in stdlib.rglob("*") if p.is_file() and not skipped & set(p.relative_to(stdlib).parts)}
    files |= {Path(str(f.locate())) for name in closure(NEEDED) for f in importlib.metadata.files(name) or ()}
    files = {p for p in files if p.is_file() and "__pycache__" not in p.parts}
    files |= libraries(p for p in files if ".so" in p.name or p.name.startswith("python3"))
    python = Path(os.path.realpath(sys.executable))
    with tarfile.open(fileobj=out, mode="w") as tar:
        short = tarfile.TarInfo(str(python.parent / "python3").lstrip("/"))
        short.type, short.linkname = tarfile.SYMTYPE, python.name
        tar.addfile(short)
        for name in ("lib", "lib64"):
            if Path("/", name).is_symlink():
                link = tarfile.TarInfo(name)
                link.type, link.linkname = tarfile.SYMTYPE, os.readlink(f"/{name}")
                tar.addfile(link)
        for name in ("tmp", "work", "home/agent"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
            tar.addfile(folder)
        passwd = tarfile.TarInfo("etc/passwd")
        line = b"nobody:x:65534:65534:nobody:/home/agent:/bin/false\n"
        passwd.size = len(line)
        tar.addfile(passwd, io.BytesIO(line))
        for path in sorted(files):
            tar.add(path.resolve(), str(placed(path)).lstrip("/"))


def placed(path: Path) -> Path:
    """Where a file lies in the image: a checkout may lie below /tmp, which is empty in a container."""
    site = Path(sysconfig.get_path("purelib"))
    return PACKAGES / path.relative_to(site) if path.is_relative_to(site) else path


def closure(names: tuple[str, ...]) -> set[str]:
    """The named distributions and all that they need."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        try:
            needs = importlib.metadata.requires(name) or ()
        except importlib.metadata.PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            left += [m[0] for n in needs if "extra ==" not in n and (m := re.match(r"[\w.-]+", n))]
    return found


def libraries(programs: Any) -> set[Path]:
    found: set[Path] = set()
    names = [str(p) for p in programs]
    for start in range(0, len(names), 50):
        told = subprocess.run(["ldd", *names[start : start + 50]], capture_output=True, text=True).stdout
        for path in re.findall(r"(/[^\s:]+\.so[^\s:]*) \(0x", told):
            found |= {Path(os.path.realpath(os.path.dirname(path)), os.path.basename(path))}
    return found


@pytest.fixture
def open_docker(docker_client: Any) -> Iterator[Callable[..., Boundary]]:
    """`open_boundary("docker")`; whatever it opened is gone afterwards."""
    made: list[Boundary] = []

    def make(*imports: str, **options: Any) -> Boundary:
        options.setdefault("step_timeout", 60)
        made.append(open_boundary("docker", imports, **options))
        return made[-1]

    yield make
    for each in made:
        each.cleanup()
    assert left_of(docker_client) == []


def left_of(client: Any) -> list[str]:
    """Names of the containers of agents, running or not."""
    return [c.name for c in client.containers.list(all=True, filters={"label": "toolreg=agent"})]


def test_an_agent_runs_twice(open_docker: Callable[..., Boundary], tmp_path: Path) -> None:
    tool = open_tools([str(new_tool("shout", tmp_path))])
    replies = [
        code("x = shout('hi')", "print('seen', x)"),
        code("final_answer((x, {1, 2}))"),
        code("final_answer(shout('again'))"),
    ]
    agent = CodeAgent(tool, ScriptedModel(replies), executor=open_docker(), verbosity_level=LogLevel.OFF)
    first, second = run_agent(agent, "x"), run_agent(agent, "y")
    assert (first.ending, first.answer) == (Ending.SUCCESS, ("HI", {1, 2}))
    assert (second.ending, second.answer) == (Ending.SUCCESS, "AGAIN")


def test_what_a_boundary_promises_is_held(
    open_docker: Callable[..., Boundary], docker_client: Any, tmp_path: Path
) -> None:
    workspace = tmp_path / "work"
    workspace.mkdir()
    boundary = open_docker("os", "socket", step_timeout=20, workspace=str(workspace))
    boundary.send_variables({"given": 7})
    assert boundary("given + 1").output == "8"
    with pytest.raises(StepFailed, match="Import of subprocess is not allowed"):
        boundary("import subprocess")
    for target in ("('1.1.1.1', 53)", "('example.com', 80)", "('172.17.0.1', 22)"):
        with pytest.raises(StepFailed, match=r"unreachable|resolution"):
            boundary(f"import socket\nsocket.create_connection({target}, 3)")
    assert boundary("open('/proc/net/dev').read().count(':')").output == "1"
    with pytest.raises(StepFailed, match="Read-only file system"):
        boundary("open('/escaped', 'w')")
    boundary("open('made.txt', 'w').write('inside')")
    assert (workspace / "made.txt").read_text() == "inside"
    assert boundary("import os\nos.getuid()").output == "65534"
    assert boundary(
        "[line for line in open('/proc/self/status') if line.startswith('CapEff')]"
    ).output == repr(["CapEff:\t0000000000000000\n"])
    (container,) = docker_client.containers.list(filters={"label": "toolreg=agent"})
    assert "pip" not in str(container.top())
    assert not boundary._inner.installed_packages


def test_a_step_without_end_is_killed_and_the_next_one_works(open_docker: Callable[..., Boundary]) -> None:
    boundary = open_docker(step_timeout=30)
    boundary.send_variables({"given": 7})
    boundary("x = 1")
    boundary.step_timeout = 1
    with pytest.raises(StepKilled, match="time limit of 1 s"):
        boundary("while True: pass")
    boundary.step_timeout = 30
    assert boundary("given").output == "7"
    with pytest.raises(StepFailed, match="'x' is not defined"):
        boundary("x")


def test_the_deadline_ends_a_run(open_docker: Callable[..., Boundary]) -> None:
    replies = [code("x = 1"), code("while True: pass")]
    agent = CodeAgent([], ScriptedModel(replies), executor=open_docker(), verbosity_level=LogLevel.OFF)
    assert run_agent(agent, "x", budget=Budget(deadline=12, step_timeout=600)).ending is Ending.DEADLINE


def test_no_key_gets_into_a_saved_agent(
    open_docker: Callable[..., Boundary], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t-of-mine")
    boundary = open_docker("os")
    agent = CodeAgent([], ScriptedModel(["x"]), executor=boundary, verbosity_level=LogLevel.OFF)
    assert "s3cr3t-of-mine" not in str(boundary("import os\ndict(os.environ)").output)
    assert "s3cr3t-of-mine" not in str(agent.to_dict())
    assert str(agent.to_dict().get("executor_kwargs") or {}) == "{}"


def test_a_tool_that_needs_a_network_is_refused_until_one_is_asked_for(
    open_docker: Callable[..., Boundary], tmp_path: Path
) -> None:
    path = new_tool("page", tmp_path)
    path.write_text(path.read_text().replace("Side effects: none", "Side effects:\n        net: example.com"))
    tools = {t.name: t for t in open_tools([str(path)])}
    with pytest.raises(UsageError, match="page needs a network"):
        open_docker().send_tools(tools)
    opened = open_docker(network=True)
    opened.send_tools(tools)
    assert opened("page('a')").output == "'A'"


def test_a_step_after_a_failed_one_is_not_skipped(open_docker: Callable[..., Boundary]) -> None:
    boundary = open_docker()
    for number in range(3):
        with pytest.raises(StepFailed, match="ZeroDivisionError"):
            boundary("1 / 0")
        assert boundary(f"{number} + 1").output == str(number + 1)


def test_what_a_killed_owner_left_is_removed_by_the_next(
    open_docker: Callable[..., Boundary], docker_client: Any
) -> None:
    program = """
        import os, signal
        from toolreg.agent.boundaries import open_boundary
        open_boundary("docker", step_timeout=60)("1")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    (left,) = left_of(docker_client)
    other = open_docker()
    assert other("1").output == "1"
    assert left not in left_of(docker_client)


def test_a_daemon_that_is_not_there_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("docker", reason="the docker extra is not installed: make test-boundaries")
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(SandboxUnavailable) as caught:
        open_boundary("docker")("1")
    assert "cannot be opened" in caught.value.message
    assert caught.value.hint == 'use sandbox = "local"'


@pytest.mark.timeout(900)  # a dozen containers, one after the other
@pytest.mark.usefixtures("docker_client")
def test_the_doctor_passes_a_new_agent_in_a_container(tmp_path: Path) -> None:
    new_agent(Wish("research_agent", sandbox="docker"), tmp_path)
    findings = examine(tmp_path / "research_agent")
    assert [f for f in findings if f.status not in ("pass", "skip")] == []
    assert sum(f.status == "pass" for f in findings) >= 35
