"""`toolreg show`: what a published tool says and promises, and who vouches for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolreg.cli.output import Format, console, joined, print_json, safe
from toolreg.cli.reading import From, fetching, this_reader
from toolreg.errors import GOOD, REFUSED
from toolreg.load import decide_signer, parse_ref
from toolreg.load.approval import waived_in
from toolreg.load.reader import Reader, hub_of
from toolreg.load.trust import FirstUse, Refused, Trusted
from toolreg.manifest import Anyone, Verified, examine, read_folder

if TYPE_CHECKING:
    from rich.console import Console


def show(
    ref: Annotated[str, typer.Argument(help="NAMESPACE/NAME[@REVISION], or a folder with a publication.")],
    hub: From = "local",
    format: Annotated[Format, typer.Option("--format")] = "text",
    sbom: Annotated[bool, typer.Option("--sbom", help="Write it as a CycloneDX bill of materials.")] = False,
) -> int:
    """Show a published tool's manifest after verifying it. Nothing is trusted or kept by looking."""
    me = this_reader()
    if Path(ref).is_dir():
        commit, verified = "", examine(read_folder(Path(ref)), Anyone())
    else:
        wanted = parse_ref(ref)
        with fetching(hub) as fetch_from:
            fetched = fetch_from(hub_of(ref, hub))(wanted.repository, wanted.revision)
        commit, verified = fetched.commit, examine(fetched.files, Anyone(), repository=wanted.repository)
    trusted, why = trust_of(verified, me)
    if sbom:
        from toolreg.audit.sbom import cyclonedx

        print_json(cyclonedx(verified, commit=commit))
    elif format == "json":
        print_json({**as_json(verified), "commit": commit, "trusted": trusted, "why": why})
    else:
        print_tool(verified, commit, trusted, why, console())
    return GOOD if trusted else REFUSED


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
