"""`toolreg diff`: what changed between two publications of a tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toolreg.cli.output import Format, console, print_json, safe
from toolreg.cli.reading import From, LockFile, change_json, fetching, show_changes, show_diff, this_reader
from toolreg.errors import GOOD
from toolreg.load import difference, fetch_locked, parse_ref
from toolreg.load.fetch import FetchFrom
from toolreg.load.reader import Reader, hub_of
from toolreg.manifest import Anyone, Verified, examine, read_folder


def diff(
    old: Annotated[str, typer.Argument(help="NAMESPACE/NAME[@REVISION] or a folder.")],
    new: Annotated[
        str,
        typer.Argument(help="The same; if not given, OLD as locked against the newest.", show_default=False),
    ] = "",
    hub: From = "local",
    lock: LockFile = "",
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Show what changed: effects, definition, signer, requirements and code; what may do more is red."""
    me = this_reader(lock)
    with fetching(hub if new else "") as fetch_from:
        if new:
            before, after = _read(old, hub, fetch_from), _read(new, hub, fetch_from)
        else:
            before, after = _locked(old, me, fetch_from)
    changes, code = difference(before, after)
    if format == "json":
        print_json({"changes": [change_json(c) for c in changes], "code": code})
        return GOOD
    out = console()
    out.print("no change" if not changes else f"[bold]{safe(after.manifest.predicate.tool.repository)}[/]")
    show_changes(changes, out)
    show_diff(code, out)
    return GOOD


def _read(text: str, hub: str, fetch_from: FetchFrom) -> Verified:
    if Path(text).is_dir():
        return examine(read_folder(Path(text)), Anyone())
    ref = parse_ref(text)
    return examine(
        fetch_from(hub_of(text, hub))(ref.repository, ref.revision).files, Anyone(), repository=ref.repository
    )


def _locked(text: str, me: Reader, fetch_from: FetchFrom) -> tuple[Verified, Verified]:
    ref = parse_ref(text)
    entry = me.lock().entry(ref.repository)
    fetch = fetch_from(entry.hub)
    newer = fetch(ref.repository, ref.revision)
    return fetch_locked(entry, me.store, fetch, None), examine(
        newer.files, Anyone(), repository=ref.repository
    )
