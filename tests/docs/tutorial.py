"""Runs a page: files are written as it shows them, commands are run, and what they print is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT, run

_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$", re.M | re.S)
_EXIT = re.compile(r"#\s*exits with (\d+)\s*$")


@dataclass(frozen=True)
class WriteFile:
    """A block with a title: a file with that name."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A line after `$ `, what it prints and how it exits; `…` stands for anything."""

    line: str
    code: int
    printed: tuple[str, ...]


Step = WriteFile | Command


def steps_of(page: str) -> Iterator[Step]:
    """Every step of a page, from the first line to the last."""
    for block in _BLOCK.finditer(page):
        if block["title"]:
            yield WriteFile(block["title"], block["text"])
        elif block["kind"] == "console":
            yield from _commands(block["text"])


def _commands(text: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        line, _, printed = part.partition("\n")
        code = _EXIT.search(line)
        yield Command(line, int(code[1]) if code else 0, tuple(printed.splitlines()))


def perform(step: Step, folder: Path, env: Mapping[str, str]) -> str:
    """Do a step; what went otherwise than the page says, or ""."""
    if isinstance(step, WriteFile):
        (folder / step.name).write_text(step.text)
        return ""
    done = run(
        ["bash", "-c", step.line],
        cwd=folder,
        env=dict(env),
        stdout=PIPE,
        stderr=STDOUT,
        text=True,
        timeout=250,
        check=False,
    )
    if done.returncode != step.code:
        return f"$ {step.line}\nexits with {done.returncode}, not {step.code}:\n{done.stdout}"
    problem = differs(step.printed, done.stdout)
    return f"$ {step.line}\n{problem}:\n{done.stdout}" if problem else ""


def differs(wanted: tuple[str, ...], printed: str) -> str:
    """Why an output is not the one shown. Lines are compared without their order: two streams meet in a terminal.

    A line `…` stands for any further lines; `…` within a line for any text.
    """
    left = [line.rstrip() for line in printed.splitlines() if line.strip()]
    for line in wanted:
        if line.strip() in ("", "…"):
            continue
        pattern = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
        found = next((have for have in left if pattern.fullmatch(have)), None)
        if found is None:
            return f"does not print {line!r}"
        left.remove(found)
    return f"also prints {left[0]!r}" if left and "…" not in wanted and wanted else ""
