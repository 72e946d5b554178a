"""Calls in plain processes: inside a guest without layers of its own, and without any sandbox at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from toolreg.effects import KINDS, Effect
from toolreg.sandbox import CallTool, Killed, Limits, Observation, Policy, Raised, Returned, Sandbox
from toolreg.sandbox.backends.guest import answers, parcel

# The same guest, on a kernel that offers it nothing.
BARE = parcel.BOOT.replace(
    "main.main(",
    "from toolreg.sandbox.probe import Probe\nmain.probe = lambda: Probe({}, None, 'nothing')\nmain.main(",
)


def unsafe(code: str, *effects: str, **policy: object) -> Observation:
    policy.setdefault("limits", Limits(wall=10, cpu=5))
    granted = Policy(tuple(Effect.parse(e) for e in effects), **policy)  # type: ignore[arg-type]
    with Sandbox(backend="none") as sandbox:
        return sandbox.call(f"import os\ndef f():\n    {code}".encode(), CallTool("f", {}), granted)


def guest(code: str, *effects: str, workspace: Path | None = None, cpu: int = 5) -> Observation:
    folder = str(workspace) if workspace else None
    policy = Policy(
        tuple(Effect.parse(e) for e in effects), workspace=folder, limits=Limits(wall=40, cpu=cpu)
    )
    source = f"import os\ndef f():\n    {code}".encode()
    data = parcel.pack(source, CallTool("f", {}), policy, parcel=parcel.granted_files(policy), program=True)
    argv = [sys.executable, "-I", "-S", "-c", BARE, "-", "-", ""]
    done = subprocess.run(argv, input=data, capture_output=True, check=True, timeout=60)
    return answers.observation(done.stdout)


def test_nothing_is_known_of_a_call_without_a_sandbox() -> None:
    seen = unsafe("return open('/etc/passwd').read() != ''")
    assert seen.outcome == Returned(True, "bool")
    assert seen.isolation.tier == "none"
    assert seen.unknown == KINDS


def test_even_without_a_sandbox_a_call_is_bounded() -> None:
    assert unsafe("while True: pass", limits=Limits(wall=30, cpu=1)).outcome == Killed("cpu")
    assert unsafe("import time; time.sleep(60)", limits=Limits(wall=1)).outcome == Killed("timeout")
    assert unsafe("return 'x' * 2_000_000", limits=Limits(wall=10, result=1 << 20)).outcome == Killed(
        "result"
    )
    seen = unsafe("print('x' * 100_000)", limits=Limits(wall=10, output=100))
    assert (len(seen.stdout), seen.truncated) == (100, True)
    assert isinstance(
        unsafe("return bytearray(1 << 30)", limits=Limits(wall=10, memory=300 << 20)).outcome, Raised
    )


def test_even_without_a_sandbox_a_call_works_on_a_copy_of_its_workspace(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("alpha")
    seen = unsafe("open('a.txt', 'a').write('!')", "write: a.txt", workspace=str(tmp_path))
    assert [(c.kind, c.path, c.data) for c in seen.changes] == [("changed", "a.txt", b"alpha!")]
    assert (tmp_path / "a.txt").read_text() == "alpha"


def test_even_without_a_sandbox_a_call_gets_only_declared_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLREG_TEST_SECRET", "secret")
    seen = unsafe("return sorted(os.environ.items())", "env: KEY", env={"KEY": "k", "OTHER": "o"})
    told = json.dumps(seen.outcome.value) if isinstance(seen.outcome, Returned) else ""
    assert '"KEY", "k"' in told
    assert "OTHER" not in told
    assert "secret" not in told


def test_a_guest_without_layers_runs_the_call_and_says_what_it_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("alpha")
    seen = guest(
        "open('b.txt', 'w').write(open('a.txt').read())", "read: a.txt", "write: b.txt", workspace=tmp_path
    )
    assert isinstance(seen.outcome, Returned)
    assert [(c.kind, c.path, c.data) for c in seen.changes] == [("created", "b.txt", b"alpha")]
    assert seen.isolation.tier == "C"
    assert seen.unknown == ("run",)
    assert {"read", "run", "net"} <= set(seen.unseen)
    assert {e.source for e in seen.effects} == {"syscall"}


def test_a_guest_without_layers_ends_what_hangs() -> None:
    assert guest("while True: pass", cpu=1).outcome == Killed("cpu")
