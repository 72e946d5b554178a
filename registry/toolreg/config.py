"""[tool.toolreg] in pyproject.toml: found upwards from the working folder; unknown keys are errors.

Each part of toolreg owns one table: `lint` is read here, `policy` and `trust` by their own readers in `load`,
with `table(config, "policy", POLICY_KEYS)`. A table that nobody reads is an error too.
"""

from __future__ import annotations

import os

from toolreg.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from toolreg.lint.settings import LintConfig

TABLES = ("lint", "policy", "trust", "sandbox")
# key -> the type of its value; a list is a list of strings, a dict a table.
LINT_KEYS: Mapping[str, type[Any]] = {
    "select": list,
    "extend-select": list,
    "ignore": list,
    "per-file-ignores": dict,
    "severity": dict,
    "packs": list,
    "catalogues": list,
    "exclude": list,
    "baseline": str,
    "ruff": str,
    "fail-on": str,
}
SANDBOX_KEYS: Mapping[str, type[Any]] = {"backend": str}
_WORDS: Mapping[type[Any], str] = {str: "a string", list: "a list of strings", dict: "a table"}


def find_pyproject(start: str = ".") -> str:
    """The nearest pyproject.toml upwards that has a [tool.toolreg] table; "" where there is none."""
    folder = os.path.abspath(start)
    while True:
        path = os.path.join(folder, "pyproject.toml")
        if _mentions_us(path):
            return path
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above


def line_of(path: str, name: str) -> int:
    """The line, from 1, on which a dotted name of a TOML file stands, or the table it is in; 0 where neither does.

    It reads tables and keys as people write them, which is enough to point at one.
    """
    import re

    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return 0
    table, nearest = "", 0
    for number, line in enumerate(lines, 1):
        if header := re.match(r"\s*\[+([^]#]+)\]", line):
            table = here = _dotted(header[1])
        elif key := re.match(r"\s*([^=#\[\]{}]+?)\s*=", line):
            here = f"{table}.{_dotted(key[1])}".lstrip(".")
        else:
            continue
        if here == name or here.startswith(f"{name}."):
            return number
        if name.startswith(f"{here}."):
            nearest = number
    return nearest


def _dotted(text: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in text.split("."))


def _mentions_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return b"tool.toolreg" in file.read()
    except OSError:
        return False


def read_config(path: str) -> dict[str, Any]:
    """The [tool.toolreg] table of a file. Raises ConfigError: unreadable, no TOML, an unknown table."""
    import tomllib

    try:
        with open(path, "rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f"cannot read: {error.strerror}", path=path, hint="check --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        import re

        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else 0
        raise ConfigError(f"no valid TOML: {error}", path=path, line=line, hint="mend the file") from error
    tool = document.get("tool", {})
    found = tool.get("toolreg", {}) if isinstance(tool, dict) else None
    if not isinstance(found, dict):
        hint, line = "write [tool.toolreg.lint]", line_of(path, "tool.toolreg")
        raise ConfigError("[tool.toolreg] is no table", path=path, line=line, hint=hint)
    _known(found, TABLES, "tool.toolreg", path)
    return found


def table(
    config: Mapping[str, Any], name: str, keys: Mapping[str, type[Any]], path: str = "pyproject.toml"
) -> dict[str, Any]:
    """One table of [tool.toolreg], its keys and their types checked. Raises ConfigError."""
    found = config.get(name, {})
    if not isinstance(found, dict):
        hint, line = f"write [tool.toolreg.{name}]", line_of(path, f"tool.toolreg.{name}")
        raise ConfigError(f"[tool.toolreg.{name}] is no table", path=path, line=line, hint=hint)
    _known(found, tuple(keys), f"tool.toolreg.{name}", path)
    for key, value in found.items():
        if not isinstance(value, keys[key]) or (
            keys[key] is list and not all(isinstance(v, str) for v in value)
        ):
            wanted = _WORDS.get(keys[key], keys[key].__name__)
            raise ConfigError(
                f"[tool.toolreg.{name}] {key} must be {wanted}",
                path=path,
                line=line_of(path, f"tool.toolreg.{name}.{key}"),
                hint="`toolreg config schema` describes every key",
            )
    return found


def lint_config(path: str = "") -> LintConfig:
    """[tool.toolreg.lint] of a pyproject.toml ("" for the defaults). Raises ConfigError."""
    from toolreg.lint.finding import LEVELS
    from toolreg.lint.settings import RUFF_MODES, LintConfig

    if not path:
        return LintConfig()
    found = table(read_config(path), "lint", LINT_KEYS, path)
    per_file = {glob: _codes(codes, glob, path) for glob, codes in found.get("per-file-ignores", {}).items()}
    for code, level in found.get("severity", {}).items():
        _choice(level, LEVELS, f"severity.{code}", path)
    _choice(found.get("fail-on", "warning"), LEVELS, "fail-on", path)
    _choice(found.get("ruff", "builtin"), RUFF_MODES, "ruff", path)
    plain = {
        k.replace("-", "_"): v
        for k, v in found.items()
        if k not in ("per-file-ignores", "baseline", "catalogues")
    }
    baseline = os.path.join(os.path.dirname(path), found["baseline"]) if found.get("baseline") else ""
    folder = os.path.dirname(path)
    catalogues = [os.path.join(folder, name) for name in found.get("catalogues", ())]
    return LintConfig(**plain, per_file=per_file, baseline=baseline, catalogues=catalogues, root=folder)


def sandbox_backend(path: str) -> str:
    """`backend` of [tool.toolreg.sandbox] in a pyproject.toml; "" where it says nothing. Raises ConfigError."""
    from toolreg.sandbox.backends.choice import NAMES

    name = table(read_config(path), "sandbox", SANDBOX_KEYS, path).get("backend", "") if path else ""
    if name and name not in NAMES:
        raise ConfigError(
            f"[tool.toolreg.sandbox] backend: no such choice '{name}'",
            path=path,
            line=line_of(path, "tool.toolreg.sandbox.backend"),
            hint=f"one of: {', '.join(NAMES)}",
        )
    return str(name)


def project_config() -> LintConfig:
    """What the project that is worked in says of lint; its effect catalogues are in use from now on."""
    config = lint_config(find_pyproject())
    if config.catalogues:
        from toolreg.infer.extend import use_catalogues

        use_catalogues(config.catalogues)
    return config


def _codes(value: Any, glob: str, path: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ConfigError(
            f"[tool.toolreg.lint.per-file-ignores] '{glob}' must be a list of codes",
            path=path,
            line=line_of(path, "tool.toolreg.lint.per-file-ignores"),
            hint='write ["TRG205"]',
        )
    return tuple(value)


def _choice(value: object, choices: tuple[str, ...], key: str, path: str) -> None:
    if value not in choices:
        raise ConfigError(
            f"[tool.toolreg.lint] {key}: no such choice '{value}'",
            path=path,
            line=line_of(path, f"tool.toolreg.lint.{key}"),
            hint=f"one of: {', '.join(choices)}",
        )


def _known(found: Mapping[str, Any], keys: tuple[str, ...], where: str, path: str) -> None:
    for key in found:
        if key not in keys:
            from difflib import get_close_matches

            near = get_close_matches(key, keys, 1)
            raise ConfigError(
                f"[{where}] has no key '{key}'",
                path=path,
                line=line_of(path, f"{where}.{key}"),
                hint=f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(keys)}",
            )
