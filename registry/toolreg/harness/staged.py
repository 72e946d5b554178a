"""A staged case as the sources that play it inside, and what they print as runs again."""

from __future__ import annotations

import json
import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

from toolreg.harness.scenes import Scene, StagedCase
from toolreg.sandbox import ExampleRun, Observation, Returned

PAGES = 12
LONGEST = 150_000  # characters of one source's output, as in player_inside
_START = (
    "import _frozen_importlib_external as __toolreg__; import marshal as __toolreg_2__; "
    "__toolreg_2__ = __toolreg_2__.loads({compiled!r}) if __toolreg__.MAGIC_NUMBER == {magic!r} "
    "else compile({text!r}, '<harness>', 'exec', 0, True); "
    "__toolreg__ = {{'__name__': 'toolreg_harness'}}; exec(__toolreg_2__, __toolreg__); "
)


def sources(case: StagedCase, code: bytes, entry: str, name: str, mark: str) -> tuple[str, ...]:
    """The examples that come first, what brings the player up, then pages of results."""
    first = tuple(e.source for e in case.first)
    page = f"__toolreg__['more']({mark!r})"
    return (*first, _setup(case, code, entry, name, mark), *[page] * PAGES)


@dataclass(frozen=True, slots=True)
class Told:
    """What a staged case came to.

    seen: the observation with the runs of its scenes one after the other, behind those of its first examples.
    scenes: how many of them were played in full. cut: why not all: "time", "output"; "" if all were.
    seconds: processor time of the scenes. fault: why the player did not start or its answer cannot be read.
    """

    seen: Observation
    first: tuple[ExampleRun, ...] = ()
    runs: tuple[tuple[ExampleRun, ...], ...] = ()
    cut: str = ""
    seconds: float = 0.0
    fault: str = ""


def told(case: StagedCase, seen: Observation, mark: str) -> Told:
    """What the sources of a case printed. The child is not trusted: anything may stand there."""
    if not isinstance(seen.outcome, Returned):
        return Told(seen)
    printed, count = seen.outcome.examples, len(case.first)
    first, begun, pages = printed[:count], printed[count : count + 1], printed[count + 1 :]
    if not begun or begun[0].error:
        why = f"{begun[0].error}: {begun[0].message}" if begun else "nothing"
        return Told(seen, first, fault=f"the stage could not be set: {why}")
    try:
        lines = [line for page in pages for line in _lines(page.output, mark)]
        runs, cut, seconds = _runs(lines, len(case.scenes))
    except (ValueError, TypeError, IndexError, AttributeError, RecursionError):
        return Told(seen, first, fault="what came of the stages cannot be read")
    shown = _without_pages(seen, (*first, *(run for scene in runs for run in scene)))
    return Told(shown, first, tuple(map(tuple, runs)), cut, seconds)


def _lines(text: str, mark: str) -> list[Any]:
    begins = f"\x1e{mark}["
    if begins not in text:
        return []
    lines = json.JSONDecoder().raw_decode(text[text.index(begins) + len(begins) - 1 :])[0]
    return list(lines)


def _runs(lines: Sequence[Any], count: int) -> tuple[list[list[ExampleRun]], str, float]:
    """The runs of every scene, why there are no more, and their processor seconds. Raises ValueError and the like."""
    found: list[list[ExampleRun]] = []
    known: list[ExampleRun] = []
    for number, *said in lines:
        if isinstance(number, str):
            return found, "" if number == "done" else number, max(0.0, float(said[0]))
        if number not in range(count) or number not in (len(found) - 1, len(found)):
            raise ValueError(f"there is no scene {number}")
        if len(said) == 3:
            output, error, message = map(str, said)
            known.append(ExampleRun(output, error, message))
        if number == len(found):
            found.append([])
        found[number].append(known[-1] if len(said) == 3 else known[said[0]])
    return found[:-1], "output", 0.0  # there was more than fits on the pages


def _without_pages(seen: Observation, runs: tuple[ExampleRun, ...]) -> Observation:
    assert isinstance(seen.outcome, Returned)
    return replace(seen, outcome=replace(seen.outcome, examples=runs))


def _setup(case: StagedCase, code: bytes, entry: str, name: str, mark: str) -> str:
    staged = any(scene.setting is not None for scene in case.scenes)
    plan = json.dumps(_plan(case, entry, name, staged=staged))
    prepare = f"__toolreg__['prepare']({dict(case.home)!r}); __toolreg__['listen']({mark!r}); "
    begin = f"__toolreg__['begin']({plan!r}, {code!r}, globals())"
    return _START.format(**_program(staged)) + (prepare if staged else "") + begin


def _plan(case: StagedCase, entry: str, name: str, *, staged: bool) -> Mapping[str, Any]:
    every: dict[str, int] = {}
    listed = [_scene(scene, every) for scene in case.scenes]
    return {
        "scenes": listed, "sources": list(every), "entry": entry, "name": name, "staged": staged,
        "fewest": case.fewest, "cpu": case.seconds, "wall": case.wall,
    }  # fmt: skip


def _scene(scene: Scene, every: dict[str, int]) -> tuple[Any, list[int]]:
    setting = None if scene.setting is None else dict(scene.setting)
    return setting, [every.setdefault(source, len(every)) for source in scene.sources]


@cache
def _program(staged: bool) -> Mapping[str, Any]:
    """What runs inside, compiled here for a sandbox of the same Python."""
    names = ("inside.py", "inside_more.py", "player_inside.py") if staged else ("player_inside.py",)
    texts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names]
    head, *more = texts
    text = head + "".join(each.partition("annotations\n")[2] for each in more)
    compiled = marshal.dumps(compile(text, "<harness>", "exec", dont_inherit=True))
    return {"compiled": compiled, "magic": MAGIC_NUMBER, "text": text}
