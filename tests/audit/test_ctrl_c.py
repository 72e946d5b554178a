"""Ctrl-C in the middle of an audit over several processes, as a terminal sends it: to all of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolreg.audit.journal import PART

TOOL = 'from smolagents import tool\n\n\n@tool\ndef tool_{n}(text: str) -> str:\n    """Give {n} back."""\n    return text + "{n}"\n'
COUNT = 400


def start(folder: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "toolreg",
        "audit",
        "tools",
        "--out",
        "out",
        "--engine",
        "processes:2",
        "--format",
        "json",
        "--fail-on",
        "never",
    ]
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        restore_signals=True,
    )


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def gone(group: int) -> bool:
    """True once no process of a group is left."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_ctrl_c_pauses_an_audit_and_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    for n in range(COUNT):
        (tmp_path / f"tools/tool_{n:03d}.py").write_text(TOOL.format(n=n))
    running = start(tmp_path)
    deadline = time.monotonic() + 120
    while lines(tmp_path / "out" / PART) < 20:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    out, errors = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert "Traceback" not in errors
    assert "interrupted: the same command goes on where it stopped, from out" in errors
    assert gone(running.pid)
    again = start(tmp_path)
    out, errors = again.communicate(timeout=200)
    facts = json.loads(out)["facts"]
    assert facts["carried_over"] >= 20
    assert facts["carried_over"] + facts["judged"] == COUNT
