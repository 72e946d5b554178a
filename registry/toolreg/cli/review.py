"""`toolreg review` and `toolreg approve`: read a published tool as its second pair of eyes, and sign that one did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolreg.cli.key import passphrase
from toolreg.cli.output import console, joined, safe
from toolreg.cli.reading import From, can_ask, fetching, show_changes, show_diff, this_reader
from toolreg.errors import GOOD, UsageError
from toolreg.load import difference, parse_ref

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.load.approval import Signed
    from toolreg.load.reader import Reader
    from toolreg.manifest import Verified

Ref = Annotated[str, typer.Argument(help="NAMESPACE/NAME[@REVISION]")]
Approvals = Annotated[
    Path | None,
    typer.Option(
        "--approvals",
        help="Folder of approvals; toolreg-approvals beside the lock file if none.",
        show_default=False,
    ),
]


def review(ref: Ref, hub: From = "local", approvals: Approvals = None) -> int:
    """Walk through a published tool: what it says, may and can do, what was waived, its code, what changed.

    The difference is to the version that was approved last. Nothing is run.
    """
    from toolreg.load.approval import latest, read_approvals

    me = this_reader()
    verified, commit = _fetched(ref, hub, me)
    known = read_approvals(_folder(approvals, me))
    last = latest(known, verified.manifest.predicate.tool.repository)
    out = console()
    for number, (title, tell) in enumerate(_chapters(verified, commit, last, me)):
        if number and can_ask() and not typer.confirm("go on?", default=True, err=True):
            return GOOD
        out.print(f"\n[bold]{title}[/]")
        tell(out)
    out.print(
        f"\nto sign that you have read this: [bold]toolreg approve {safe(ref.partition('@')[0])}@{commit}[/]"
    )
    return GOOD


def approve(
    ref: Ref,
    hub: From = "local",
    approvals: Approvals = None,
    until: Annotated[
        str, typer.Option("--until", help="How long it holds: 90d, or a date as 2027-06-30.")
    ] = "180d",
    note: Annotated[
        str, typer.Option("--note", help="What you looked at; it is published with the approval.")
    ] = "",
    key: Annotated[str, typer.Option("--key", help="Which of your keys signs.")] = "default",
) -> int:
    """Sign, as somebody other than its publisher, that you have read this version of a tool."""
    from toolreg.load.approval import approve as sign_approval
    from toolreg.load.approval import save
    from toolreg.manifest import open_or_create

    now = datetime.now(UTC)
    me = this_reader()
    verified, commit = _fetched(ref, hub, me)
    signing, _ = open_or_create(name=key, passphrase=passphrase(key))
    data = sign_approval(verified, signing, now=now, until=end_of(until, now), note=note)
    path = save(data, _folder(approvals, me))
    me.store.put_files(verified.files)
    predicate = verified.manifest.predicate
    console().print(
        f"[green]approved[/] {safe(predicate.tool.repository)} {predicate.tool.version} ({commit[:12]}) by {safe(signing.signer.fingerprint)}"
    )
    console().print(f"  commit {safe(str(path))} with your project")
    return GOOD


def end_of(text: str, now: datetime) -> datetime:
    """`90d` from now, or the end of a day written as 2027-06-30 (UTC). Raises UsageError."""
    days = re.fullmatch(r"(\d{1,4})d", text)
    if days:
        return now + timedelta(days=int(days[1]))
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except ValueError as error:
        raise UsageError(f"--until: '{text}' is no end", hint="write 90d, or a date as 2027-06-30") from error


def _fetched(text: str, hub: str, me: Reader) -> tuple[Verified, str]:
    from toolreg.manifest import examine

    ref = parse_ref(text)
    with fetching(hub) as hubs:
        fetched = hubs(hub)(ref.repository, ref.revision)
    # Whoever reviews looks at what has no approval yet; all else that the project asks for is asked.
    trust = replace(me.trust, policy=replace(me.policy, demand=None))
    return examine(fetched.files, trust, repository=ref.repository), fetched.commit


def _folder(given: Path | None, me: Reader) -> Path:
    from toolreg.load.approval import FOLDER

    return given or me.lock_path.parent / FOLDER


Chapter = tuple[str, Callable[["Console"], None]]


def _chapters(verified: Verified, commit: str, last: Signed | None, me: Reader) -> Iterator[Chapter]:
    from toolreg.cli.show import print_tool, trust_of

    predicate = verified.manifest.predicate
    yield "What it says", lambda out: print_tool(verified, commit, *trust_of(verified, me), out)
    yield "What its code can do", lambda out: _tell_effects(verified, out)
    yield "What its author waived", lambda out: _tell_waived(verified, out)
    old = _approved_files(last, me)
    if last is not None:
        title = f"Since {last.approval.predicate.version}, approved by {safe(last.reviewer.fingerprint)}"
        yield title, lambda out: _tell_difference(old, verified, out)
    if old is None:
        yield (
            f"Its code ({predicate.tool.file})",
            lambda out: _tell_code(verified.files[predicate.tool.file], out),
        )


def _tell_effects(verified: Verified, out: Console) -> None:
    effects = verified.manifest.predicate.effects
    for inferred in effects.inferred:
        for e in inferred.evidence:
            out.print(
                f"  {safe(inferred.effect)}  [dim]{safe(e.path)}:{e.line}  {safe(' → '.join(e.via))}[/]"
            )
    for gap in effects.unresolved:
        out.print(f"  [yellow]unresolved[/] {safe(gap.path)}:{gap.line} {safe(gap.reason)}")
    if not effects.inferred and not effects.unresolved:
        out.print("  nothing outside itself was found")
    seen = sorted({o.effect for o in effects.observed})
    out.print(f"  when tried it did: {safe(joined(seen, 'nothing outside itself'))}")


def _tell_waived(verified: Verified, out: Console) -> None:
    from toolreg.load.approval import waived_in

    waived = waived_in(verified.manifest)
    for waiver in waived:
        out.print(f"  {safe(str(waiver))}")
    out.print("  nothing" if not waived else "  your approval accepts these until it ends")


def _approved_files(last: Signed | None, me: Reader) -> Verified | None:
    """The version approved last, where this machine still has it."""
    from toolreg.manifest import SIGNATURE, Anyone, examine

    files = me.store.get_files(last.approval.digests) if last else None
    if not files or last is None:
        return None
    return examine(files, Anyone()) if SIGNATURE in files else None


def _tell_difference(old: Verified | None, new: Verified, out: Console) -> None:
    if old is None:
        out.print("  that version is not in this machine's store any more; read the code as if it were new")
        return
    changes, code = difference(old, new)
    if not changes and not code:
        out.print("  nothing changed")
    show_changes(changes, out)
    show_diff(code, out)


def _tell_code(data: bytes, out: Console) -> None:
    for number, line in enumerate(data.decode("utf-8", "backslashreplace").splitlines(), 1):
        out.print(f"[dim]{number:4}[/] {safe(line)}")
