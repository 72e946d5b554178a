"""Every attack once more when an ordinary user runs the sandbox, where a test run by root can make one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import toolreg.sandbox
from toolreg.sandbox import Tier
from toolreg.sandbox.attack import GROUPS, attacks
from toolreg.sandbox.conformance import NOT_HELD_BY_B

_USER = 2000
_RUN = """
import json, sys
from toolreg.sandbox.conformance import check_sandbox
results = check_sandbox(sys.argv[1], only=json.loads(sys.argv[2]))
print(json.dumps([[r.attack.name, r.held, r.seen, r.reason] for r in results]))
"""


def _as_user(*words: str) -> list[str]:
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--", *words]


@pytest.fixture(scope="module")
def interpreter() -> str:
    """A Python that an ordinary user can start."""
    if os.geteuid() != 0:
        pytest.skip("already run by an ordinary user")
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv to become another user")
    again = "import os, sys, sqlite3, subprocess; sys.exit(sys.version_info < (3, 11) or subprocess.run([sys.executable, '-c', '']).returncode)"
    for path in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        test = _as_user(path, "-c", again)
        if (
            os.path.exists(path)
            and subprocess.run(test, capture_output=True, cwd="/", check=False).returncode == 0
        ):
            return path
    pytest.skip("no Python 3.11 or newer that an ordinary user can start")


@pytest.fixture(scope="module")
def source() -> Iterator[str]:
    """The sandbox's own code where everybody can read it."""
    package = Path(toolreg.sandbox.__file__).parents[1]
    top = tempfile.mkdtemp(prefix="toolreg-source-")
    try:
        os.chmod(top, 0o755)
        target = Path(top, "toolreg")
        shutil.copytree(package / "sandbox", target / "sandbox", ignore=shutil.ignore_patterns("__pycache__"))
        for path in package.glob("*.py"):
            shutil.copy(path, target / path.name)
        (target / "__init__.py").write_text("")
        subprocess.run(["chmod", "-R", "a+rX", top], check=True)
        yield top
    finally:
        shutil.rmtree(top)


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    """A home folder of that user's own."""
    folder = tempfile.mkdtemp(prefix="toolreg-home-")
    os.chown(folder, _USER, _USER)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("tier", ["A", "B"])
def test_an_ordinary_user_is_as_safe(
    interpreter: str, source: str, home: str, tier: Tier, group: str
) -> None:
    names = [attack.name for attack in attacks() if attack.group == group]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "PYTHONPATH": source,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = _as_user(interpreter, "-c", _RUN, tier, json.dumps(names))
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd="/", timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert len(results) == len(names)
    known = set(NOT_HELD_BY_B) if tier == "B" else set()
    assert [row for row in results if not (row[1] and row[2]) and row[0] not in known] == []
