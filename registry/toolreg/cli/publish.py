"""`toolreg publish`: check the tools, and publish those that are approved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from toolreg.cli.check import Paths, exit_code, report_of, show_tool
from toolreg.cli.output import Format, console, is_terminal, joined, print_error, print_json, safe
from toolreg.cli.reading import show_diff
from toolreg.errors import NOT_JUDGED, worst

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.manifest import Key, Keyless
    from toolreg.pipeline import Checked
    from toolreg.shipping import Shipped

MARKS = {
    "published": "[green]+[/]",
    "planned": "[cyan]~[/]",
    "unchanged": "[dim]=[/]",
    "refused": "[red]✗[/]",
    "failed": "[red]![/]",
}


To = Annotated[str, typer.Option("--to", help="Where: local, hf, or the URL of a Hub.")]
Namespace = Annotated[
    str,
    typer.Option("--namespace", help="Under which name; `local`, or the account's own.", show_default=False),
]
Version = Annotated[
    str,
    typer.Option(
        "--version", help="MAJOR.MINOR.PATCH; the next fitting one if not given.", show_default=False
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
AsCiJob = Annotated[
    bool,
    typer.Option(
        "--keyless", help="Sign as this CI job; who it is becomes public for ever in Sigstore's log."
    ),
]
Expires = Annotated[
    int, typer.Option("--expires", min=0, max=36500, help="Days after which readers refuse it; 0 is never.")
]
Sdk = Annotated[
    Literal["static", "gradio"],
    typer.Option("--sdk", help="Of a new Space; gradio needs a paid account on hf."),
]
AsPr = Annotated[bool, typer.Option("--create-pr", help="Propose it as a pull request; main and tags stay.")]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        help="Keep a line for each tool in this file; the same command again skips what was published.",
        show_default=False,
    ),
]


def publish(
    paths: Paths = None,
    to: To = "local",
    namespace: Namespace = "",
    version: Version = "",
    dry_run: DryRun = False,
    keyless: AsCiJob = False,
    expires: Expires = 0,
    sdk: Sdk = "static",
    create_pr: AsPr = False,
    report: Report = None,
    format: Annotated[Format, typer.Option("--format", help="How to print the report.")] = "text",
) -> int:
    """Check every tool and publish those that are approved, each in one commit with a signed manifest."""
    from toolreg.config import project_config
    from toolreg.pipeline import check_paths
    from toolreg.shipping import ship

    checked = check_paths(paths or ["."], config=project_config())
    with progress_bar() as progress:
        shipped = ship(
            checked,
            to=to,
            namespace=namespace or None,
            dry_run=dry_run,
            version=version or None,
            token=os.environ.get("TOOLREG_HUB_TOKEN") or None,
            by=signatory(keyless) if any(j.approved for j in checked.judged) else None,
            sdk=sdk,
            create_pr=create_pr,
            lifetime=timedelta(days=expires) if expires else None,
            report=report,
            progress=progress,
        )
    if format == "json":
        print_json({**report_of(checked), "published": [as_json(s) for s in shipped]})
    else:
        show(checked, shipped, console())
    for error in checked.errors:
        print_error(error)
    failures = [s.error.exit_code if s.error else NOT_JUDGED for s in shipped if s.status == "failed"]
    return worst([exit_code(checked), *failures])


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A line that says how far it is, where somebody is watching."""
    if not is_terminal():
        yield None
        return
    with console(stderr=True).status("publishing") as status:
        yield lambda done, all_, tool: status.update(f"publishing {done} of {all_}: {safe(tool)}")


def signatory(keyless: bool) -> Key | Keyless:
    """Who signs: this CI job, or the user's own key, made now if there is none."""
    from toolreg.cli.key import passphrase
    from toolreg.manifest import Keyless, open_or_create

    return Keyless() if keyless else open_or_create(passphrase=passphrase())[0]


def show(checked: Checked, shipped: list[Shipped], out: Console) -> None:
    for judged in checked.judged:
        if not judged.approved:
            show_tool(judged, out)
    promised = {j.tool.name: joined(j.report.declared or (), "nothing") for j in checked.judged}
    width = max((len(s.repository) for s in shipped), default=0)
    for done in shipped:
        where = f"{done.repository:<{width}} {done.version}" if done.repository else done.tool
        commit = f"  [dim]{done.commit[:12]}[/]" if done.commit else ""
        may = f"  [dim]may[/] {safe(promised[done.tool])}" if done.commit else ""
        detail = f"  {safe(done.detail)}" if done.detail else ""
        out.print(f"{MARKS[done.status]} {done.status:<9} [bold]{safe(where)}[/]{commit}{may}{detail}")
        if done.error is not None and done.error.hint:
            out.print(f"            [cyan]hint:[/] {safe(done.error.hint)}")
        if done.requests:
            out.print(f"            [dim]requests:[/] {joined(done.requests)}")
        if done.diff:
            show_diff(done.diff, out)
    counts = {status: sum(s.status == status for s in shipped) for status in MARKS}
    if shipped and counts["unchanged"] == len(shipped):
        out.print("Nothing changed.")
    elif shipped:
        out.print(joined(f"{n} {status}" for status, n in counts.items() if n) + ".")


def as_json(done: Shipped) -> dict[str, Any]:
    return {
        "tool": done.tool,
        "repository": done.repository,
        "status": done.status,
        "version": done.version,
        "commit": done.commit,
        "url": done.url,
        "detail": done.detail,
        "requests": list(done.requests),
        "diff": done.diff,
    }
