"""One tool through everything: lint, effects, bundle, every case in the sandbox → Report → Verdict.

Nothing judged is nothing approved: no rule ran, no case ran, no sandbox, something unresolved → INCOMPLETE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from toolreg.bundle import Bundle, Proof, bundle, prove
from toolreg.bundle.proof import Runner
from toolreg.contract import ToolSource, spec_of
from toolreg.effects import Effect, EffectSyntaxError, Hints, hints
from toolreg.errors import BundleError, SandboxUnavailable
from toolreg.harness import FULL, Budget, CaseResult, Trial, try_tool
from toolreg.harness.guards import guarded
from toolreg.infer import Inference, Unresolved, infer
from toolreg.lint import Finding
from toolreg.sandbox import Sandbox

# Rules whose findings the verdict says itself, with the call path.
UNDECLARED, UNRESOLVED = "undeclared-effect", "unresolved-effect"


class Status(StrEnum):
    """The three verdicts."""

    APPROVED = "APPROVED"
    BLOCKED = "BLOCKED"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why a tool is not approved, where, and what to do."""

    path: str
    line: int
    text: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    status: Status
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known of one tool.

    rules: how many lint rules ran. refusals: (line, reason) of a bundle that could not be made or proved.
    proof: that stock smolagents loads the bundle as the same tool.
    trial: what the harness saw; None where nothing was tried.
    """

    tool: ToolSource
    declared: tuple[Effect, ...] | None
    rules: int
    findings: tuple[Finding, ...]
    inference: Inference
    bundle: Bundle | None
    refusals: tuple[tuple[int, str], ...]
    proof: Proof | None
    trial: Trial | None

    @property
    def hints(self) -> Hints:
        """The MCP hints of what the tool declares, pessimistic where something is open."""
        return hints(self.declared or (), unresolved=self.declared is None or bool(self.open))

    @property
    def open(self) -> tuple[Unresolved, ...]:
        """What the inference could not see, no declared effect covers and nobody has waived with a reason."""
        return tuple(u for u in self.inference.unsettled(self.declared or ()) if not self.waiver(u))

    def waiver(self, question: Unresolved) -> str:
        """The author's reason for accepting something unresolved, which is published; "" if there is none."""
        for finding in self.findings:
            if finding.name == UNRESOLVED and finding.suppressed and finding.line == question.line:
                return str(finding.suppressed)
        return ""


def check(
    tool: ToolSource,
    findings: Sequence[Finding],
    *,
    rules: int,
    sandbox: Sandbox,
    prover: Runner | None = None,
    budget: Budget = FULL,
) -> Report:
    """Everything about one tool. findings: what lint said of its file, `rules` of them ran.

    prover: where source and bundle are loaded by the real smolagents; None makes a sandbox for that alone.
    budget: how much is played; a survey lets cases, and the two sides of the proof, share a process, and does no more
    once something speaks against the tool.

    The tool is tried only where it can be bundled, and it is the bundle's bytes that are tried.
    Raises SandboxError where no judgement was possible.
    """
    inference, declared = infer(tool), _declared(tool)
    mine = tuple(f for f in findings if f.tool in ("", tool.name))
    made, refusals = _bundled(tool)
    trial = proof = None
    if made is not None and declared is not None:
        trial = try_tool(tool, made.code, made.entry, declared, sandbox, budget=budget)
    if made is not None and not (trial and trial.failed):  # a tool that hangs would hang in the proof too
        proof, refusals = _proved(tool, made, prover, apart=not budget.survey)
    return Report(tool, declared, rules, mine, inference, made, refusals, proof, trial)


def read(tool: ToolSource, findings: Sequence[Finding], *, rules: int) -> Report:
    """What reading alone tells of a tool, for looking at many: nothing runs, so nothing can be approved."""
    made, refusals = _bundled(tool, savable=False)
    mine = tuple(f for f in findings if f.tool in ("", tool.name))
    return Report(tool, _declared(tool), rules, mine, infer(tool), made, refusals, None, None)


def decide(report: Report) -> Verdict:
    """The verdict of a report; pure. What speaks against the tool weighs more than what is missing."""
    blocked, missing = tuple(_against(report)), tuple(_missing(report))
    if blocked:
        return Verdict(Status.BLOCKED, blocked + missing)
    return Verdict(Status.INCOMPLETE, missing) if missing else Verdict(Status.APPROVED)


def _declared(tool: ToolSource) -> tuple[Effect, ...] | None:
    try:
        return tool.declared
    except EffectSyntaxError:
        return None  # lint has said so, with its line


Refusals = tuple[tuple[int, str], ...]


