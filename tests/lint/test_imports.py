"""What lint must not wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from toolreg.lint.example import function_tool

HEAVY = {
    "pydantic",
    "typer",
    "click",
    "rich",
    "smolagents",
    "huggingface_hub",
    "docstring_parser",
    "sigstore",
    "packaging",
}
# What an unchanged project may cost beyond what Python itself has loaded.
QUICK = {"toolreg", "encodings", "zlib", "fnmatch", "time", "math"}
SCRIPT = """
import sys
before = set(sys.modules)
from toolreg.cli.lint import main
code = main(sys.argv[1:])
print(code, " ".join(sorted({m.partition(".")[0] for m in set(sys.modules) - before})), file=sys.stderr)
"""


def _loaded(folder: Path, *argv: str) -> tuple[int, set[str]]:
    environment = {"XDG_CACHE_HOME": str(folder / "cache"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", SCRIPT, *argv]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    code, *names = done.stderr.splitlines()[-1].split(" ")
    return int(code), set(names)


def test_lint_loads_no_heavy_package(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(function_tool("return text.splitlines()[0]"))
    code, names = _loaded(tmp_path, "good.py")
    assert code == 0
    assert not names & HEAVY


def test_an_unchanged_project_loads_almost_nothing(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(function_tool("return text.splitlines()[0]"))
    import time

    time.sleep(0.05)  # a file is remembered once it is older than the clock's grain
    _loaded(tmp_path, "good.py")
    code, names = _loaded(tmp_path, "good.py")
    assert code == 0
    assert not names & {
        "ast",
        "re",
        "dataclasses",
        "enum",
        "inspect",
        "json",
        "importlib",
        "tomllib",
        "typing",
        "subprocess",
    }


def test_the_tool_is_never_imported(tmp_path: Path) -> None:
    marker = tmp_path / "imported"
    source = function_tool("return text.splitlines()[0]") + f"\nopen({str(marker)!r}, 'w').close()\n"
    (tmp_path / "loud.py").write_text(source)
    _loaded(tmp_path, "loud.py")
    assert not marker.exists()
