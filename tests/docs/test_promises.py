"""Promises of the threat model that no other room's test holds."""

from __future__ import annotations

import pytest

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox import Sandbox
from toolreg.sandbox import sandbox as room
from toolreg.sandbox.backends.base import Backend
from toolreg.sandbox.probe import Probe


def test_where_a_machine_cannot_isolate_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        room,
        "probe",
        lambda: Probe({}, None, "no seccomp: the kernel has none", "run on Linux 5.13 or newer"),
    )
    monkeypatch.setattr("toolreg.sandbox.backends.choice.open_backend", _nothing)
    with pytest.raises(SandboxUnavailable, match="no seccomp") as caught:
        Sandbox()
    assert caught.value.hint.startswith("run on Linux 5.13 or newer; or install Docker")


def _nothing(name: str) -> Backend:
    raise SandboxUnavailable(f"{name} is not here")
