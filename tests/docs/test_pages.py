"""Pages keep their word: tests they name exist, commands they show exist, links lead somewhere, the site builds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from toolreg.cli.app import build_app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(p for p in DOCS.rglob("*.md") if p.parent.name != "rules")


def test_every_promise_names_tests_that_exist() -> None:
    text = (DOCS / "threat-model.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 30
    assert [
        f"{p}::{n}" for p, n in named if not (ROOT / p).is_file() or f"def {n}(" not in (ROOT / p).read_text()
    ] == []
    promises = text.partition("## Where")[0].split("\n**")[1:]
    assert [p.splitlines()[0] for p in promises if "Held by `tests/" not in p] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS)))
def test_every_command_shown_exists(page: Path) -> None:
    commands: dict[str, Any] = typer.main.get_command(build_app()).commands  # type: ignore[attr-defined]
    shown = re.findall(r"(?:^|`|\$ )toolreg ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", page.read_text(), re.M)
    unknown = [f"{one} {two}" for one, two in shown if one not in commands]
    unknown += [
        f"{one} {two}"
        for one, two in shown
        if two and hasattr(commands.get(one), "commands") and two not in commands[one].commands
    ]
    assert unknown == []


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="needs mkdocs-material: pip install '.[docs]'")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        str(tmp_path / "site"),
    ]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr
    index = (tmp_path / "site/index.html").read_text()
    assert "fonts.googleapis" not in index
