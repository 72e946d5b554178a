"""Many tools through everything: paths → lint, check → verdicts, with one sandbox for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, cast

from toolreg.bundle import bundle
from toolreg.bundle.proof import in_sandbox
from toolreg.contract import Module, ToolSource, find_files, read_bytes, read_module
from toolreg.errors import SourceError, ToolregError, UsageError
from toolreg.harness.trial import record_answers
from toolreg.harness.workspace import companions
from toolreg.lint import LintConfig, lint, load_rules
from toolreg.lint.selection import Selection
from toolreg.sandbox import CallTool, Limits, Policy, Sandbox
from toolreg.sandbox.backends.choice import DEFAULT, HAVE_SMOLAGENTS
from toolreg.verdict import Report, Status, Verdict, check, decide

if TYPE_CHECKING:
    from toolreg.sandbox import Tier


PROOF = Limits(wall=20.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One tool, its report and the verdict on it."""

    report: Report
    verdict: Verdict

    @property
    def tool(self) -> ToolSource:
        return self.report.tool

    @property
    def approved(self) -> bool:
        return self.verdict.status is Status.APPROVED


@dataclass(frozen=True, slots=True)
class Checked:
    """Every tool of some paths, judged, and what kept a file from being judged."""

    judged: tuple[Judged, ...]
    errors: tuple[ToolregError, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many tools have each verdict."""
        return {str(s): sum(j.verdict.status is s for j in self.judged) for s in Status}


def record_paths(paths: Sequence[str], env: Mapping[str, str]) -> list[Recorded]:
    """Record what the network answers to the examples of every tool that declares `net`.

    Real requests go to the hosts that the examples name, and to no other; answers are written to
    `NAME.responses.json` beside the tool, with `{env:NAME}` in place of secrets. Raises ToolregError.
    """
    modules, errors = read_tools(paths)
    if errors:
        raise errors[0]
    tools = [t for m in modules for t in m.tools if any(e.kind == "net" for e in t.declared or ())]
    with Sandbox() as sandbox:
        return [_record(tool, sandbox, env) for tool in tools]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A tool's recording: its file, how many answers it holds, and what could not be recorded."""

    tool: str
    path: str
    answers: int
    problems: tuple[str, ...]


def _record(tool: ToolSource, sandbox: Sandbox, env: Mapping[str, str]) -> Recorded:
    made = bundle(tool)
    result, recording = record_answers(tool, made.code, made.entry, tool.declared or (), sandbox, env)
    path = companions(tool, ".responses.json")
    if recording:
        from toolreg.harness.record import to_json  # it brings a client for HTTP, which no check needs

        path.write_bytes(to_json(recording))
    return Recorded(tool.name, str(path), len(recording), (*result.problems, *result.failures))


def check_paths(
    paths: Sequence[str], *, config: LintConfig | None = None, tier: str = "", backend: str = DEFAULT
) -> Checked:
    """Check every tool in files and folders.

    tier: of the default backend; backend: where tools are tried, `none` for a plain process that approves nothing.
    Raises ToolregError where nothing could be begun: no such path, no sandbox on this machine.
    """
    config = config or LintConfig()
    modules, errors = read_tools(paths)
    result = lint(paths, config)
    changed = [m.path for m in modules if read_bytes(m.path) != m.data]
    if changed:
        raise SourceError("changed while it was checked", path=changed[0], hint="check again")
    known = {str(e) for e in errors}
    errors += [e for e in result.errors if str(e) not in known]
    tools = [tool for module in modules for tool in module.tools]
    if not tools:
        return Checked((), tuple(errors))
    chosen = parse_tier(tier)
    rules = Selection(config).count(rule.code for rule in load_rules(config.packs))
    prove_in = backend if backend in HAVE_SMOLAGENTS else DEFAULT
    with (
        Sandbox(tier=chosen, backend=backend) as sandbox,
        Sandbox(tier=chosen, backend=prove_in, preload=("smolagents",)) as real,
    ):
        prover = in_sandbox(real, Policy(limits=PROOF))
        # Importing smolagents takes as long as trying a small tool: it is there when the first proof asks for it.
        warm = Thread(target=_warmed, args=(real,), daemon=True)
        warm.start()
        reports = [
            check(
                tool,
                [f for f in result.findings if f.path == tool.path],
                rules=rules,
                sandbox=sandbox,
                prover=prover,
            )
            for tool in tools
        ]
        warm.join()
    return Checked(tuple(Judged(report, decide(report)) for report in reports), tuple(errors))


def _warmed(sandbox: Sandbox) -> None:
    """Bring up the process that holds smolagents. What fails here fails in the proof too, which says so."""
    with suppress(ToolregError):
        sandbox.call(b"from smolagents import tools\ndef f(): ...\n", CallTool("f", {}), Policy(limits=PROOF))


def read_tools(paths: Sequence[str]) -> tuple[list[Module], list[ToolregError]]:
    """The modules that hold tools, and the errors of those that could not be read."""
    modules: list[Module] = []
    errors: list[ToolregError] = []
    for path in find_files(paths):
        try:
            module = read_module(path)
        except SourceError as error:
            errors.append(error)
            continue
        if module.tools:
            modules.append(module)
    return modules, errors


def one_tool(path: str, name: str = "") -> ToolSource:
    """The tool of that name in a file; the only one where no name is given. Raises SourceError, UsageError."""
    modules, errors = read_tools([path])
    if errors:
        raise errors[0]
    tools = [t for m in modules for t in m.tools]
    chosen = [t for t in tools if name in ("", t.name, t.node.name)]
    if len(chosen) == 1:
        return chosen[0]
    have = ", ".join(t.name for t in tools)
    if not tools:
        raise SourceError(
            "no tool in it", path=path, hint="a tool is a function under @tool, or a subclass of Tool"
        )
    if not chosen:
        raise UsageError(f"no tool '{name}' in {path}", hint=f"there are: {have}")
    raise UsageError(f"{path} holds {len(tools)} tools", hint=f"write {path}:NAME with one of: {have}")


def parse_tier(text: str) -> Tier | None:
    """`A`, `B`, `C` or "" for the best that this machine has. Raises UsageError."""
    if text not in ("", "A", "B", "C"):
        hint = "tiers: A (namespaces), B (without namespaces), C (WebAssembly or a container)"
        raise UsageError(f"there is no sandbox tier '{text}'", hint=hint)
    return cast("Tier", text) if text else None
