"""What the commands of a reader share: their options, the question about a new signer, and how changes are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.key import passphrase
from toolreg.cli.output import console, safe
from toolreg.load.reader import Hubs, Reader, reader
from toolreg.manifest import open_or_create
from toolreg.manifest.changes import Bump, Change

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.load.fetch import CheckHere, Fetched, Ref
    from toolreg.load.lock import Entry
    from toolreg.manifest import Signer

From = Annotated[str, typer.Option("--from", "--to", help="Which Hub: local, hf, or a URL.")]
LockFile = Annotated[
    str,
    typer.Option(
        "--lock", help="The lock file; toolreg.lock of the project if not given.", show_default=False
    ),
]
Names = Annotated[
    list[str] | None, typer.Argument(help="NAMESPACE/NAME of locked tools; all if none.", show_default=False)
]


def can_ask() -> bool:
    """True where a person can answer: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def this_reader(lock: str = "") -> Reader:
    """The reader of this machine, who is asked about new signers if somebody is there to answer."""
    return reader(lock=lock, ask=ask if can_ask() else None)


def fetching(hub: str = "") -> Hubs:
    """Any Hub. TOOLREG_HUB_TOKEN goes to the one that the command line names, or TOOLREG_HUB, and to no other."""
    return Hubs(
        token=os.environ.get("TOOLREG_HUB_TOKEN") or None, token_for=hub or os.environ.get("TOOLREG_HUB", "")
    )


def checking(me: Reader) -> CheckHere:
    """How a tool without a manifest is judged here: it is signed with this user's own key, made now if there is none."""

    def check_here(ref: Ref, fetched: Fetched) -> Mapping[str, bytes]:
        from toolreg.load.plain import check_plain

        signed = (e.repository for e in me.lock().entries.values() if e.origin == "published")
        me.trust.refuse_unsigned(ref.repository, signed)
        key, _ = open_or_create(passphrase=passphrase())
        me.trust.own |= {key.signer}
        return check_plain(ref, fetched, key)

    return check_here


def ask(signer: Signer, repository: str) -> bool:
    """The question of the first use, as ssh asks it."""
    out = console(stderr=True)
    out.print(f"{safe(repository)} is signed by [bold]{safe(signer.fingerprint)}[/], whom you have not met.")
    out.print("Compare this with what its publisher says elsewhere.")
    return typer.confirm(
        f"Trust this signer for everything of {repository.partition('/')[0]}?", default=False, err=True
    )


def show_changes(changes: Sequence[Change], out: Console) -> None:
    """A line for each change; what lets a tool do more is red."""
    for change in changes:
        mark = {True: "+", False: "-", None: "~"}[change.added]
        style = "bold red" if change.bump is Bump.MAJOR else "yellow" if change.bump is Bump.MINOR else "dim"
        out.print(f"  [{style}]{mark} {change.what:<12} {safe(change.text)}[/]")


def show_diff(code: str, out: Console) -> None:
    for line in code.splitlines():
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(f"[{style}]{safe(line)}[/]" if style else safe(line))


def change_json(change: Change) -> dict[str, Any]:
    return {"what": change.what, "text": change.text, "added": change.added, "step": change.bump.name.lower()}


def entry_json(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude={"seal"})
