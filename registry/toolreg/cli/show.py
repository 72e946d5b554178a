"""`toolreg show`: what a published tool says and promises, and who vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.output import Format, console, joined, print_json, safe
from toolreg.cli.reading import From, LockFile, fetching, this_reader
from toolreg.errors import GOOD, REFUSED, UsageError
from toolreg.load import decide_signer, fetch_locked, parse_ref
from toolreg.load.approval import waived_in
from toolreg.load.reader import Reader, hub_of
from toolreg.load.trust import FirstUse, Refused, Trusted
from toolreg.manifest import Anyone, Verified, examine, read_folder

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Shown:
    """A verified tool, the commit it was fetched at, and whether this reader trusts who signed it."""

    verified: Verified
    commit: str
    trusted: bool
    why: str


def show(
    ref: Annotated[
        str,
        typer.Argument(
            help="NAMESPACE/NAME[@REVISION], or a folder with a publication; all locked tools without, for --server-json and --annotations.",
            show_default=False,
        ),
    ] = "",
    hub: From = "local",
    format: Annotated[Format, typer.Option("--format")] = "text",
    sbom: Annotated[bool, typer.Option("--sbom", help="Write it as a CycloneDX bill of materials.")] = False,
    server_json: Annotated[
        bool,
        typer.Option("--server-json", help="Write an MCP registry's server.json with the computed hints."),
    ] = False,
    annotations: Annotated[
        bool,
        typer.Option(
            "--annotations", help="Write each computed MCP hint with its reason, for a store's form."
        ),
    ] = False,
    name: Annotated[
        str, typer.Option("--name", help="The server's name in reverse DNS: io.github.YOU/SERVER.")
    ] = "",
    version: Annotated[
        str, typer.Option("--version", help="The server's version; the tool's own if not given.")
    ] = "",
    lock: LockFile = "",
) -> int:
    """Show a published tool's manifest after verifying it. Nothing is trusted or kept by looking."""
    me = this_reader(lock)
    if not ref and not (server_json or annotations):
        raise UsageError("which tool?", hint="toolreg show NAMESPACE/NAME")
    found = [_shown(ref, hub, me)] if ref else _locked(me)
    trusted = all(each.trusted for each in found)
    if server_json or annotations:
        from toolreg.audit import stores

        tools = [each.verified for each in found]
        made = stores.server_json(tools, name=name, version=version) if server_json else None
        print_json(made or stores.justified(tools))
    elif sbom:
        from toolreg.audit.sbom import cyclonedx

        print_json(cyclonedx(found[0].verified, commit=found[0].commit))
    elif format == "json":
        about = {"commit": found[0].commit, "trusted": trusted, "why": found[0].why}
        print_json({**as_json(found[0].verified), **about})
    else:
        print_tool(found[0].verified, found[0].commit, trusted, found[0].why, console())
    return GOOD if trusted else REFUSED


def _shown(ref: str, hub: str, me: Reader) -> Shown:
    """One tool of a Hub or of a folder, verified."""
    if Path(ref).is_dir():
        commit, verified = "", examine(read_folder(Path(ref)), Anyone())
    else:
        wanted = parse_ref(ref)
        with fetching(hub) as fetch_from:
            fetched = fetch_from(hub_of(ref, hub))(wanted.repository, wanted.revision)
        commit, verified = fetched.commit, examine(fetched.files, Anyone(), repository=wanted.repository)
    return Shown(verified, commit, *trust_of(verified, me))


def _locked(me: Reader) -> list[Shown]:
    """Every tool of the project's lock: the locked bytes, verified again, under today's policy."""
    with fetching() as fetch_from:
        return [
            Shown(
                fetch_locked(entry, me.store, fetch_from(entry.hub), me.policy), entry.commit, True, "locked"
            )
            for _, entry in sorted(me.lock().entries.items())
        ]


def trust_of(verified: Verified, me: Reader) -> tuple[bool, str]:
    repository = verified.manifest.predicate.tool.repository
    match decide_signer(verified.signer, repository, me.policy, me.trust.known.read(), me.trust.own):
        case Trusted(why):
            return True, why
        case Refused(why, _):
            return False, why
        case FirstUse():
            return False, "you have not met this signer"


def print_tool(verified: Verified, commit: str, trusted: bool, why: str, out: Console) -> None:
    predicate = verified.manifest.predicate
    out.print(f"[bold]{safe(predicate.tool.repository)}[/] {predicate.tool.version}  [dim]{commit[:12]}[/]")
    out.print(safe(predicate.definition.description))
    for name, schema in predicate.definition.inputs.items():
        out.print(
            f"  {safe(name)}: {safe(str(schema.get('type')))}  [dim]{safe(str(schema.get('description', '')))}[/]"
        )
    seen = {o.effect for o in predicate.effects.observed}
    rows = {
        "returns": predicate.definition.output_type,
        "may": joined(predicate.effects.declared, "do nothing outside itself"),
        "can": joined((i.effect for i in predicate.effects.inferred), "nothing was found in its code"),
        "did": joined(sorted(seen), "nothing was seen"),
        "needs": joined((f"{r.name}{r.specifier}" for r in predicate.requirements), "nothing"),
        "judged": f"{predicate.checks.verdict} ({predicate.origin}), "
        f"{predicate.harness.cases.passed} cases in tier {predicate.harness.isolation.tier}",
        "made from": f"{predicate.source.path} {predicate.source.commit[:12]}{' with changes' if predicate.source.dirty else ''}".strip()
        or "unknown",
        "published": f"{predicate.published_at:%Y-%m-%d}"
        + (f", until {predicate.expires_at:%Y-%m-%d}" if predicate.expires_at else ""),
    }
    for name, text in rows.items():
        out.print(f"[dim]{name:<10}[/] {safe(text)}")
    for waiver in waived_in(verified.manifest):
        out.print(f"[yellow]{'waived':<10}[/] {safe(str(waiver))}")
    out.print(
        f"[dim]signed by [/] [{'green' if trusted else 'red'}]{safe(verified.signer.fingerprint)}[/] ({safe(why)})"
    )


def as_json(verified: Verified) -> dict[str, Any]:
    return {
        "signer": str(verified.signer),
        "manifest": verified.manifest.model_dump(mode="json", by_alias=True),
    }
