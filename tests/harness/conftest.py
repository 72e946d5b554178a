"""Small tools for the harness's tests: a body, what it declares, its examples; bundled and tried for real."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from toolreg.bundle import bundle
from toolreg.contract import read_module
from toolreg.harness import Trial, try_tool
from toolreg.sandbox import Sandbox

SOURCE = '''{head}
from smolagents import tool


@tool
def probe({parameters}) -> {returns}:
    """Do what a test wants.

    Side effects:
{effects}

    Args:
{args}

    Returns:
        Something.

    Examples:
{examples}
    """
{body}
'''


@dataclass(frozen=True)
class Made:
    """One tool of a test. answers: URL → body of a recorded GET."""

    body: str
    head: str = ""
    effects: str = "none"
    parameters: str = "text: str"
    returns: str = "str"
    examples: str = ">>> probe('one two')\n'ONE TWO'"
    files: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


def source_of(made: Made) -> str:
    names = [part.split(":")[0].strip() for part in made.parameters.split(",") if part.strip()]
    return SOURCE.format(
        head=textwrap.dedent(made.head).strip(),
        parameters=made.parameters,
        returns=made.returns,
        effects=textwrap.indent(textwrap.dedent(made.effects).strip(), " " * 8),
        args=textwrap.indent("\n".join(f"{n}: An input." for n in names), " " * 8),
        examples=textwrap.indent(textwrap.dedent(made.examples).strip(), " " * 8),
        body=textwrap.indent(textwrap.dedent(made.body).strip(), " " * 4),
    )


def write(made: Made, folder: Path) -> Path:
    """The tool's file with what stands beside it."""
    path = folder / "probe.py"
    path.write_text(source_of(made))
    for name, text in made.files.items():
        place = folder / "probe.files" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    if made.answers:
        entries = [
            {
                "request": {"method": "GET", "url": url},
                "response": {"status": 200, "headers": {}, "body": body},
            }
            for url, body in made.answers.items()
        ]
        (folder / "probe.responses.json").write_text(json.dumps({"responses": entries}))
    return path


def tried(made: Made, folder: Path, sandbox: Sandbox) -> Trial:
    """Bundle it and run every case."""
    (tool,) = read_module(str(write(made, folder))).tools
    published = bundle(tool)
    return try_tool(tool, published.code, published.entry, tool.declared or (), sandbox)


def said(trial: Trial) -> list[str]:
    """Everything that keeps a tool from approval, each with its case."""
    return [
        f"{r.title}: {each}"
        for r in trial.results
        for each in (*r.failures, *map(str, r.beyond), *r.problems)
    ]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as one:
        yield one


@pytest.fixture
def try_made(tmp_path: Path, sandbox: Sandbox) -> Callable[..., Trial]:
    """Make a tool of these parts (see Made), and try it."""
    return lambda **parts: tried(Made(**parts), tmp_path, sandbox)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write a tool of these parts, and what stands beside it."""
    return lambda **parts: write(Made(**parts), tmp_path)


@pytest.fixture(name="said")
def said_fixture() -> Callable[[Trial], list[str]]:
    return said
