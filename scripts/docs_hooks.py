"""Pages of the site that are made from the code, so that they cannot fall behind it: commands, rules, config, manifest, Python API."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the made pages; leave those out of the navigation that are not there; list the rest under "More"."""
    for path, text in _made().items():
        files.append(File.generated(config, path, content=text))
    present = {file.src_uri for file in files.documentation_pages()}
    named = set(_pages(config.nav or []))
    rest = sorted(p for p in present - named if not p.startswith("rules/"))
    config.nav = [*_only(config.nav or [], present), *([{"More": rest}] if rest else [])]
    rules = sorted(p for p in present if p.startswith("rules/"))
    if rules:
        config.nav.append({"Rules": rules})
    return files


def _pages(nav: Any) -> Iterator[str]:
    for entry in nav if isinstance(nav, list) else nav.values():
        if isinstance(entry, str):
            yield entry
        else:
            yield from _pages(entry)


def _only(nav: list[Any], present: set[str]) -> list[Any]:
    kept: list[Any] = []
    for entry in nav:
        if isinstance(entry, str):
            kept += [entry] if entry in present else []
        else:
            ((title, inner),) = entry.items()
            below = _only(inner, present)
            kept += [{title: below}] if below else []
    return kept


def _made() -> dict[str, str]:
    return {
        "reference/commands.md": commands(),
        "reference/rules.md": rules(),
        "reference/config.md": config_page(),
        "reference/manifest.md": manifest_page(),
        "reference/api.md": api(),
    }


def commands() -> str:
    """Every command with its options, as the program itself tells it."""
    import typer

    from toolreg.cli.app import EPILOG, build_app
    from toolreg.lint.options import help_text

    app: Any = typer.main.get_command(build_app())
    parts = ["# Commands", EPILOG]
    for name, command in _leaves(app, ""):
        parts.append(f"## toolreg {name}")
        if name == "lint":
            parts.append(f"```text\n{help_text().rstrip()}\n```")
            continue
        parts += [inspect.cleandoc(command.help or ""), *_parameters(command)]
    return "\n\n".join(parts) + "\n"


def _leaves(group: Any, above: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _parameters(command: Any) -> Iterator[str]:
    rows = [
        (
            ", ".join(f"`{o}`" for o in p.opts)
            if p.param_type_name == "option"
            else f"`{(p.name or '').upper()}`",
            p.help or "",
        )
        for p in command.params
        if p.name != "help"
    ]
    if rows:
        yield _table(("", "means"), rows)


def rules() -> str:
    from toolreg.lint import load_rules

    rows = [
        (f"`{r.code}`", r.name, str(r.severity), (inspect.getdoc(r.judge) or "").partition("\n")[0])
        for r in load_rules()
    ]
    return f"# Rules\n\n`toolreg rule CODE` shows why a rule exists, with a bad and a good example.\n\n{_table(('code', 'name', 'level', 'says'), rows)}\n"


def config_page() -> str:
    from toolreg.audit.schema import config_schema

    parts = [
        "# Configuration",
        "`[tool.toolreg]` in pyproject.toml. An unknown key is an error. `toolreg config schema` prints the schema.",
    ]
    for name, table in config_schema()["properties"].items():
        if "properties" in table:
            rows = [
                (f"`{key}`", _type(spec), spec.get("description", ""))
                for key, spec in table["properties"].items()
            ]
            parts += [
                f"## [tool.toolreg.{name}]",
                table["description"],
                _table(("key", "value", "means"), rows),
            ]
    return "\n\n".join(parts) + "\n"


def manifest_page() -> str:
    """Every part of `toolreg.json` with its fields, from the JSON Schema that the code makes."""
    from toolreg.manifest.schema import make_schema

    schema = make_schema()
    parts = [
        "# Manifest",
        "Every field of `toolreg.json`. What it is for, and how it is signed and read: [the manifest](../manifest.md).",
    ]
    for name, part in {schema["title"]: schema, **schema["$defs"]}.items():
        if "properties" in part:
            needed = part.get("required", ())
            rows = [
                (f"`{field}`", _kind(spec), "yes" if field in needed else "", spec.get("description", ""))
                for field, spec in part["properties"].items()
            ]
            parts += [
                f"## {name}",
                part.get("description", ""),
                _table(("field", "value", "needed", "is"), rows),
            ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _kind(spec: Mapping[str, Any]) -> str:
    """What a field of the manifest holds, with links to the parts."""
    if "$ref" in spec:
        name = spec["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in spec:
        return f"`{spec['const']}`"
    if "enum" in spec:
        return " · ".join(f"`{word}`" for word in spec["enum"])
    if "anyOf" in spec:
        return " or ".join(map(_kind, spec["anyOf"]))
    if spec.get("type") == "array":
        return f"list of {_kind(spec.get('items', {}))}"
    return str(spec.get("format") or spec.get("type") or "anything")


def _type(spec: Mapping[str, Any]) -> str:
    if "enum" in spec:
        return " · ".join(f"`{word}`" for word in spec["enum"])
    return {"array": "list of strings", "object": "table", "integer": "number"}.get(
        spec["type"], spec["type"]
    )


def api() -> str:
    """The public names of `toolreg`, with their signatures and docstrings."""
    package = importlib.import_module("toolreg")
    parts = [
        "# Python API",
        "Everything here is importable from `toolreg`, and loaded when it is first used.",
    ]
    for name in sorted(n for n in package.__all__ if not n.startswith("_")):
        thing = getattr(package, name)
        is_model = hasattr(thing, "model_fields")  # its fields stand on the manifest's own page
        parts += [
            f"## {name}",
            f"```python\n{f'class {name}' if is_model else _signature(name, thing)}\n```",
            inspect.getdoc(thing) or "",
        ]
        for method, value in vars(thing).items() if inspect.isclass(thing) and name == "Registry" else ():
            if not method.startswith("_") and (callable(value) or isinstance(value, classmethod)):
                parts.append(
                    f"**`{method}{_plain(getattr(thing, method))}`** {(inspect.getdoc(getattr(thing, method)) or '')}"
                )
    return "\n\n".join(parts) + "\n"


def _signature(name: str, thing: Any) -> str:
    return ("class " if inspect.isclass(thing) else "") + name + _plain(thing)


def _plain(thing: Any) -> str:
    try:
        return re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing)))
    except (TypeError, ValueError):
        return ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), "|" + "---|" * len(head), *map(line, rows)])
