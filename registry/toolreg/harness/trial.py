"""Try a tool: every case runs the bundle's bytes in the sandbox under exactly the declared effects."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from toolreg.contract import ToolSource
from toolreg.effects import Effect
from toolreg.errors import HarnessError
from toolreg.harness import scenes as stage
from toolreg.harness.canaries import Canary, new_value
from toolreg.harness.cases import CallCase, Case, ExampleCase, RepeatCase, example_case, repeat_case
from toolreg.harness.constants import Constants, constants
from toolreg.harness.generate import generated_cases
from toolreg.harness.leaks import kind_of_file
from toolreg.harness.network import Recording
from toolreg.harness.play import CaseResult, Lent, lent_to, play, recording_of
from toolreg.harness.record import RecordingNetwork
from toolreg.harness.scenes import Scene, StagedCase
from toolreg.harness.together import groups, joined
from toolreg.harness.workspace import companions
from toolreg.sandbox import Isolation, Sandbox

__all__ = ["CaseResult", "Trial", "record_answers", "try_tool"]
_SECONDS = 4.0  # for the stages of one tool, together
_START, _QUICK, _LONGEST = 0.25, 0.03, 35.0
_SHARE = 0.2  # where many tools are tried
_MOST_CALLS = 1500


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
        return any(r.against for r in self.results)

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
    run = _Run(tool, code, entry, sandbox, constants(code))
    for result in run.together(declared) if together else run.each(declared):
        results.append(result)
        if result.against:
            break  # one is enough to block it, and a tool that hangs would hang in every case
    return Trial(tuple(results))


@dataclass(frozen=True, slots=True)
class _Run:
    tool: ToolSource
    code: bytes
    entry: str
    sandbox: Sandbox
    known: Constants

    def one(self, case: Case | StagedCase, canaries: tuple[Canary, ...] = ()) -> CaseResult:
        """One case. Where a stage speaks against the tool, the stage is looked for alone, to name it."""
        lent = lent_to(case.granted.effects, self.known.texts)
        lent = Lent(lent.env, (*lent.canaries, *canaries))
        result = play(self.tool, self.code, self.entry, case, self.sandbox, lent)
        if result.against and isinstance(case, StagedCase) and len(case.scenes) > 1:
            return self._narrowed(case, canaries) or result
        return result

    def _narrowed(self, case: StagedCase, canaries: tuple[Canary, ...]) -> CaseResult | None:
        middle = len(case.scenes) // 2
        for part in (case.scenes[:middle], case.scenes[middle:]):
            title = part[0].title if len(part) == 1 else case.title
            result = self.one(replace(case, scenes=part, title=title), canaries)
            if result.against:
                return result
        return None  # it takes both halves together

    def each(self, declared: tuple[Effect, ...]) -> Iterator[CaseResult]:
        """Every case in a process of its own."""
        case = _first_case(self.tool, declared)
        if case is None:
            return
        yield (first := self.one(case))
        for other in self.more(case, declared, first):
            yield (result := self.one(other))
            if isinstance(other, RepeatCase):
                yield from self._longer(case, other, result)
        yield from self.stages(case, first)

    def _longer(self, case: ExampleCase, before: RepeatCase, seen: CaseResult) -> Iterator[CaseResult]:
        """As many calls in a row as a number in the code suggests, where that takes no time."""
        rounds = len(before.sources) // len(case.examples)
        wanted = min(_MOST_CALLS, max((n for n in self.known.numbers if n <= _MOST_CALLS), default=0) + 2)
        if wanted > rounds and _seconds(seen) / rounds * wanted < _SECONDS:
            yield self.one(repeat_case(case, 0, wanted, alike=bool(before.examples)))

    def together(self, declared: tuple[Effect, ...]) -> Iterator[CaseResult]:
        """The examples alone, then the others in groups."""
        case = _first_case(self.tool, declared)
        if case is None:
            return
        yield (first := self.one(case))
        if first.against:
            return
        for group in groups(list(self.more(case, declared, first)), self.code):
            yield from self._group(group)
        yield from self.stages(case, first, share=_SHARE)

    def more(
        self, case: ExampleCase, declared: tuple[Effect, ...], first: CaseResult
    ) -> Iterator[RepeatCase | CallCase]:
        """The examples again and again, and calls nobody wrote down."""
        stays = self.tool.method("setup") is not None or any(e.kind == "write" for e in case.granted.effects)
        yield repeat_case(case, _seconds(first), alike=not stays)
        yield from generated_cases(self.tool, declared, case.granted.calls)

    def stages(self, case: ExampleCase, first: CaseResult, share: float = 1.0) -> Iterator[CaseResult]:
        """The examples elsewhere: other days, users, values; files with something in them that must not leave.

        share: of the time that they may take.
        """
        if first.observation is None:
            return
        every = stage.scenes(self.tool, case.examples, case.granted, self.known, time.time())
        took = _seconds(first)
        most = int(share * _LONGEST / max(first.observation.usage.wall, 0.001))
        kept = every[: max(6, most if took < _QUICK else min(most, int(share * _SECONDS / took)))]
        yield self.one(StagedCase("other days, users and values", kept, case.granted))
        planted, canaries = self._planted(case)
        if canaries:
            yield self.one(planted, canaries)

    def _planted(self, case: ExampleCase) -> tuple[StagedCase, tuple[Canary, ...]]:
        """The examples among files that hold made-up values, each in a place that the tool may read."""
        files, home, canaries = dict[str, bytes](), dict[str, str](), list[Canary]()
        for effect in (e for e in case.granted.effects if e.kind == "read"):
            path, value = stage.name_for(effect), new_value()
            if not path or path.startswith("/") or ".." in path.split("/") or path in (".", "~"):
                continue
            if path.startswith("~/"):
                home[path[2:]] = value + "\n"
            else:
                before = companions(self.tool, ".files") / path
                data = stage.planted_file(path, _read(before), value) if not before.is_dir() else None
                if data is None:
                    continue
                files[path] = data
            canaries.append(Canary(kind_of_file(path), f"what it read in {path}", value))
        shown = (
            f"print(repr({self.tool.name}(**{dict(arguments)!r})))" for arguments in case.granted.calls[:8]
        )
        sources = (*(e.source for e in case.examples), *(() if _is_async(self.tool) else shown))
        scene = Scene("files with a made-up value", {}, sources)
        return StagedCase(scene.title, (scene,), case.granted, home, files), tuple(canaries)

    def _group(self, cases: tuple[RepeatCase | CallCase, ...]) -> Iterator[CaseResult]:
        if len(cases) == 1:
            yield self.one(cases[0])
            return
        whole = self.one(joined(cases, self.tool.name))
        if not whole.against:
            for case in cases:
                granted = case.granted
                yield replace(
                    whole, title=case.title, granted=granted.effects, problems=granted.problems, shared=True
                )
            return
        alone = [self.one(case) for case in cases]
        yield from alone
        if not any(result.against for result in alone):
            yield whole


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _is_async(tool: ToolSource) -> bool:
    return isinstance(tool.call, ast.AsyncFunctionDef)


def _seconds(result: CaseResult) -> float:
    """What the examples took, without the start of a process on a busy machine."""
    used = result.observation.usage if result.observation else None
    return max(used.cpu, used.wall - _START) if used else 1.0


def _first_case(tool: ToolSource, declared: tuple[Effect, ...]) -> ExampleCase | None:
    try:
        examples = tool.docstring.examples
    except ValueError:
        return None  # not doctests; lint says so with its line
    return example_case(tool, examples, declared)


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
    case = _first_case(tool, declared)
    if case is None:
        raise HarnessError(
            "no example to record", path=tool.path, line=tool.line, hint="add an `Examples:` section"
        )
    lent = {e.target: env[e.target] for e in case.granted.effects if e.kind == "env" and e.target in env}
    canaries = tuple(
        Canary("env", f"the value of {name}", value) for name, value in lent.items() if len(value) > 7
    )
    network = RecordingNetwork(recording_of(tool), lent)
    return play(tool, code, entry, case, sandbox, Lent(lent, canaries), network), network.heard
