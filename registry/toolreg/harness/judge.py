"""What a case's observation says against the tool, and what kept it from saying anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolreg.contract import Example
from toolreg.harness.cases import CallCase, Case, ExampleCase
from toolreg.harness.compare import Printed, mismatch
from toolreg.harness.scene import Scene
from toolreg.harness.scenes import StagedCase
from toolreg.harness.staged import Told
from toolreg.harness.together import type_shown
from toolreg.sandbox import ExampleRun, Killed, Raised, Returned

# Python's type → what smolagents calls it. Others, a date or a class of the tool's own, cannot be told.
_WORDS = {
    "str": "string", "bool": "boolean", "int": "integer", "float": "number", "dict": "object", "list": "array",
    "tuple": "array", "set": "array", "frozenset": "array", "NoneType": "null", "bytes": "bytes",
}  # fmt: skip
CHANGED = "toolreg_harness.Changed"  # as `inside` raises it
_ALSO = {"number": ("integer",), "object": ("array", "string", "bytes")}


def unseen(case: Case | StagedCase, told: Told, lent: bool) -> Iterator[str]:
    """Why nothing can be said of what was not seen."""
    seen = told.seen
    if seen.usage.events_dropped:
        yield f"did so much that {seen.usage.events_dropped} of its system calls were not kept"
    if seen.truncated and lent:
        yield "printed more than is kept, so that its output could not be searched"
    if told.fault:
        yield told.fault
    if told.cut == "output" and isinstance(case, StagedCase):
        yield f"printed so much that {len(told.runs)} of {len(case.scenes)} stages were played"


def failures(
    case: Case | StagedCase, told: Told, unanswered: bool, promised: Mapping[str, Any]
) -> Iterator[str]:
    """What speaks against the tool. promised: the schema of its result."""
    plain = isinstance(case, ExampleCase) or (isinstance(case, StagedCase) and bool(case.first))
    match told.seen.outcome:
        case Killed(reason):
            yield f"was stopped: {reason}"
        case Raised(kind, message, line) if plain:
            yield f"raised {kind}: {message}" + (f" (line {line} of the published tool.py)" if line else "")
        case Returned(_, name) if isinstance(case, CallCase) and not unanswered:
            yield from _of_another_type(name, promised)
        case Returned(examples=printed) if isinstance(case, ExampleCase):
            yield from _differences(case.examples, printed)
        case Returned() if isinstance(case, StagedCase):
            yield from _differences(case.first, told.first)
            yield from () if unanswered else _staged(case, told.runs, promised)


def _differences(examples: Sequence[Example], printed: Sequence[ExampleRun]) -> Iterator[str]:
    if len(printed) != len(examples):
        yield f"ran {len(printed)} of {len(examples)} examples"
    for example, run in zip(examples, printed, strict=False):
        error = f"{run.error}: {run.message}" if run.message else run.error
        said = mismatch(example, Printed(run.output, error))
        if said:
            yield said


def _staged(
    case: StagedCase, played: Sequence[Sequence[ExampleRun]], promised: Mapping[str, Any]
) -> Iterator[str]:
    """The first stage on which the tool does not load, or prints something else."""
    for scene, runs in zip(case.scenes, played, strict=False):
        loaded = 0 if scene.setting is None else 1
        if len(runs) != loaded + len(scene.sources):
            yield f"{scene.title}: ran {len(runs) - loaded} of {len(scene.sources)} sources"
            return
        if changed := next((run.message for run in runs if run.error == CHANGED), ""):
            yield f"{scene.title}: {changed}"
            return
        if scene.remembers and (shown := _told_again(runs[loaded:], scene)):
            yield shown if scene.title == case.title else f"{scene.title}: {shown}"
            return
        if loaded and scene.examples and runs[0].error:
            yield f"{scene.title}: does not load: {runs[0].error}: {runs[0].message}"
            return
        said = next(_differences(scene.examples, runs[loaded + scene.lead :]), "") if scene.examples else ""
        said = said or next(
            (w for run in runs[-1:] for w in _of_another_type(type_shown(scene, run), promised)), ""
        )
        if said:
            yield f"{scene.title}: {said}" if scene.title != case.title else said
            return


def _of_another_type(name: str, promised: Mapping[str, Any]) -> Iterator[str]:
    """A result that is not what the tool says that it gives."""
    kinds = promised.get("type", "any")
    allowed = {kinds} if isinstance(kinds, str) else set(kinds)
    allowed |= {also for kind in allowed for also in _ALSO.get(kind, ())}
    given = _WORDS.get(name, "")
    if promised.get("exactly") in ("dict", "Dict") and given in ("array", "string", "bytes"):
        allowed = {"object"}
    if (
        not given
        or allowed & {"any", "image", "audio", given}
        or (given == "null" and promised.get("nullable"))
    ):
        return
    yield f"gave {name} where it promises {' or '.join(sorted([kinds] if isinstance(kinds, str) else kinds))}"


def _told_again(runs: Sequence[ExampleRun], scene: Scene) -> str:
    """What an earlier call was given, and a later one, of somebody else, shows."""
    mark = scene.remembers.lower()
    others = (r for s, r in zip(scene.sources, runs, strict=False) if scene.remembers not in s)
    shown = any(mark in f"{run.output} {run.message}".lower() for run in others)
    return "shows one call what another was given" if shown else ""


_OFTEN = 10


def carried_on(case: Case | StagedCase, sent: Mapping[str, Sequence[bytes]]) -> Iterator[str]:
    """What one call was given goes out with the calls of others: it stands in more requests than one call makes."""
    marks = [s.remembers.encode() for s in case.scenes if s.remembers] if isinstance(case, StagedCase) else []
    for host, pieces in sent.items() if marks else ():
        if sum(mark in piece for piece in pieces for mark in marks) > _OFTEN:
            yield f"gives away what an earlier call was given, in later requests to {host}"


def answers(case: Case | StagedCase, told: Told) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """What the tool was given, and what it said to that: calls with the same arguments together."""
    match told.seen.outcome:
        case Returned() if isinstance(case, StagedCase):
            if case.first:
                yield tuple(e.source for e in case.first), [_said(run) for run in told.first]
            yield from _answers_on_stages(case, told.runs)
        case Returned(examples=printed) if isinstance(case, ExampleCase):
            yield tuple(e.source for e in case.examples), [_said(run) for run in printed]
        case Returned(value) if isinstance(case, CallCase):
            yield _given(case), [_text(value)]
        case Raised(_, message):
            yield _given(case) if isinstance(case, CallCase) else (), [message]


def _answers_on_stages(
    case: StagedCase, played: Sequence[Sequence[ExampleRun]]
) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for scene, runs in zip(case.scenes, played, strict=False):
        groups.setdefault(scene.sources, []).extend(map(_said, runs))
    yield from groups.items()


def _said(run: ExampleRun) -> str:
    return f"{run.output}\n{run.message}"


def _given(case: CallCase) -> tuple[str, ...]:
    return tuple(_text(value) for value in case.arguments.values())


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return repr(value)
