"""Try a tool: every case runs the bundle's bytes in the sandbox under exactly the declared effects."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from toolreg.contract import ToolSource
from toolreg.effects import Effect
from toolreg.errors import HarnessError
from toolreg.harness import scenes as stage
from toolreg.harness.budget import AGAIN, FULL, Budget, Coverage, in_turn
from toolreg.harness.canaries import Canary, new_value
from toolreg.harness.cases import CallCase, Case, ExampleCase, example_case
from toolreg.harness.coats import LONGER, TIMES, Heard, grown
from toolreg.harness.constants import Constants, constants
from toolreg.harness.generate import generated_cases
from toolreg.harness.leaks import Channel
from toolreg.harness.network import Recording
from toolreg.harness.planted import PLANTED, planted_case
from toolreg.harness.play import CaseResult, Lent, lent_to, play, recording_of
from toolreg.harness.scenes import Scene, StagedCase
from toolreg.harness.together import GENERATED, lent_out, scene, shared
from toolreg.sandbox import Isolation, Sandbox

__all__ = ["CaseResult", "Trial", "record_answers", "try_tool"]
_ROUNDS, _FEW_ROUNDS, _SLOW = 64, 10, 0.3
_START = 0.25
_MOST_CALLS, _SEARCH = 1500, 30.0


@dataclass(frozen=True, slots=True)
class Trial:
    """All cases of a tool, tried. played: kind → (how many of it were played, how many there are)."""

    results: tuple[CaseResult, ...]
    played: Mapping[str, tuple[int, int]] = field(default_factory=dict)

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
        return tuple(sorted({e for r in self.results if not r.generated for e in r.own}))


def try_tool(
    tool: ToolSource,
    code: bytes,
    entry: str,
    declared: tuple[Effect, ...],
    sandbox: Sandbox,
    *,
    budget: Budget = FULL,
) -> Trial:
    """Run the cases of a tool on `code`, the published bytes. Raises SandboxError where nothing could run.

    budget: how many of the stages are played; a survey plays what it can in one process, and what is seen there is
    looked for again one by one.
    """
    results: list[CaseResult] = []
    run = _Run(tool, code, entry, sandbox, constants(code), declared, budget)
    case = _first_case(tool, declared)
    for result in () if case is None else run.survey(case) if budget.survey else run.each(case):
        results.append(result)
        if result.against:
            break  # one is enough to block it, and a tool that hangs would hang in every case
    return Trial(tuple(results), run.coverage.told())


@dataclass(frozen=True, slots=True)
class _Run:
    tool: ToolSource
    code: bytes
    entry: str
    sandbox: Sandbox
    known: Constants
    declared: tuple[Effect, ...]
    budget: Budget
    coverage: Coverage = field(default_factory=Coverage)
    secret: str = field(default_factory=new_value)  # stands behind what the code expects of a variable

    def one(self, case: Case | StagedCase, canaries: tuple[Canary, ...] = (), until: float = 0) -> CaseResult:
        """One case. Where a stage speaks against the tool, it is looked for alone, until a moment, to name it."""
        lent = lent_to(case.granted.effects, self.known.texts)
        secret = (Canary("env", "the value of a variable", self.secret),) if lent.canaries else ()
        lent = Lent(lent.env, (*lent.canaries, *secret, *canaries))
        result = play(self.tool, self.code, self.entry, case, self.sandbox, lent)
        if result.against and isinstance(case, StagedCase) and _apart(case):
            until = until or time.monotonic() + _SEARCH
            return self._narrowed(case, canaries, until) or result
        return result

    def _narrowed(self, case: StagedCase, canaries: tuple[Canary, ...], until: float) -> CaseResult | None:
        middle = len(case.scenes) // 2
        for part in (case.scenes[:middle], case.scenes[middle:]):
            if time.monotonic() > until:
                return None
            title = part[0].title if len(part) == 1 else case.title
            result = self.one(replace(case, scenes=part, title=title), canaries, until)
            if result.against:
                return result
        return None  # it takes both halves together, or too long

    def each(self, case: ExampleCase) -> Iterator[CaseResult]:
        """Every case in a process of its own."""
        yield (first := self.one(case))
        self.coverage.add("examples", len(case.examples), len(case.examples))
        calls = generated_cases(self.tool, self.declared, case.granted.calls)
        yield self._staged(self._again(case, first))
        self.coverage.add(GENERATED, 0, len(calls))
        for call in calls:
            yield self.one(call)
            self.coverage.add(GENERATED, 1, 0)
        if first.observation is not None:
            yield self._staged(self._elsewhere(case))
            yield from self._planted(case)

    def survey(self, case: ExampleCase) -> Iterator[CaseResult]:
        """All that may be in one process first; where anything is seen there, the same one by one."""
        calls = generated_cases(self.tool, self.declared, case.granted.calls)
        online = any(
            e.kind == "net" for e in case.granted.effects
        )  # nobody recorded answers to made-up calls
        beside = () if online else shared(calls, case.granted, self.code)
        elsewhere = self._elsewhere(case)
        scenes = in_turn(
            self._again(case).scenes, [scene(c, self.tool.name) for c in beside], elsewhere.scenes
        )
        granted = lent_out(beside, case.granted)
        whole = self.one(
            replace(
                elsewhere,
                title=f"{case.title}, and stages",
                scenes=scenes,
                granted=granted,
                first=case.examples,
            )
        )
        if whole.against or whole.problems:
            yield from self._one_by_one(case, whole, beside, elsewhere)
            return
        self.coverage.add("examples", len(case.examples), len(case.examples))
        self.coverage.scenes(scenes, whole.scenes)
        yield replace(whole, title=case.title, granted=case.granted.effects, shared=True)
        spent = whole.seconds
        if spent < self.budget.seconds:
            yield from self._planted(case)
        alone = [call for call in calls if call not in beside]
        self.coverage.add(GENERATED, 0, len(alone))
        for call in alone:
            if spent >= self.budget.seconds:
                return
            yield (result := self.one(call))
            self.coverage.add(GENERATED, 1, 0)
            spent += result.observation.usage.cpu if result.observation else self.budget.seconds

    def _one_by_one(
        self, case: ExampleCase, whole: CaseResult, beside: Sequence[CallCase], elsewhere: StagedCase
    ) -> Iterator[CaseResult]:
        """What a shared process showed, looked for again; what only comes of being together still counts."""
        yield (alone := self.one(case))
        self.coverage.add("examples", len(case.examples), len(case.examples))
        if alone.against:
            return
        others: tuple[CallCase | StagedCase, ...] = (self._again(case), *beside, elsewhere)
        for other in others:
            result = self._staged(other) if isinstance(other, StagedCase) else self.one(other)
            yield result
            if result.against:
                return
        if whole.against:
            yield whole

    def _staged(self, case: StagedCase) -> CaseResult:
        result = self.one(case)
        self.coverage.scenes(case.scenes, result.scenes)
        return result

    def _again(self, case: ExampleCase, first: CaseResult | None = None) -> StagedCase:
        """The examples over and over: 64 times, or as many as a number in the code suggests; ten times where they are slow."""
        named = max((n for n in self.known.numbers if n <= _MOST_CALLS), default=0) + 2
        rounds = _FEW_ROUNDS if first is not None and _seconds(first) >= _SLOW else _ROUNDS
        stays = self.tool.method("setup") is not None or any(e.kind == "write" for e in case.granted.effects)
        sources, held = tuple(e.source for e in case.examples), () if stays else case.examples
        scenes = tuple(
            Scene(f"behaves otherwise the {n}. time", None, sources, held, AGAIN)
            for n in range(1, max(_ROUNDS, named) + 1)
        )
        return StagedCase(
            f"{len(scenes)} calls in a row", scenes, case.granted, fewest=rounds, seconds=self.budget.seconds, wall=self.budget.wall,
        )  # fmt: skip

    def _elsewhere(self, case: ExampleCase) -> StagedCase:
        """The examples on other days, for other users, with other values."""
        secret = self.secret if lent_to(case.granted.effects, self.known.texts).canaries else ""
        every = stage.scenes(self.tool, case.examples, case.granted, self.known, time.time(), secret)
        return StagedCase(
            "other days, users and values", every, case.granted,
            fewest=self.budget.fewest, seconds=self.budget.seconds, wall=self.budget.wall,
        )  # fmt: skip

    def _planted(self, case: ExampleCase) -> Iterator[CaseResult]:
        """The examples among files that hold made-up values, where there is a way out that may not carry them."""
        planted, canaries = planted_case(self.tool, case)
        lent, heard = lent_to(case.granted.effects, self.known.texts), list[Channel]()
        online = any(e.kind == "net" for e in case.granted.effects)
        in_files = any(online or canary.kind != "file" for canary in canaries)
        # A file that is there may be all that a tool waits for: not worth a process where many are looked at.
        if not in_files and not lent.canaries and (self.budget.survey or not canaries):
            return
        yield (first := self._heard(planted, lent, canaries, heard))
        self.coverage.add(PLANTED, 1, 1)
        if not (first.against or first.problems or self.budget.survey):
            yield from self._longer(case, heard, canaries if in_files else ())

    def _longer(
        self, case: ExampleCase, heard: list[Channel], canaries: tuple[Canary, ...]
    ) -> Iterator[CaseResult]:
        """The same with longer values in files, then in variables: more must not go out for that."""
        names, lent, again = (
            self.known.texts,
            lent_to(case.granted.effects, self.known.texts),
            list[Channel](),
        )
        self._heard(planted_case(self.tool, case)[0], lent, (), again)
        for of_files, values in ((True, canaries), (False, lent.canaries)):
            if not values:
                continue
            long = list[Channel]()
            larger, kept = planted_case(self.tool, case, TIMES if of_files else 1)
            env = lent if of_files else lent_to(case.granted.effects, names, TIMES)
            result = self._heard(replace(larger, title=LONGER), env, kept, long)
            ways = grown(Heard(heard, again, long, frozenset(c.kind for c in values)))
            told = (f"gives away {values[0].what} through {way}, in a coat of its own" for way in ways)
            yield replace(result, failures=(*result.failures, *told))

    def _heard(
        self, case: StagedCase, lent: Lent, canaries: tuple[Canary, ...], heard: list[Channel]
    ) -> CaseResult:
        both = Lent(lent.env, (*lent.canaries, *canaries))
        return play(self.tool, self.code, self.entry, case, self.sandbox, both, None, heard)


def _apart(case: StagedCase) -> bool:
    """True if each of its stages begins anew, so that one can be looked for without the others."""
    return len(case.scenes) > 1 and not case.first and all(s.setting is not None for s in case.scenes)


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
    from toolreg.harness.record import RecordingNetwork  # it brings a client for HTTP, which no check needs

    network = RecordingNetwork(recording_of(tool), lent)
    return play(tool, code, entry, case, sandbox, Lent(lent, canaries), network), network.heard
