"""`toolreg config …`: the schema of [tool.toolreg] for editors, and what a project's table comes to."""

from __future__ import annotations

from typing import Annotated

import typer

from toolreg.cli.output import console, print_json, safe
from toolreg.errors import GOOD, NotFound


def schema() -> int:
    """Print the JSON Schema of [tool.toolreg], for editors and CI."""
    from toolreg.audit.schema import config_schema

    print_json(config_schema())
    return GOOD


def check(
    path: Annotated[
        str, typer.Argument(help="A pyproject.toml; the project's own if none.", show_default=False)
    ] = "",
) -> int:
    """Check the [tool.toolreg] table of a project, every part of it."""
    from pathlib import Path

    from toolreg.config import find_pyproject, lint_config, read_config, sandbox_backend
    from toolreg.infer.extend import use_catalogues
    from toolreg.lint import load_rules
    from toolreg.lint.selection import require_rules
    from toolreg.load.approval import FOLDER
    from toolreg.load.reviewed import reviewed
    from toolreg.load.trust import parse_policy
    from toolreg.manifest import Anyone

    found = path or find_pyproject()
    if not found:
        raise NotFound(
            "no pyproject.toml with a [tool.toolreg] table",
            hint="name one, or write [tool.toolreg.lint] into yours",
        )
    config = read_config(found)
    sandbox_backend(found)
    lint = lint_config(found)
    require_rules(lint)
    load_rules(lint.packs)
    use_catalogues(lint.catalogues)
    parse_policy(config.get("trust", {}), found)
    reviewed(Anyone(), config, Path(found).parent / FOLDER, found)
    console().print(f"{safe(found)}: {safe(', '.join(sorted(config)) or 'nothing set')}, all good")
    return GOOD
