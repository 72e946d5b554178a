"""Plays one case in the sandbox and judges what was seen of it."""

from __future__ import annotations

import ast
import json
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from toolreg.contract import Example, ToolSource, spec_of
from toolreg.contract.spec import schema_of
from toolreg.effects import Effect, uncovered
from toolreg.errors import HarnessError, SandboxError, SandboxUnavailable
from toolreg.harness import judge, media, staged
from toolreg.harness import scenes as stage
from toolreg.harness.canaries import Canary, new_value
from toolreg.harness.cases import CallCase, Case, ExampleCase
from toolreg.harness.leaks import Channel, channels, leaks, strangers
from toolreg.harness.network import RecordedNetwork, Recording, read_recording
from toolreg.harness.scenes import StagedCase
from toolreg.harness.speech import World, spoken
from toolreg.harness.staged import Told
from toolreg.harness.workspace import companions, fresh_workspace
from toolreg.sandbox import (
    CallTool,
    Limits,
    Observation,
    Policy,
    RunExamples,
    Sandbox,
)

LIMITS = Limits(wall=10.0, cpu=10)
# What repeats the examples has the time that they need.
LONG = replace(LIMITS, wall=45.0, cpu=45)
_MOST_BESIDE = 1_000_000
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


def lent_to(granted: Sequence[Effect], names: Sequence[str] = (), times: int = 1) -> Lent:
    """A made-up value for every declared variable; usual values for those that are no secret.

    names: variables that the code names, for a declared `PREFIX_*`. times: how much longer than usual the values are.
    """
    wanted = [e for e in granted if e.kind == "env"]
    found = dict.fromkeys(
        name
        for e in wanted
        for name in (
            [e.target] if e.target.isidentifier() else [n for n in names if e.covers(Effect("env", n))]
        )
    )
    env = {name: stage.PUBLIC.get(name) or new_value(times) for name in found if stage.PUBLIC.get(name, "-")}
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
    ways_out: list[Channel] | None = None,
) -> CaseResult:
    """One case in a fresh workspace. What kept it from running is a problem of the result.

    network: None plays the recording beside the tool. ways_out: where to put all that went out.
    Raises SandboxUnavailable.
    """
    line = case.line if isinstance(case, ExampleCase) else tool.line
    generated = not isinstance(case, ExampleCase) and not _first(case)
    blank = CaseResult(case.title, line, case.granted.effects, None, generated)
    try:
        network = network or RecordedNetwork(recording_of(tool), lent.env, alike=generated)
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
    if ways_out is not None:
        ways_out += ways
    failures = (
        *judge.failures(case, told, bool(network.missing), promised_by(tool)),
        *leaks(lent.canaries, ways),
        *strangers(lent.canaries, network.sent),
        *(f"names the host {host} in a request to another" for host in dict.fromkeys(network.fronted)),
        *_says(tool, case, told, network),
        *judge.carried_on(case, network.sent),
    )
    missing = (
        () if blank.generated else (f"the network has no recorded answer for {m}" for m in network.missing)
    )
    problems = (*case.granted.problems, *missing, *judge.unseen(case, told, bool(lent.canaries)))
    # What went wrong for want of an answer does not speak against the tool; what it gave away does.
    kept = (
        failures if not problems else tuple(f for f in failures if f.startswith(("gives away", "its answer")))
    )
    blank = replace(blank, planted=len(lent.canaries), scenes=len(told.runs), seconds=told.seconds)
    return replace(blank, observation=seen, failures=kept, problems=problems)


def promised_by(tool: ToolSource) -> Mapping[str, Any]:
    """The schema of a tool's result: its hint, or else `output_type`."""
    hint = tool.call.returns if tool.call is not None else None
    if hint is None:
        return {"type": spec_of(tool).output_type}
    name = hint.value if isinstance(hint, ast.Subscript) else hint
    return {**schema_of(hint), "exactly": getattr(name, "id", "") if name is not None else ""}


def _says(tool: ToolSource, case: Case | StagedCase, told: Told, network: RecordedNetwork) -> Iterator[str]:
    """What no answer of the tool should hold, and what it was given does not bring in."""
    hosts = [e.target for e in case.granted.effects if e.kind == "net"]
    for given, outputs in judge.answers(case, told):
        world = World((*given, *network.texts), tool.docstring.text, hosts, partial(_beside, tool))
        if found := list(spoken(outputs, world)):
            yield from found
            return


def _beside(tool: ToolSource) -> tuple[str, ...]:
    """The texts of the files that a tool is tried with."""
    folder = companions(tool, ".files")
    files = (
        (f for f in sorted(folder.rglob("*")) if f.is_file() and not f.is_symlink())
        if folder.is_dir()
        else ()
    )
    return tuple(f.read_bytes()[:_MOST_BESIDE].decode("utf-8", "replace") for f in islice(files, 200))


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
