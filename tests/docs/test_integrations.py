"""The Action and the GitLab template: they parse, call commands that exist, and never put an input into a command."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from toolreg.cli.app import build_app

ROOT = Path(__file__).parents[2]
yaml = pytest.importorskip("yaml")


def steps() -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"])


def scripts() -> Iterator[str]:
    yield from (step["run"] for step in steps() if "run" in step)
    for job in yaml.safe_load((ROOT / "ci/gitlab.yml").read_text()).values():
        if isinstance(job, dict):
            yield from job.get("script", ())


def commands() -> Iterator[list[str]]:
    """Every call of toolreg in the scripts, as words."""
    for script in scripts():
        for line in script.splitlines():
            if line.strip().startswith("toolreg "):
                yield shlex.split(
                    line.partition("||")[0]
                    .replace("${NAMESPACE:+", "")
                    .replace('"$NAMESPACE"}', '"$NAMESPACE"')
                )


def test_no_input_is_pasted_into_a_script() -> None:
    assert not [s["name"] for s in steps() if "run" in s and "${{" in s["run"]]


def test_every_input_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text()
    inputs = yaml.safe_load(text)["inputs"]
    assert all(i["description"] for i in inputs.values())
    assert {name for name in inputs if f"inputs.{name}" not in text} == set()


def test_every_command_and_option_exists() -> None:
    known_commands: dict[str, Any] = typer.main.get_command(build_app()).commands  # type: ignore[attr-defined]
    seen = 0
    for _, name, *words in commands():
        command = known_commands.get(name)
        assert command is not None, name
        if name == "lint":  # has a parser of its own
            from toolreg.lint.options import help_text

            known = set(re.findall(r"--[a-z-]+", help_text()))
        else:
            known = {option for parameter in command.params for option in parameter.opts}
        given = {word for word in words if word.startswith("--") and word != "--"}
        assert given <= known, f"{name}: {given - known}"
        seen += 1
    assert seen >= 8
