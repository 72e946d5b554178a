"""`toolreg add`: verify tools and lock them."""

from __future__ import annotations

from typing import Annotated

import typer

from toolreg.cli.output import Format, console, joined, print_error, print_json, safe
from toolreg.cli.reading import From, LockFile, entry_json, fetching, this_reader
from toolreg.errors import GOOD, ToolregError, worst
from toolreg.load import add as add_tool
from toolreg.load import parse_ref


def add(
    refs: Annotated[list[str], typer.Argument(help="NAMESPACE/NAME[@REVISION], one or more.")],
    hub: From = "local",
    lock: LockFile = "",
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Verify tools from a Hub, signature, every file and your trust policy, and lock them to these very bytes."""
    me = this_reader(lock)
    locked, added, failed = me.lock(), [], []
    with fetching() as fetch_from:
        for text in refs:
            try:
                ref = parse_ref(text)
                locked, verified = add_tool(ref, locked, fetch=fetch_from(hub), trust=me.trust, store=me.store, hub=hub)
                added.append((locked.entry(ref.repository), verified))
            except ToolregError as error:
                failed.append(error)
    if added:
        me.write(locked)
    if format == "json":
        print_json({"added": [entry_json(e) for e, _ in added], "failed": [str(e) for e in failed]})
    else:
        for entry, verified in added:
            out = console()
            out.print(f"[green]+[/] [bold]{safe(entry.repository)}[/] {entry.version}  [dim]{entry.commit[:12]}[/]")
            out.print(f"  [dim]signed by[/] {safe(verified.signer.fingerprint)}")
            out.print(f"  [dim]may[/] {safe(joined(entry.effects, 'do nothing outside itself'))}")
    for failure in failed:
        print_error(failure)
    return worst([GOOD, *(f.exit_code for f in failed)])