def _bundled(tool: ToolSource, *, savable: bool = True) -> tuple[Bundle | None, Refusals]:
    try:
        return bundle(tool, savable=savable), ()
    except BundleError as error:
        return None, error.reasons or ((error.line, error.message),)


def _proved(
    tool: ToolSource, made: Bundle, prover: Runner | None, *, apart: bool
) -> tuple[Proof | None, Refusals]:
    try:
        _ = tool.docstring.examples
    except ValueError:  # no doctests; lint says so with its line, and nothing was tried
        return None, ()
    try:
        return prove(tool, made, prover, apart=apart), ()
    except (
        SandboxUnavailable
    ):  # none of the boundaries here can hold smolagents itself: not proved, not approved
        return None, ()
    except BundleError as error:
        return None, error.reasons or ((error.line, error.message),)


def _against(report: Report) -> Iterator[Reason]:
    path, line = report.tool.path, report.tool.line
    for finding in report.findings:
        said = finding.suppressed is not None or finding.name in (UNDECLARED, UNRESOLVED)
        if finding.severity == "error" and not said:
            yield Reason(finding.path, finding.line, f"{finding.code} {finding.message}")
    for line_, reason in report.refusals:
        yield Reason(path, line_ or line, f"cannot be published: {reason}")
    if report.declared is None:
        return
    for evidence in report.inference.undeclared(report.declared):
        via = " → ".join(evidence.via)
        yield Reason(
            evidence.path, evidence.line, f"can do {evidence.effect}, which it does not declare ({via})"
        )
    yield from _told_otherwise(report)
    for case in report.trial.results if report.trial else ():
        yield from _against_case(report, case)


def _told_otherwise(report: Report) -> Iterator[Reason]:
    """A class that, once loaded, tells a model something else than its file says, which is what was read."""
    tool, loaded = report.tool, report.proof.definition if report.proof else {}
    if tool.form != "class" or not loaded:
        return
    spec = spec_of(tool)
    said = {"name": spec.name, "description": spec.description, "output_type": spec.output_type}
    for word, text in said.items():
        given = loaded.get(word, text)
        if tool.attribute(word) is not None and text not in ("", "any", given):
            yield Reason(
                tool.path, tool.line, f"its {word} is another when it is loaded: {str(given)[:80]!r}"
            )
    for name, schema in (loaded.get("inputs") or {}).items() if spec.inputs else ():
        if name not in spec.inputs or spec.inputs[name].get("description") != schema.get("description"):
            yield Reason(tool.path, tool.line, f"its input '{name}' is another when it is loaded")


def _against_case(report: Report, case: CaseResult) -> Iterator[Reason]:
    path, line = report.tool.path, case.line or report.tool.line
    for failure in case.failures:
        yield Reason(path, line, f"{case.title}: {failure}")
    for effect in case.beyond:
        yield Reason(
            path, line, f"{case.title}: was seen to do {effect}, which it does not declare for this call"
        )


def _missing(report: Report) -> Iterator[Reason]:
    path, line = report.tool.path, report.tool.line
    if not report.rules:
        yield Reason(path, line, "no lint rule ran", "select at least one rule")
    if report.declared is None:
        yield Reason(
            path, line, "declares no effects", "add a `Side effects:` section; `none` for a pure tool"
        )
    for question in report.open:
        yield Reason(
            question.path, question.line, f"unresolved: {question.reason}", "declare an effect that covers it"
        )
    for place, what in guarded(report.tool):
        yield Reason(path, place, what, "say in the clear what is compared")
    if report.trial is None:
        yield Reason(path, line, "was not tried", "mend what is named above")
        return
    if report.proof is None and not report.trial.failed:
        yield Reason(path, line, "was not proved to load in smolagents", "mend what is named above")
    if not report.trial.results:
        yield Reason(path, line, "no case ran", "add an `Examples:` section")
    yield from _unheld(report.trial, path, line)
    for case in report.trial.results:
        for problem in case.problems:
            yield Reason(path, case.line or line, f"{case.title}: {problem}")


def _unheld(trial: Trial, path: str, line: int) -> Iterator[Reason]:
    """What was neither held nor seen is unknown, and no ground for a judgement."""
    if trial.isolation is not None and trial.isolation.tier == "none":
        yield Reason(
            path,
            line,
            "was tried without a sandbox: what it did is not known",
            "leave --unsafe-no-sandbox out",
        )
        return
    unknown = sorted({kind for r in trial.results if r.observation for kind in r.observation.unknown})
    if unknown:
        yield Reason(
            path,
            line,
            f"whether it did {', '.join(unknown)} is not known in this sandbox",
            "use another --backend",
        )
