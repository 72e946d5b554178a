"""A command line in an empty home, and tools to try it on."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HEAD = "from smolagents import tool\n\n\n"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def toolreg(tmp_path: Path, home: Path) -> Callable[..., Done]:
    """Run `toolreg …` as a user would, in an empty home, from a folder of its own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "COLUMNS": "200",
    }

    def run(*arguments: str, timeout: float = 120, cwd: Path = tmp_path, **more: str) -> Done:
        command = [sys.executable, "-m", "toolreg", *arguments]
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=timeout,
            errors="replace",
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A copy of the reference tools."""
    return Path(shutil.copytree(ROOT / "tools", tmp_path / "tools"))


@pytest.fixture
def write_tool(tmp_path: Path) -> Callable[..., Path]:
    """Write a tool with this body, these effects and this example."""

    def write(
        body: str, *, effects: str = "none", example: str = ">>> probe('a')\n'a'", name: str = "probe"
    ) -> Path:
        path = tmp_path / f"{name}.py"
        docstring = f'''"""Try something and give back what came of it.

    Side effects:
{textwrap.indent(effects, "        ")}

    Args:
        text: What to try it with, e.g. "a".

    Returns:
        What came of it.

    Examples:
{textwrap.indent(example, "        ")}
    """'''
        lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
        path.write_text(f"{HEAD}@tool\ndef {name}(text: str) -> str:\n    {docstring}\n{lines}\n")
        return path

    return write
