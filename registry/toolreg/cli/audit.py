"""`toolreg audit`: everything in a folder, a lock file or on a Hub; judged, counted, compared."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from toolreg.audit.options import SURVEY
from toolreg.cli.output import STYLES, Format, console, is_terminal, print_json, safe
from toolreg.cli.reading import fetching

if TYPE_CHECKING:
    from rich.console import Console

    from toolreg.audit.auditing import Progress
    from toolreg.audit.report import Changes, Summary
    from toolreg.audit.sources import Source
    from toolreg.audit.together import Together

FailOn = Literal["blocked", "worse", "never"]
Target = Annotated[
    str,
    typer.Argument(
        help="A folder, a file, a lock file; or on a Hub NAMESPACE, NAMESPACE/NAME, collections/…, tag:NAME, *."
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        help="here, processes[:N], dask://HOST:PORT, ray://HOST:PORT; a process a core if none.",
        show_default=False,
    ),
]
To = Annotated[str, typer.Option("--to", "--from", help="The Hub: local, hf, or a URL.", show_default=False)]
History = Annotated[
    int,
    typer.Option("--history", min=0, max=50, help="Commits of a Hub's tool to compare its versions in."),
]
Check = Annotated[bool, typer.Option("--check", help="Try every tool in the sandbox too.")]
CheckBudget = Annotated[
    float,
    typer.Option(
        "--check-budget",
        min=0.0,
        max=60.0,
        metavar="SECONDS",
        help="Processor time for the stages that each tool is tried on.",
    ),
]


def audit(
    target: Target,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")] = Path("toolreg-audit"),
    to: To = "",
    check: Check = False,
    check_budget: CheckBudget = SURVEY,
    since: Annotated[
        Path | None,
        typer.Option("--since", help="Results of an earlier audit: do only what changed, and compare."),
    ] = None,
    engine: Engine = "",
    history: History = 10,
    html: Annotated[Path | None, typer.Option("--html", help="Make pages for people in this folder.")] = None,
    push: Annotated[
        str, typer.Option("--push", metavar="OWNER/NAME", help="Publish pages and tables as a static Space.")
    ] = "",
    push_to: Annotated[str, typer.Option("--push-to", help="Its Hub: local, hf, or a URL.")] = "local",
    select: Annotated[list[str] | None, typer.Option("--select", help="Only these rules.")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Not these rules.")] = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="What exits with 1.")] = "blocked",
    format: Annotated[Format, typer.Option("--format")] = "text",
) -> int:
    """Judge every tool of a target; write tables and a summary. No tool is imported, none runs unsandboxed.

    What is interrupted goes on when it is asked for again.
    """
    from toolreg.audit import AuditOptions
    from toolreg.audit import audit as run_audit

    options = AuditOptions(
        check=check,
        seconds=check_budget,
        select=tuple(select or ("ALL",)),
        ignore=tuple(ignore or ()),
    )
    with (
        told_to_go_on(out),
        source_of(target, to, check=check, history=history) as source,
        shown_progress() as progress,
    ):
        summary = run_audit(
            target, out, options, engine_name=engine, since=since, on_progress=progress, source=source
        )
    pages = _pages(out, html) if html else None
    if push:
        _push(out, push, push_to)
    if format == "json":
        print_json(summary.to_json())
    else:
        show(summary, console(), out, pages)
    return summary.exit_code(fail_on)


@contextmanager
def source_of(target: str, to: str = "", *, check: bool = False, history: int = 10) -> Iterator[Source]:
    """What a target means: a path if there is one of that name and no Hub was named, else something on a Hub."""
    from toolreg.audit.sources import hub_source, local_source, lock_source

    with fetching(to) as hubs:
        if not to and target.endswith(".lock") and os.path.isfile(target):
            from toolreg.load.store import Store, default_folder

            yield lock_source(Path(target), Store(default_folder()), hubs)
        elif to or not os.path.exists(target):
            yield hub_source(hubs.hub(to or "local"), target, history=history)
        else:
            yield local_source(target, fixtures=check)


@contextmanager
def told_to_go_on(out: Path) -> Iterator[None]:
    """Who presses Ctrl-C is told that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt:
        said = f"interrupted: the same command goes on where it stopped, from {safe(str(out))}"
        console(stderr=True).print(said, soft_wrap=True)
        raise


