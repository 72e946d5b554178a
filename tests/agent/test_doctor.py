"""The doctor on machines that lack what isolation needs: the kernel is told to know less, for one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from toolreg.agent.scaffold import Wish, new_agent
from toolreg.errors import REFUSED

WITHOUT = """
import sys
from toolreg.sandbox.backends.linux.jail import bpf, libc, seccomp, tables
machine = tables.this_machine()
missing = sorted(machine.numbers[name] for name in sys.argv[1].split(","))
blocks = {number: bpf.verdict(bpf.NO_SUCH_CALL) for number in missing}
seccomp.install(bpf.program(machine.audit, tables.NEWEST_KNOWN, blocks))
from toolreg.cli.app import run
raise SystemExit(run(["doctor", "--format", "json"]))
"""


def examined(project: Path, missing: str, home: Path) -> tuple[int, dict[str, Any]]:
    """The doctor's exit code and report where the kernel knows none of these calls."""
    env = {**os.environ, "HOME": str(home), "GIT_CEILING_DIRECTORIES": str(project)}
    command = [sys.executable, "-c", WITHOUT, missing]
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, timeout=280)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("missing", "cure"),
    [("unshare,landlock_create_ruleset", "allow user namespaces"), ("seccomp", "run on Linux 5.9 or newer")],
    ids=["no namespaces, no Landlock", "no seccomp"],
)
def test_where_nothing_can_be_tried_nothing_has_held(
    empty_home: Path, tmp_path: Path, missing: str, cure: str
) -> None:
    new_agent(Wish("careful"), tmp_path)
    code, report = examined(tmp_path / "careful", missing, empty_home)
    assert (code, report["ok"]) == (REFUSED, False)
    failed = {f["check"]: f for f in report["findings"] if f["status"] == "fail"}
    assert set(failed) == {"the sandbox can be had", "where code runs", "live canaries"}
    assert cure in failed["the sandbox can be had"]["hint"]
    assert failed["live canaries"]["detail"].startswith("nothing could be tried: this machine cannot isolate")
    assert not any(f["item"] in ("network", "workspace", "record", "cleanup") for f in report["findings"])


def test_landlock_alone_is_no_loss_where_there_are_namespaces(empty_home: Path, tmp_path: Path) -> None:
    new_agent(Wish("careful"), tmp_path)
    code, report = examined(tmp_path / "careful", "landlock_create_ruleset", empty_home)
    assert (code, report["ok"]) == (0, True), [f for f in report["findings"] if f["status"] != "pass"]
