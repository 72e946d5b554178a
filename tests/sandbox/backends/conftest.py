from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from toolreg.sandbox import Observation, Sandbox, SandboxUnavailable

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
def longest() -> float:
    """A container takes a while to start."""
    return 20
