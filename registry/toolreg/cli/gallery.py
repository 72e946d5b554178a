"""`toolreg gallery`: static pages of a set of tools, to search, filter and read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolreg.cli.audit import Check, Engine, History, To, counted, shown_progress, source_of
from toolreg.cli.output import console, safe
from toolreg.errors import GOOD

if TYPE_CHECKING:
    from toolreg.audit import AuditOptions
    from toolreg.audit.sources import Source


def gallery(
    folder: Annotated[Path, typer.Argument(help="Folder for the pages.")],
    target: Annotated[
        str, typer.Argument(help="What `toolreg audit` takes, or the folder of its results.")
    ] = ".",
    title: Annotated[str, typer.Option("--title")] = "Tools",
    to: To = "",
    check: Check = False,
    history: History = 10,
    engine: Engine = "",
) -> int:
    """Make pages of a set of tools: an index to search and filter, and a page for each. They need no server."""
    from toolreg.audit import AuditOptions
    from toolreg.audit.gallery import write_gallery
    from toolreg.audit.journal import WHOLE

    if (Path(target) / WHOLE).is_file() and not to:
        made = write_gallery(Path(target), folder, title=title)
    else:
        with tempfile.TemporaryDirectory(prefix="toolreg-audit-") as results:
            with source_of(target, to, check=check, history=history) as source:
                _audit(target, Path(results), AuditOptions(check=check), engine, source)
            made = write_gallery(Path(results), folder, title=title)
    console().print(f"pages of {counted(made.tools, 'tool')}, begin with {safe(str(made.index))}")
    return GOOD


def _audit(target: str, results: Path, options: AuditOptions, engine: str, source: Source) -> None:
    from toolreg.audit import audit

    with shown_progress() as progress:
        audit(target, results, options, engine_name=engine, on_progress=progress, source=source)
