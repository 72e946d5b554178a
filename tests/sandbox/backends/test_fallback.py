"""Where the kernel has no layers: WebAssembly for pure tools, a container for the others, or a refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from toolreg.effects import Effect
from toolreg.sandbox import CallTool, Policy, Returned, Sandbox, SandboxUnavailable
from toolreg.sandbox.backends import choice
from toolreg.sandbox.backends.base import Backend
from toolreg.sandbox.backends.wasi.backend import unfit
from toolreg.sandbox.probe import Probe

pytestmark = pytest.mark.xdist_group("docker")
PURE = b"def f():\n    return 1\n"
Without = Callable[..., None]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Without:
    """Take backends away from this machine."""
    real = choice.open_backend

    def away(*names: str) -> None:
        def opened(name: str) -> Backend:
            if name in names:
                raise SandboxUnavailable(f"{name} is not here")
            return real(name)

        monkeypatch.setattr(choice, "open_backend", opened)

    return away


def held_by(sandbox: Sandbox, code: bytes, *effects: str) -> str:
    seen = sandbox.call(code, CallTool("f", {}), Policy(tuple(Effect.parse(e) for e in effects)))
    assert seen.outcome == Returned(1, "int"), seen.stderr
    assert seen.isolation.tier == "C"
    return seen.isolation.backend


@pytest.mark.usefixtures("daemon")
def test_a_pure_call_runs_in_webassembly_and_any_other_in_a_container() -> None:
    pytest.importorskip("wasmtime", reason="wasmtime is not installed here")
    with Sandbox(tier="C") as sandbox:
        assert held_by(sandbox, PURE) == "wasi"
        assert held_by(sandbox, PURE, "net: example.com") == "docker"
        assert held_by(sandbox, b"import yaml\n" + PURE) == "docker"


@pytest.mark.usefixtures("daemon")
def test_without_webassembly_all_calls_run_in_a_container(without: Without) -> None:
    without("wasi")
    with Sandbox(tier="C") as sandbox:
        assert held_by(sandbox, PURE) == "docker"


def test_without_a_container_only_pure_calls_run(without: Without) -> None:
    pytest.importorskip("wasmtime", reason="wasmtime is not installed here")
    without("docker", "podman")
    with Sandbox(tier="C") as sandbox:
        assert held_by(sandbox, PURE) == "wasi"
        with pytest.raises(SandboxUnavailable, match=r"granted net:example\.com; no docker") as caught:
            held_by(sandbox, PURE, "net: example.com")
    assert caught.value.hint


def test_without_either_nothing_runs(without: Without) -> None:
    without("docker", "podman", "wasi")
    with pytest.raises(SandboxUnavailable, match="wasi is not here"):
        Sandbox(tier="C")


def test_a_kernel_without_layers_leads_there_by_itself(
    without: Without, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("wasmtime", reason="wasmtime is not installed here")
    without("docker", "podman")
    monkeypatch.setattr(
        "toolreg.sandbox.sandbox.probe", lambda: Probe({}, None, "no seccomp", "a newer kernel")
    )
    with Sandbox() as sandbox:
        assert sandbox.tier == "C"
        assert held_by(sandbox, PURE) == "wasi"
    with pytest.raises(SandboxUnavailable, match="no seccomp"):
        Sandbox(tier="A")


@pytest.mark.parametrize(
    ("code", "effects", "reason"),
    [
        (PURE, (), ""),
        (PURE, ("read: a.txt", "write: b/*", "env: KEY", "code: *"), ""),
        (PURE, ("run: git",), "granted run:git"),
        (PURE, ("native: ctypes",), "granted native:ctypes"),
        (PURE, ("read: /etc/hosts",), "outside the workspace"),
        (PURE, ("write: ~/x",), "outside the workspace"),
        (b"import numpy.linalg\n", (), "imports numpy"),
        (b"def f():\n    from yaml import load\n", (), "imports yaml"),
        (b"from smolagents import Tool\nimport json\n", (), ""),
        (b"from smolagents import CodeAgent\n", (), "all of smolagents"),
        (b"not python", (), ""),
    ],
)
def test_what_webassembly_can_run(code: bytes, effects: tuple[str, ...], reason: str) -> None:
    said = unfit(code, Policy(tuple(Effect.parse(e) for e in effects)))
    assert reason in said if reason else not said
