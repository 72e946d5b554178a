"""Try a tool: every case runs the bundle's bytes in the sandbox under exactly the declared effects."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from toolreg.contract import ToolSource
from toolreg.effects import Effect, uncovered
from toolreg.errors import HarnessError
from toolreg.harness.cases import CallCase, Case, ExampleCase, RepeatCase, example_case, repeat_case
from toolreg.harness.compare import Printed, mismatch
from toolreg.harness.generate import generated_cases
from toolreg.harness.network import RecordedNetwork, Recording, read_recording
from toolreg.harness.record import RecordingNetwork
from toolreg.harness.together import groups, joined
from toolreg.harness.workspace import companions, fresh_workspace
from toolreg.sandbox import (
    CallTool,
    Isolation,
    Killed,
    Limits,
    Observation,
    Policy,
    Raised,
    Returned,
    RunExamples,
    Sandbox,
)

LIMITS = Limits(wall=10.0, cpu=10)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What one case showed. failures speak against the tool; problems mean that the case could not judge it.

    planted: how many made-up secrets it was lent, none of which may come out. shared: the observation is that
    of a process in which other cases ran too, of which nothing was seen beyond the grant.
    """

    title: str
    line: int
    granted: tuple[Effect, ...]
    observation: Observation | None
    generated: bool = False
    failures: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    planted: int = 0
    shared: bool = False

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Everything it was seen to do or to try, sorted, each once."""
        return tuple(sorted({o.effect for o in self.observation.effects})) if self.observation else ()

    @property
    def beyond(self) -> tuple[Effect, ...]:
        """What it was seen to do or to try without being granted it."""
        return () if self.shared else uncovered(self.effects, by=self.granted)


@dataclass(frozen=True, slots=True)
class Trial:
    """All cases of a tool, tried."""

    results: tuple[CaseResult, ...]

    @property
    def isolation(self) -> Isolation | None:
        """What held the calls; None where no case ran."""
        return next((r.observation.isolation for r in self.results if r.observation), None)

    @property
    def failed(self) -> bool:
        """True if a case speaks against the tool."""
        return any(r.failures or r.beyond for r in self.results)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What the examples were seen to do; generated arguments would only add noise."""
        return tuple(sorted({e for r in self.results if not r.generated for e in r.effects}))


def try_tool(
    tool: ToolSource,
    code: bytes,
    entry: str,
    declared: tuple[Effect, ...],
    sandbox: Sandbox,
    *,
    together: bool = False,
) -> Trial:
    """Run every case of a tool on `code`, the published bytes. Raises SandboxError where nothing could run.

    together: calls share a process where their grants allow it; what is seen there is tried again one by one.
    """
    results: list[CaseResult] = []
    run = _Run(tool, code, entry, sandbox)
    for result in run.together(_cases(tool, declared)) if together else map(run.one, _cases(tool, declared)):
        results.append(result)
        if result.failures or result.beyond:
            break  # one is enough to block it, and a tool that hangs would hang in every case
    return Trial(tuple(results))


@dataclass(frozen=True, slots=True)
class _Run:
    tool: ToolSource
    code: bytes
    entry: str
    sandbox: Sandbox

    def one(self, case: Case) -> CaseResult:
        return _try_case(self.tool, self.code, self.entry, case, self.sandbox)

    def together(self, cases: Iterator[Case]) -> Iterator[CaseResult]:
        """The examples alone, then the others in groups."""
        others: list[RepeatCase | CallCase] = []
        for case in cases:
            if not isinstance(case, ExampleCase):
                others.append(case)
                continue
            yield (seen := self.one(case))
            if seen.failures or seen.beyond:
                return
        for group in groups(others, self.code):
            yield from self._group(group)

    def _group(self, cases: tuple[RepeatCase | CallCase, ...]) -> Iterator[CaseResult]:
        if len(cases) == 1:
            yield self.one(cases[0])
            return
        whole = self.one(joined(cases, self.tool.name))
        if not whole.failures and not whole.beyond:
            for case in cases:
                granted = case.granted
                yield replace(
                    whole, title=case.title, granted=granted.effects, problems=granted.problems, shared=True
                )
            return
        alone = [self.one(case) for case in cases]
        yield from alone
        if not any(result.failures or result.beyond for result in alone):
            yield whole


def _cases(tool: ToolSource, declared: tuple[Effect, ...]) -> Iterator[Case]:
    try:
        examples = tool.docstring.examples
    except ValueError:
        return  # not doctests; lint says so with its line
    case = example_case(tool, examples, declared)
    if case is not None:
        yield case
        yield repeat_case(case)
        yield from generated_cases(tool, declared, case.granted.calls)


