"""`toolreg update`: show what newer publications change, then take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from toolreg.cli.output import Format, console, print_error, print_json, safe
from toolreg.cli.reading import (
    LockFile,
    Names,
    can_ask,
    change_json,
    checking,
    fetching,
    show_changes,
    show_diff,
    this_reader,
)
from toolreg.errors import GOOD, REFUSED, ToolregError, UsageError, worst
from toolreg.load import Entry, Update
from toolreg.load import update as look
from toolreg.load.manage import only_names
from toolreg.load.reader import Reader


def update(
    names: Names = None,
    lock: LockFile = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take what may do no more than before, without asking.")
    ] = False,
    accept_more: Annotated[
        bool,
        typer.Option(
            "--accept-more",
            help="With --yes: take also what may do more, is called otherwise or has a new signer.",
        ),
    ] = False,
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Show what a newer version changes, code, effects, signer, and take it only then."""
    me = this_reader(lock)
    entries = only_names(me.lock(), names or ())
    if not entries:
        raise UsageError(f"nothing is locked in {me.lock_path}", hint="lock a tool with `toolreg add`")
    found, errors = _look(entries, me)
    newer = [u for u in found if not u.same]
    taken = [u for u in newer if _takes(u, yes, accept_more, quiet=format == "json")]
    for each in taken:
        me.store.put_files(each.verified.files)
    if taken:
        me.write(me.lock().having(*(u.new for u in taken)))
    _report(newer, taken, len(found) - len(newer), format)
    for each_error in errors:
        print_error(each_error)
    return worst([GOOD if len(taken) == len(newer) else REFUSED, *(e.exit_code for e in errors)])


def _look(entries: Sequence[Entry], me: Reader) -> tuple[list[Update], list[ToolregError]]:
    """What newer publications would change, and what could not be looked at."""
    found: list[Update] = []
    errors: list[ToolregError] = []
    with fetching() as hubs:
        for entry in entries:
            check_here = checking(me) if entry.origin == "locally checked" else None
            try:
                found.append(
                    look(entry, fetch=hubs(entry.hub), trust=me.trust, store=me.store, check_here=check_here)
                )
            except ToolregError as error:
                errors.append(error)
    return found, errors


def _takes(update: Update, yes: bool, accept_more: bool, *, quiet: bool) -> bool:
    """Show an update, and decide: by the options, else by asking, else no."""
    if not quiet:
        out = console()
        out.print(f"[bold]{safe(update.old.repository)}[/] {update.old.version} → {update.new.version}")
        show_changes(update.changes, out)
        show_diff(update.code, out)
    if yes:
        return accept_more or not update.grave
    return not quiet and can_ask() and typer.confirm(f"Take {update.new.version}?", default=False, err=True)


def _report(newer: list[Update], taken: list[Update], same: int, format: str) -> None:
    if format == "json":
        print_json(
            [
                {
                    "repository": u.old.repository, "from": u.old.version, "to": u.new.version, "taken": u in taken,
                    "grave": u.grave, "changes": [change_json(c) for c in u.changes], "code": u.code,
                }
                for u in newer
            ]
        )  # fmt: skip
        return
    left = [u for u in newer if u not in taken]
    console().print(f"{len(taken)} taken, {len(left)} left, {same} already the newest.")
    if left:
        option = "--yes --accept-more" if any(u.grave for u in left) else "--yes"
        console(stderr=True).print(f"[cyan]hint:[/] toolreg update {safe(left[0].old.repository)} {option}")
