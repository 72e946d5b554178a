"""`toolreg verify`: is everything that is locked still what was locked?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toolreg.cli.output import Format, console, print_error, print_json, safe
from toolreg.cli.reading import LockFile, Names, entry_json, fetching, this_reader
from toolreg.errors import GOOD, UsageError, worst
from toolreg.load import verify_all
from toolreg.load.manage import Checked, only_names
from toolreg.load.reader import Reader
from toolreg.manifest import examine, read_folder


def verify(
    names: Names = None,
    lock: LockFile = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no Hub: what is not in the store fails.")
    ] = False,
    refetch: Annotated[
        bool, typer.Option("--refetch", help="Ask the Hubs even for what is in the store.")
    ] = False,
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Verify locked tools, or a folder with a publication: signature, digests, policy, expiry. For CI."""
    me = this_reader(lock)
    if names and len(names) == 1 and Path(names[0]).is_dir():
        return _folder(Path(names[0]), me, format)
    entries = only_names(me.lock(), names or ())
    if not entries:
        raise UsageError(f"nothing is locked in {me.lock_path}", hint="lock a tool with `toolreg add`")
    if offline:
        checked = verify_all(entries, store=me.store, fetch_from=None, policy=me.policy)
    else:
        with fetching() as fetch_from:
            checked = verify_all(
                entries, store=me.store, fetch_from=fetch_from, policy=me.policy, refetch=refetch
            )
    _report(checked, format)
    return worst([GOOD, *(c.error.exit_code for c in checked if c.error)])


def _report(checked: tuple[Checked, ...], format: str) -> None:
    if format == "json":
        print_json(
            [{**entry_json(c.entry), "error": None if c.error is None else str(c.error)} for c in checked]
        )
        return
    out = console()
    for each in checked:
        if each.error is None:
            out.print(f"[green]✓[/] {safe(each.entry.repository)} {each.entry.version}")
        else:
            out.print(
                f"[red]✗[/] {safe(each.entry.repository)} {each.entry.version}  {type(each.error).__name__}"
            )
            print_error(each.error)
    out.print(f"{sum(c.error is None for c in checked)} of {len(checked)} hold.")


def _folder(folder: Path, me: Reader, format: str) -> int:
    verified = examine(read_folder(folder), me.trust)
    tool = verified.manifest.predicate.tool
    if format == "json":
        print_json(
            {
                "repository": tool.repository,
                "version": tool.version,
                "signer": str(verified.signer),
                "error": None,
            }
        )
    else:
        console().print(
            f"[green]✓[/] {safe(tool.repository)} {tool.version}, signed by {safe(verified.signer.fingerprint)}"
        )
    return GOOD
