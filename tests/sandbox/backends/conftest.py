from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Limits, Observation, Policy, Sandbox, SandboxUnavailable

Run = Callable[..., Observation]


@pytest.fixture(scope="session")
def daemon(docker_host: str) -> Iterator[str]:
    """A Docker daemon that `docker` finds by itself."""
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = docker_host
    yield docker_host
    os.environ.pop("DOCKER_HOST")
    if before is not None:
        os.environ["DOCKER_HOST"] = before


def opened(name: str, request: pytest.FixtureRequest) -> Sandbox:
    """The backend of that name, or a skip that says what it lacks."""
    if name == "docker":
        request.getfixturevalue("daemon")
    if name == "podman" and shutil.which("podman") is None:
        pytest.skip("no podman command (Debian: apt-get install podman)")
    try:
        return Sandbox(backend=name)
    except SandboxUnavailable as error:
        pytest.skip(f"{name}: {error}")


@pytest.fixture(scope="session", params=["linux", "docker", "podman", "wasi"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Every backend that runs on this machine alone."""
    with opened(request.param, request) as made:
        yield made


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    """Run a function body as a tool: `run("return 1", "read: x", workspace=…)`."""

    def call(
        body: str, *effects: str, arguments: dict[str, Any] | None = None, wall: float = 20, **policy: Any
    ) -> Observation:
        names = ", ".join(arguments or {})
        code = f"import os\ndef probe({names}):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        policy.setdefault("limits", Limits(wall=wall, cpu=8))
        granted = Policy(tuple(Effect.parse(effect) for effect in effects), **policy)
        return sandbox.call(code.encode(), CallTool("probe", arguments or {}), granted)

    return call


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with a.txt, data/one.csv, data/two.csv and private/key."""
    folder = tmp_path / "workspace"
    for name, text in {
        "a.txt": "alpha",
        "data/one.csv": "1",
        "data/two.csv": "2",
        "private/key": "secret",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
