"""`toolreg add`: verify tools and lock them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from toolreg.cli.output import Format, console, joined, print_error, print_json, safe
from toolreg.cli.reading import From, LockFile, checking, entry_json, fetching, this_reader
from toolreg.errors import GOOD, ToolregError, worst
from toolreg.load import Entry, Ref
from toolreg.load import add as add_tool
from toolreg.load.approval import waived_in
from toolreg.load.reader import Hubs, hub_of
from toolreg.manifest import Verified


def add(
    refs: Annotated[
        list[str],
        typer.Argument(help="NAMESPACE/NAME[@REVISION], or a collection: collections/OWNER/TITLE-ID."),
    ],
    hub: From = "local",
    lock: LockFile = "",
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Refuse a tool without a manifest, rather than check it here.")
    ] = False,
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Verify tools from a Hub, signature, every file and your trust policy, and lock them to these very bytes.

    A plain smolagents tool, without a manifest, is linted, bundled and tried on this machine first.
    """
    me = this_reader(lock)
    locked = me.lock()
    added: list[tuple[Entry, Verified]] = []
    failed: list[ToolregError] = []
    check_here = None if no_check else checking(me)
    with fetching(hub) as hubs:
        for ref, place in _wanted(refs, hubs, hub, failed):
            try:
                locked, verified = add_tool(
                    ref,
                    locked,
                    fetch=hubs(place),
                    trust=me.trust,
                    store=me.store,
                    hub=place,
                    check_here=check_here,
                )
                added.append((locked.entry(ref.repository), verified))
            except ToolregError as error:
                failed.append(error)
    if added:
        me.write(me.lock().having(*(entry for entry, _ in added)))
    if format == "json":
        print_json({"added": [_as_json(e, v) for e, v in added], "failed": [str(e) for e in failed]})
    else:
        _show(added)
    for failure in failed:
        print_error(failure)
    return worst([GOOD, *(f.exit_code for f in failed)])


def _show(added: list[tuple[Entry, Verified]]) -> None:
    for entry, verified in added:
        out = console()
        out.print(
            f"[green]+[/] [bold]{safe(entry.repository)}[/] {entry.version}  [dim]{entry.commit[:12]}[/]  [dim]{entry.origin}[/]"
        )
        out.print(f"  [dim]signed by[/] {safe(verified.signer.fingerprint)}")
        out.print(f"  [dim]may[/] {safe(joined(entry.effects, 'do nothing outside itself'))}")
        for waiver in waived_in(verified.manifest):
            out.print(f"  [yellow]waived[/] {safe(str(waiver))}")


def _as_json(entry: Entry, verified: Verified) -> dict[str, Any]:
    """The lock's entry, and what its author waived."""
    waived = [waiver.model_dump(mode="json") for waiver in waived_in(verified.manifest)]
    return {**entry_json(entry), "waived": waived}


def _wanted(texts: list[str], hubs: Hubs, hub: str, failed: list[ToolregError]) -> Iterator[tuple[Ref, str]]:
    """Every tool that is meant and its Hub, collections taken apart; what means none goes to `failed`."""
    for text in texts:
        place = hub_of(text, hub)
        try:
            yield from ((ref, place) for ref in hubs.refs(text, place))
        except ToolregError as error:
            failed.append(error)