def record_answers(
    tool: ToolSource,
    code: bytes,
    entry: str,
    declared: tuple[Effect, ...],
    sandbox: Sandbox,
    env: Mapping[str, str],
) -> tuple[CaseResult, Recording]:
    """Run the examples against the real hosts they are granted, and give what those answered.

    env: the real values of declared variables; the recording holds `{env:NAME}` in their place.
    Raises HarnessError where the tool has no examples.
    """
    case = next((c for c in _cases(tool, declared) if isinstance(c, ExampleCase)), None)
    if case is None:
        raise HarnessError(
            "no example to record", path=tool.path, line=tool.line, hint="add an `Examples:` section"
        )
    lent = {e.target: env[e.target] for e in case.granted.effects if e.kind == "env" and e.target in env}
    network = RecordingNetwork(_recording(tool), lent)
    return _played(tool, code, entry, case, sandbox, network, lent), network.heard


def _try_case(tool: ToolSource, code: bytes, entry: str, case: Case, sandbox: Sandbox) -> CaseResult:
    canaries = {e.target: f"canary-{secrets.token_hex(12)}" for e in case.granted.effects if e.kind == "env"}
    return _played(tool, code, entry, case, sandbox, RecordedNetwork(_recording(tool), canaries), canaries)


def _played(
    tool: ToolSource,
    code: bytes,
    entry: str,
    case: Case,
    sandbox: Sandbox,
    network: RecordedNetwork,
    env: Mapping[str, str],
) -> CaseResult:
    """One case in a fresh workspace, with this network and these values of variables."""
    with fresh_workspace(tool) as workspace, tempfile.NamedTemporaryFile(suffix=".pem") as authority:
        authority.write(network.certificate)
        authority.flush()
        policy = Policy(
            effects=tuple(e for e in case.granted.effects if not _is_of_this_machine(e)),
            workspace=workspace,
            env=env,
            limits=LIMITS,
            network=network,
            ca_file=authority.name,
        )
        seen = sandbox.call(code, _request(tool, entry, case), policy)
    failures = (*_failures(case, seen), *_leaks(seen, env))
    generated = not isinstance(case, ExampleCase)
    missing = () if generated else (f"the network has no recorded answer for {m}" for m in network.missing)
    problems = (*case.granted.problems, *missing)
    line = case.line if isinstance(case, ExampleCase) else tool.line
    # What went wrong for want of an answer does not speak against the tool.
    failures = () if problems else failures
    return CaseResult(case.title, line, case.granted.effects, seen, generated, failures, problems, len(env))


def _is_of_this_machine(effect: Effect) -> bool:
    """A path outside the workspace: nothing that is checked ever sees a file of the machine that checks it."""
    return effect.kind in ("read", "write") and (
        effect.target.startswith(("/", "~")) or ".." in effect.target.split("/")
    )


def _request(tool: ToolSource, entry: str, case: Case) -> CallTool | RunExamples:
    match case:
        case ExampleCase():
            return RunExamples(entry, tool.name, tuple(e.source for e in case.examples))
        case RepeatCase():
            return RunExamples(entry, tool.name, case.sources)
        case CallCase():
            return CallTool(entry, case.arguments)  # type: ignore[arg-type]  # generated from a JSON Schema


def _recording(tool: ToolSource) -> Recording:
    path = companions(tool, ".responses.json")
    return read_recording(path.read_bytes(), str(path)) if path.is_file() else {}


def _failures(case: Case, seen: Observation) -> Iterator[str]:
    match seen.outcome:
        case Killed(reason):
            yield f"was stopped: {reason}"
        case Raised(kind, message, line) if isinstance(case, ExampleCase):
            yield f"raised {kind}: {message}" + (f" (line {line} of the published tool.py)" if line else "")
        case Returned(examples=printed) if isinstance(case, ExampleCase):
            if len(printed) != len(case.examples):
                yield f"ran {len(printed)} of {len(case.examples)} examples"
            for example, run in zip(case.examples, printed, strict=False):
                error = f"{run.error}: {run.message}" if run.message else run.error
                said = mismatch(example, Printed(run.output, error))
                if said:
                    yield said


def _leaks(seen: Observation, canaries: Mapping[str, str]) -> Iterator[str]:
    """Secrets that came out where nothing was declared to carry them: the output or a file."""
    channels = {"its output": f"{seen.outcome!r}{seen.stdout}{seen.stderr}".encode("utf-8", "replace")}
    channels |= {f"the file {change.path}": change.data for change in seen.changes}
    for name, canary in canaries.items():
        for channel, data in channels.items():
            if canary.encode() in data:
                yield f"gives away the value of {name} through {channel}"
