"""The hooks, installed by the real pre-commit into an environment of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toolreg.lint.example import function_tool

ROOT = Path(__file__).resolve().parent.parent
GOOD = function_tool("return text.splitlines()[0]")
BAD = function_tool("return input(text)")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200), pytest.mark.xdist_group("pre-commit")]


def _run(folder: Path, *command: str, home: Path) -> subprocess.CompletedProcess[str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTEST_", "VIRTUAL_ENV", "PYTHON"))
    }
    author = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    extra = {"PRE_COMMIT_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PIP_NO_COMPILE": "1"}
    return subprocess.run(
        command, cwd=folder, env={**kept, **author, **extra}, capture_output=True, text=True, timeout=1100
    )


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A repository that uses the hooks of this one, at its last commit and what has changed since."""
    root, home = tmp_path_factory.mktemp("hooks"), tmp_path_factory.mktemp("home")
    source, project = root / "source", root / "project"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "__pycache__", ".*_cache", "dist", "build", "node_modules"
    )
    shutil.copytree(ROOT, source, ignore=ignored, symlinks=True)
    project.mkdir()
    for folder in (source, project):
        assert _run(folder, "git", "init", "-q", "-b", "main", home=home).returncode == 0
    _run(source, "git", "add", "-A", home=home)
    done = _run(source, "git", "commit", "-qm", "as it stands", home=home)
    assert done.returncode == 0, done.stderr
    revision = _run(source, "git", "rev-parse", "HEAD", home=home).stdout.strip()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {source.as_uri()}\n  rev: {revision}\n  hooks:\n  - id: toolreg-lint\n"
        "  - id: toolreg-check\n    args: [tools]\n"
    )
    (project / "setup.py").write_text("x = 1\n")
    (project / "tools").mkdir()
    installed = _run(project, sys.executable, "-m", "pre_commit", "install", "--install-hooks", home=home)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return project, home


def _commit(scratch: tuple[Path, Path], text: str) -> subprocess.CompletedProcess[str]:
    project, home = scratch
    (project / "tools" / "first_line.py").write_text(text)
    _run(project, "git", "add", "-A", home=home)
    return _run(project, "git", "commit", "-m", "a tool", home=home)


def test_a_bad_tool_cannot_be_committed_and_a_good_one_can(scratch: tuple[Path, Path]) -> None:
    bad = _commit(scratch, BAD)
    assert bad.returncode == 1
    assert "tools/first_line.py:20:12: TRG503" in bad.stdout + bad.stderr
    good = _commit(scratch, GOOD)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "toolreg lint" in good.stdout + good.stderr


def test_other_files_are_passed_over(scratch: tuple[Path, Path]) -> None:
    project, home = scratch
    (project / "plain.py").write_text("y = 2\n")
    _run(project, "git", "add", "-A", home=home)
    done = _run(
        project, sys.executable, "-m", "pre_commit", "run", "toolreg-lint", "--files", "plain.py", home=home
    )
    assert done.returncode == 0, done.stdout + done.stderr