@contextmanager
def shown_progress() -> Iterator[Callable[[Progress], None] | None]:
    """A line that counts, where somebody watches."""
    if not is_terminal():
        yield None
        return
    with console(stderr=True).status("reading") as status:
        yield lambda done: status.update(f"{done.files:,} files, {done.tools:,} tools")


def show(summary: Summary, out: Console, folder: Path, pages: Path | None = None) -> None:
    """The counts of an audit, what changed, and where the rest stands."""
    facts, verdicts = summary.facts, summary.verdicts
    copies = f", {summary.copies:,} of them copies of another" if summary.copies else ""
    out.print(f"[bold]{counted(summary.tools, 'tool')}[/] in {counted(facts['files'], 'file')}{copies}")
    out.print(f"  [{STYLES['APPROVED']}]approved[/] {verdicts['APPROVED']:,}   clean, not tried {summary.clean:,}   "
              f"[{STYLES['INCOMPLETE']}]incomplete[/] {verdicts['INCOMPLETE'] - summary.clean:,}   "
              f"[{STYLES['BLOCKED']}]blocked[/] {verdicts['BLOCKED']:,}")  # fmt: skip
    for kind, counts in summary.effects.items():
        words = ", ".join(f"{word} by {count:,}" for word, count in counts.items())
        out.print(f"  {kind:<7}{words}")
    _show_together(summary.together, out)
    if summary.severities:
        out.print("  findings: " + ", ".join(f"{n:,} {level}" for level, n in summary.severities.items()))
    for error in summary.errors[:10]:
        out.print(f"  [red]not judged[/] {safe(str(error['path']))}: {safe(str(error['message']))}")
    if summary.not_judged > 10:
        out.print(f"  … {summary.not_judged:,} files were not judged")
    if summary.changes is not None:
        _show_changes(summary.changes, out)
    if not summary.tools:
        target = str(facts["target"])
        where = "" if os.path.exists(target) else "; there is no such path, so it was looked for on the Hub"
        out.print(f"  no tool was found in {safe(target)}, so nothing was judged{where}")
    out.print(f"results in {safe(str(folder))}" + (f", pages at {safe(str(pages))}" if pages else ""))


def _show_together(together: Together, out: Console) -> None:
    """What one agent with all of these tools would be."""
    named = {"private": "private data", "untrusted": "a stranger's content", "way_out": "a way out"}
    legs = ", ".join(
        f"{words} by {together.counts[leg]:,}" for leg, words in named.items() if together.counts[leg]
    )
    if together.trifecta:
        out.print(f"  [yellow]together[/] they can carry data out: {legs}")
    if together.alike:
        pair = together.pairs[0]
        out.print(f"  {counted(together.alike, 'tool')} a model cannot tell from another, e.g. "
                  f"{safe(str(pair['tool']))} from {safe(str(pair['other']))}")  # fmt: skip


def counted(number: int, what: str) -> str:
    """`1 tool`, `1,200 tools`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _show_changes(changes: Changes, out: Console) -> None:
    words = {
        "new": "new",
        "gone": "gone",
        "worse": "worse",
        "better": "better",
        "new_effects": "with new effects",
    }
    out.print("  since then: " + ", ".join(f"{changes.counts[key]:,} {word}" for key, word in words.items()))
    for row in changes.new_effects[:10]:
        out.print(
            f"  [red]+[/] {safe(str(row['tool']))} in {safe(str(row['path']))}: {safe(', '.join(row['effects']))}"
        )


def _pages(out: Path, html: Path) -> Path:
    from toolreg.audit.gallery import write_gallery

    return write_gallery(out, html).index


def _push(out: Path, repo_id: str, to: str) -> None:
    from toolreg.audit.push import push

    with fetching(to) as hubs:
        pushed = push(out, hubs.hub(to), repo_id)
    what = f"{pushed.files:,} files in one commit" if pushed.changed else "nothing changed there"
    console(stderr=True).print(f"[green]pushed[/] {safe(pushed.url)}  {pushed.commit[:12]}  {what}")
