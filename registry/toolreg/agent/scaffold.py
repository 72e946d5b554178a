"""New tools and new agents that are right from the first minute: `toolreg new tool|agent NAME`."""

from __future__ import annotations

import json
import keyword
import re
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from toolreg.agent.models import ModelChoice
from toolreg.agent.policy import KINDS, SANDBOXES
from toolreg.errors import UsageError

_PLACE = re.compile(r"@@(\w+)@@")
_TESTS = {"code": "test_agent_code.py", "tool-calling": "test_agent_tool_calling.py"}
# One letter alone, or a word that smolagents' publishing would find all over the code, makes a poor name.
_NAME = re.compile(r"[a-z][a-z0-9_]*[a-z0-9]")
DEFAULT_MODEL = "hf:Qwen/Qwen3-Next-80B-A3B-Thinking"


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of agent is wanted."""

    name: str
    kind: str = "code"
    sandbox: str = "local"
    model: str = DEFAULT_MODEL
    mcp: tuple[str, ...] = ()


def new_tool(name: str, folder: Path) -> Path:
    """Write `FOLDER/NAME.py`, a tool that passes lint and check. Raises UsageError."""
    _check_name(name, "tool")
    path = folder / f"{name}.py"
    text = _filled(_templates().joinpath("tool", "tool.py.txt").read_text("utf-8"), {"name": name})
    _write_all({path: text})
    return path


def new_agent(wish: Wish, parent: Path) -> list[Path]:
    """Write the project `PARENT/NAME`; gives its files. Raises UsageError, ConfigError."""
    _check_name(wish.name, "agent")
    _check_wish(wish)
    root = parent / wish.name
    if root.exists() and any(root.iterdir() if root.is_dir() else [root]):
        raise UsageError(f"{root} exists already", hint="choose another name, or remove it")
    values = _values(wish)
    files = {
        root / path: _filled(text, values)
        for path, text in _project(_templates().joinpath("agent"))
        if _wanted(path, wish)
    }
    _write_all({_renamed(path, root): text for path, text in files.items()})
    return sorted(_renamed(path, root) for path in files)


def _values(wish: Wish) -> dict[str, str]:
    provider = ModelChoice.parse(wish.model).provider
    extras = {"hf": "", "azure": "openai", "ollama": "openai", "scripted": ""}.get(provider, provider)
    named = sorted({e for e in (extras, "mcp" if wish.mcp else "") if e})
    return {
        "name": wish.name,
        "kind": wish.kind,
        "sandbox": wish.sandbox,
        "model": wish.model,
        "mcp": "".join(_pin_first(server) for server in wish.mcp),
        "extras": f"[{','.join(named)}]" if named else "",
    }


def _pin_first(server: str) -> str:
    """A server counts once a person has looked at its tools: the project says how."""
    return (
        f"# Look at its tools, then add {json.dumps(server)} here: toolreg mcp import {shlex.quote(server)}\n"
    )


def _check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise UsageError(
            f"{name!r:.100} is no name for {'a' if what == 'tool' else 'an'} {what}",
            hint="write small letters, digits and _, e.g. "
            + ("city_weather" if what == "tool" else "research_agent"),
        )


def _check_wish(wish: Wish) -> None:
    if wish.kind not in KINDS:
        raise UsageError(f"unknown kind '{wish.kind}'", hint=f"one of: {', '.join(KINDS)}")
    if wish.sandbox not in SANDBOXES:
        raise UsageError(f"unknown sandbox '{wish.sandbox}'", hint=f"one of: {', '.join(SANDBOXES)}")


def _templates() -> Traversable:
    return resources.files("toolreg.agent").joinpath("templates")


def _project(folder: Traversable, prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _project(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".txt"):
            found.append((prefix + entry.name.removesuffix(".txt"), entry.read_text("utf-8")))
    return found


def _wanted(path: str, wish: Wish) -> bool:
    name = path.rpartition("/")[2]
    if name in _TESTS.values():
        return name == _TESTS[wish.kind]
    return name != "Dockerfile" or wish.sandbox == "docker"


def _renamed(path: Path, root: Path) -> Path:
    parts = [re.sub(r"\Adot_", ".", part) for part in path.relative_to(root).parts]
    parts[-1] = "test_agent.py" if parts[-1] in _TESTS.values() else parts[-1]
    return root.joinpath(*parts)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda m: values[m[1]], text)


def _write_all(files: Mapping[Path, str]) -> None:
    """Write every file, or none: where one is there already, or cannot be written."""
    taken = [path for path in files if path.exists()]
    if taken:
        raise UsageError(f"{taken[0]} exists already", hint="choose another name, or remove it")
    made: list[Path] = []
    path = Path()
    try:
        for path, text in files.items():
            for folder in (*reversed(path.parents), path):
                if not folder.exists():
                    made.append(folder)
                    folder.write_text(text, "utf-8") if folder == path else folder.mkdir()
    except BaseException as error:
        _unmake(made)
        if not isinstance(error, OSError):
            raise
        hint = "make room, or name another folder with --into"
        raise UsageError(
            f"cannot write: {error.strerror}", path=str(error.filename or path), hint=hint
        ) from error


def _unmake(made: Sequence[Path]) -> None:
    """Remove what was made so far, the newest first: half a project is none."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
