"""TOML catalogue files → the flat text that inference reads; `python -m toolreg.infer.compile`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from toolreg.errors import ConfigError
from toolreg.infer.spec import SpecError, parse_spec

FOLDER = Path(__file__).parent / "catalog"
KEYS = {"distribution", "imports", "unlisted", "pure", "api"}
UNLISTED = ("none", "unknown")


def compile_file(path: Path) -> str:
    """One TOML file as compiled text. Raises ConfigError naming file and line of thought."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"catalogue does not read: {error}", path=str(path), hint="see docs/effects.md"
        ) from error
    return compile_data(data, str(path))


def compile_data(data: dict[str, Any], path: str) -> str:
    """One file's content as compiled text. Raises ConfigError."""
    problem = problem_of(data)
    if problem:
        raise ConfigError(problem, path=path, hint="docs/effects.md shows a catalogue file")
    sections: dict[str, list[str]] = {name: [] for name in [*data["imports"], *data.get("pure", [])]}
    for name, spec in data.get("api", {}).items():
        sections[_home(name, sections)].append(f"{name}\t{spec}")
    pure = set(data.get("pure", []))
    return "".join(
        f"\n@{name} {'none' if name in pure else data['unlisted']}" + "".join(f"\n{line}" for line in lines)
        for name, lines in sections.items()
    )


def problem_of(data: dict[str, Any]) -> str:
    """What is wrong with a catalogue file's content; "" if nothing."""
    if set(data) - KEYS:
        return f"unknown key '{min(set(data) - KEYS)}'; known: {', '.join(sorted(KEYS))}"
    if not isinstance(data.get("distribution"), str):
        return "`distribution` must name the package as pip knows it"
    if not _texts(data.get("imports")) or not _texts(data.get("pure", [])):
        return '`imports` must list what is imported, e.g. ["requests"]'
    if data.get("unlisted") not in UNLISTED:
        return '`unlisted` must be "none" or "unknown": what APIs do that are not listed'
    api = data.get("api", {})
    if not isinstance(api, dict):
        return "`[api]` must map dotted names to effects"
    imports = [*data["imports"], *data.get("pure", [])]
    for name, spec in api.items():
        if not isinstance(spec, str):
            return f"'{name}' must have a text, e.g. \"net:{{url@0}}\""
        if _home(name, imports) == "":
            return f"'{name}' is below none of the imports"
        try:
            parse_spec(spec)
        except SpecError as error:
            return f"'{name}': {error}"
    return ""


def compile_all(folder: Path = FOLDER) -> str:
    """Every TOML file of a folder, in the order of their names."""
    return "".join(compile_file(path) for path in sorted(folder.glob("*.toml"))) + "\n"


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and v for v in value)


def _home(name: str, imports: Any) -> str:
    fits = [i for i in imports if name == i or name.startswith(i + ".")]
    return max(fits, key=len, default="")


if __name__ == "__main__":
    (FOLDER / "compiled.txt").write_text(compile_all(), encoding="utf-8")
