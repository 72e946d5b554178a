"""Plays one case in the sandbox and judges what was seen of it."""

from __future__ import annotations

import json
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from toolreg.contract import Example, ToolSource, spec_of
from toolreg.effects import Effect, uncovered
from toolreg.errors import HarnessError, SandboxError, SandboxUnavailable
from toolreg.harness import media, staged
from toolreg.harness import scenes as stage
from toolreg.harness.canaries import Canary, new_value
from toolreg.harness.cases import CallCase, Case, ExampleCase
from toolreg.harness.compare import Printed, mismatch
from toolreg.harness.leaks import channels, leaks
from toolreg.harness.network import RecordedNetwork, Recording, read_recording
from toolreg.harness.scenes import StagedCase
from toolreg.harness.staged import Told
from toolreg.harness.workspace import companions, fresh_workspace
from toolreg.sandbox import (
    CallTool,
    ExampleRun,
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
# What repeats the examples has the time that they need.
LONG = replace(LIMITS, wall=45.0, cpu=45)
_MARKED = "\x1e{mark}([^\x1e]*)\x1e\n"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What one case showed. failures speak against the tool; problems mean that the case could not judge it.

    planted: how many made-up secrets it was lent, none of which may come out. shared: the observation is that
    of a process in which other cases ran too, of which nothing was seen beyond the grant. scenes: how many stages
    were played, in `seconds` of processor time.
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
    scenes: int = 0
    seconds: float = 0.0

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Everything it was seen to do or to try, sorted, each once."""
        return tuple(sorted({o.effect for o in self.observation.effects})) if self.observation else ()

    @property
    def own(self) -> tuple[Effect, ...]:
        """What it was seen to do, as far as that cannot have been another case of the same process."""
        return tuple(e for e in self.effects if not self.shared or not uncovered((e,), by=self.granted))

    @property
    def beyond(self) -> tuple[Effect, ...]:
        """What it was seen to do or to try without being granted it."""
        return () if self.shared else uncovered(self.effects, by=self.granted)

    @property
    def against(self) -> bool:
        """True if it speaks against the tool."""
        return bool(self.failures or self.beyond)


@dataclass(frozen=True, slots=True)
class Lent:
    """What a case is given that must not come out. env: values of variables, some of them canaries."""

    env: Mapping[str, str] = field(default_factory=dict)
    canaries: tuple[Canary, ...] = ()


def lent_to(granted: Sequence[Effect], names: Sequence[str] = ()) -> Lent:
    """A made-up value for every declared variable; usual values for those that are no secret.

    names: variables that the code names, for a declared `PREFIX_*`.
    """
    wanted = [e for e in granted if e.kind == "env"]
    found = dict.fromkeys(
        name
        for e in wanted
        for name in (
            [e.target] if e.target.isidentifier() else [n for n in names if e.covers(Effect("env", n))]
        )
    )
    env = {name: stage.PUBLIC.get(name) or new_value() for name in found if stage.PUBLIC.get(name, "-")}
    secret = [name for name in env if name not in stage.PUBLIC]
    return Lent(env, tuple(Canary("env", f"the value of {name}", env[name]) for name in secret))


def play(
    tool: ToolSource,
    code: bytes,
    entry: str,
    case: Case | StagedCase,
    sandbox: Sandbox,
    lent: Lent,
    network: RecordedNetwork | None = None,
) -> CaseResult:
    """One case in a fresh workspace. What kept it from running is a problem of the result.

    network: None plays the recording beside the tool. Raises SandboxUnavailable.
    """
    line = case.line if isinstance(case, ExampleCase) else tool.line
    generated = not isinstance(case, ExampleCase) and not _first(case)
    blank = CaseResult(case.title, line, case.granted.effects, None, generated)
    try:
        network = network or RecordedNetwork(recording_of(tool), lent.env)
        mark = secrets.token_hex(8)
        seen = _seen(tool, code, entry, case, sandbox, lent, network, mark)
    except SandboxUnavailable:
        raise
    except (SandboxError, HarnessError) as error:
        return replace(blank, problems=(f"could not run: {error}",))
    seen, heard = _heard(seen, mark)
    told = staged.told(case, seen, mark) if isinstance(case, StagedCase) else Told(seen)
    seen = told.seen
    ways = channels(seen, network.sent, case.granted.effects, heard)
    failures = (
        *_failures(case, told, bool(network.missing)),
        *leaks(lent.canaries, ways),
        *(f"names the host {host} in a request to another" for host in dict.fromkeys(network.fronted)),
    )
    missing = (
        () if blank.generated else (f"the network has no recorded answer for {m}" for m in network.missing)
    )
    problems = (*case.granted.problems, *missing, *_unseen(case, told, lent))
    # What went wrong for want of an answer does not speak against the tool; what it gave away does.
    kept = failures if not problems else tuple(f for f in failures if f.startswith("gives away"))
    blank = replace(blank, planted=len(lent.canaries), scenes=len(told.runs), seconds=told.seconds)
    return replace(blank, observation=seen, failures=kept, problems=problems)


def recording_of(tool: ToolSource) -> Recording:
    path = companions(tool, ".responses.json")
    return read_recording(path.read_bytes(), str(path)) if path.is_file() else {}


def _seen(
    tool: ToolSource,
    code: bytes,
    entry: str,
    case: Case | StagedCase,
    sandbox: Sandbox,
    lent: Lent,
    network: RecordedNetwork,
    mark: str,
) -> Observation:
    with ExitStack() as stack:
        workspace = stack.enter_context(fresh_workspace(tool))
        authority: IO[bytes] = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".pem"))
        authority.write(network.certificate)
        authority.flush()
        for path, data in case.planted.items() if isinstance(case, StagedCase) else ():
            place = Path(workspace, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        policy = Policy(
            effects=tuple(e for e in case.granted.effects if not is_of_this_machine(e)),
            workspace=workspace,
            env=lent.env,
            limits=LIMITS if isinstance(case, ExampleCase | CallCase) or case.first else LONG,
            network=network,
            ca_file=authority.name,
        )
        door = media.with_door(code, entry, spec_of(tool).output_type) if _has_media(case) else code
        return sandbox.call(door, _request(tool, code, entry, case, mark), policy)


def is_of_this_machine(effect: Effect) -> bool:
    """A path outside the workspace: nothing that is checked ever sees a file of the machine that checks it."""
    return effect.kind in ("read", "write") and (
        effect.target.startswith(("/", "~")) or ".." in effect.target.split("/")
    )


def _request(
    tool: ToolSource, code: bytes, entry: str, case: Case | StagedCase, mark: str
) -> CallTool | RunExamples:
    match case:
        case ExampleCase():
            return RunExamples(entry, tool.name, tuple(e.source for e in case.examples))
        case StagedCase():
            return RunExamples(entry, tool.name, staged.sources(case, code, entry, tool.name, mark))
        case CallCase():
            entry = media.ENTRY if _has_media(case) else entry
            return CallTool(entry, case.arguments)  # type: ignore[arg-type]  # generated from a JSON Schema


def _has_media(case: Case | StagedCase) -> bool:
    return isinstance(case, CallCase) and any(map(media.is_incoming, case.arguments.values()))


def _first(case: Case | StagedCase) -> tuple[Example, ...]:
    return case.first if isinstance(case, StagedCase) else ()


def _heard(seen: Observation, mark: str) -> tuple[Observation, list[tuple[str, str]]]:
    """What the stage told of started programs and names, taken out of standard error: (event, its arguments)."""
    told = re.findall(_MARKED.format(mark=mark), seen.stderr)
    if not told:
        return seen, []
    stderr = re.sub(_MARKED.format(mark=mark), "", seen.stderr)
    return replace(seen, stderr=stderr), [_words(each) for each in told]


def _words(told: str) -> tuple[str, str]:
    try:
        event, *words = json.loads(told)
    except (ValueError, TypeError):
        return "", told
    return str(event), " ".join(map(str, words))


def _unseen(case: Case | StagedCase, told: Told, lent: Lent) -> Iterator[str]:
    """Why nothing can be said of what was not seen."""
    seen = told.seen
    if seen.usage.events_dropped:
        yield f"did so much that {seen.usage.events_dropped} of its system calls were not kept"
    if seen.truncated and lent.canaries:
        yield "printed more than is kept, so that its output could not be searched"
    if told.fault:
        yield told.fault
    if told.cut == "output" and isinstance(case, StagedCase):
        yield f"printed so much that {len(told.runs)} of {len(case.scenes)} stages were played"


def _failures(case: Case | StagedCase, told: Told, unanswered: bool) -> Iterator[str]:
    plain = isinstance(case, ExampleCase) or bool(_first(case))
    match told.seen.outcome:
        case Killed(reason):
            yield f"was stopped: {reason}"
        case Raised(kind, message, line) if plain:
            yield f"raised {kind}: {message}" + (f" (line {line} of the published tool.py)" if line else "")
        case Returned(examples=printed) if isinstance(case, ExampleCase):
            yield from _differences(case.examples, printed)
        case Returned() if isinstance(case, StagedCase):
            yield from _differences(case.first, told.first)
            yield from () if unanswered else _staged(case, told.runs)


def _differences(examples: Sequence[Example], printed: Sequence[ExampleRun]) -> Iterator[str]:
    if len(printed) != len(examples):
        yield f"ran {len(printed)} of {len(examples)} examples"
    for example, run in zip(examples, printed, strict=False):
        error = f"{run.error}: {run.message}" if run.message else run.error
        said = mismatch(example, Printed(run.output, error))
        if said:
            yield said


def _staged(case: StagedCase, played: Sequence[Sequence[ExampleRun]]) -> Iterator[str]:
    """The first stage on which the tool does not load, or prints something else."""
    for scene, runs in zip(case.scenes, played, strict=False):
        loaded = 0 if scene.setting is None else 1
        if len(runs) != loaded + len(scene.sources):
            yield f"{scene.title}: ran {len(runs) - loaded} of {len(scene.sources)} sources"
            return
        if loaded and scene.examples and runs[0].error:
            yield f"{scene.title}: does not load: {runs[0].error}: {runs[0].message}"
            return
        said = next(_differences(scene.examples, runs[loaded:]), "") if scene.examples else ""
        if said:
            yield f"{scene.title}: {said}" if scene.title != case.title else said
            return
