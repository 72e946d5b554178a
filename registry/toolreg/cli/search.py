"""`toolreg search` and `toolreg index update`: find tools by what they do and by what they must not do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from toolreg.cli.hub import Where, open_hub
from toolreg.cli.output import Format, console, is_terminal, joined, print_json, safe
from toolreg.errors import GOOD, NotFound, UsageError
from toolreg.hub.client import Hub
from toolreg.hub.index import Index, index_path
from toolreg.hub.listing import Listing, Query
from toolreg.hub.search import Verify
from toolreg.hub.search import search as search_hub
from toolreg.hub.update import Updated, update

Texts = list[str] | None


def search(
    query: Annotated[
        Texts, typer.Argument(help="Words, all of which must be found.", show_default=False)
    ] = None,
    to: Where = "local",
    effect: Annotated[
        Texts, typer.Option("--effect", help="It must declare this: net, read:data/*.csv")
    ] = None,
    without: Annotated[Texts, typer.Option("--without", help="It must not declare this: net, write")] = None,
    host: Annotated[str, typer.Option("--host", help="It must reach this host.")] = "",
    output: Annotated[str, typer.Option("--output-type", help="string, object, image, …")] = "",
    signer: Annotated[str, typer.Option("--signer", help="A part of the signer's name.")] = "",
    verified: Annotated[bool, typer.Option("--verified", help="Only what this machine verified.")] = False,
    author: Annotated[str, typer.Option("--author", help="Only this namespace, read from the Hub.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n")] = 20,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each stands where it stands.")] = False,
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Find tools on a Hub by words, effects, output and signer. Their code is read, never run."""
    question = Query(
        text=" ".join(query or ()),
        effects=tuple(effect or ()),
        without=tuple(without or ()),
        host=host,
        output_type=output,
        signer=signer,
        verdict="verified" if verified else "",
        limit=limit,
    )
    with open_hub(to) as hub:
        rows = find(hub, question, to=to, author=author)
    if format == "json":
        print_json([row.to_json() for row in rows])
    else:
        show(rows, explain=explain)
    return GOOD


def find(hub: Hub, query: Query, *, to: str, author: str = "") -> list[Listing]:
    """From the Hub itself where it is small or narrowed, else from the local index."""
    if to == "local" or author:
        return search_hub(hub, query, verify=verifier(), author=author or None)
    with Index(index_path()) as index:
        if index.last_pass(hub.endpoint).number:
            return index.search(hub.endpoint, query)
    raise NotFound(
        f"there is no index of {hub.endpoint} yet",
        hint=f"run `toolreg index update --to {to}` first, or narrow it with --author",
    )


def verifier() -> Verify:
    """How this machine verifies a publication: by its own trust policy, asking nobody."""
    from toolreg.load.reader import reader
    from toolreg.manifest import examine

    trust = reader().trust

    def verify(repo_id: str, files: Mapping[str, bytes]) -> str:
        return str(examine(files, trust, repository=repo_id).signer)

    return verify


def index_update(
    to: Where = "hf",
    whole: Annotated[
        bool, typer.Option("--whole", help="Read the whole listing, not only what changed.")
    ] = False,
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Read what changed on a Hub into the local index; run it again if it was interrupted."""
    with (
        open_hub(to) as hub,
        Index(index_path()) as index,
        console(stderr=True).status("reading") as status,
    ):
        done = update(
            index,
            hub,
            whole=whole,
            verify=verifier(),
            progress=(lambda read, known: status.update(f"{read} read of {known}"))
            if is_terminal()
            else None,
        )
        total = index.count(hub.endpoint)
    if format == "json":
        print_json({**_plain(done), "tools": total})
    else:
        console().print(
            f"{total} tool{'' if total == 1 else 's'}: {done.read} read, {done.unchanged} unchanged, {done.gone} gone, {done.requests} requests"
        )
    if done.failed:
        raise UsageError(f"{done.failed} could not be read", hint="run the same command again")
    return GOOD


def show(rows: list[Listing], *, explain: bool) -> None:
    """A block per tool: where, what, which effects, who vouches, what its author waived."""
    from toolreg.load.approval import Waived

    out = console()
    for row in rows:
        name = f"[bold]{safe(row.repo_id)}[/]" + (f" {safe(row.version)}" if row.version else "")
        out.print(
            name + (f"  [dim]{safe(row.verdict)} {safe(row.signer)}[/]".rstrip() if row.verdict else "")
        )
        out.print(f"  {safe(_first(row.description))}")
        effects = "nothing said" if row.effects is None else joined(row.effects)
        out.print(f"  [dim]effects[/] {safe(effects)}  [dim]returns[/] {safe(row.output_type or 'unknown')}")
        for waiver in row.waived:
            out.print(f"  [yellow]waived[/] {safe(_first(str(Waived.model_construct(**waiver))))}")
        if row.problem:
            out.print(f"  [red]{safe(row.problem)}[/]")
        if explain:
            out.print(f"  [dim]{row.score:g}: {safe(joined(row.why))}[/]")
    out.print("nothing found" if not rows else f"{len(rows)} found")


def _plain(done: Updated) -> dict[str, object]:
    return {name: getattr(done, name) for name in Updated.__slots__}


def _first(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 160 else line[:159] + "…"
