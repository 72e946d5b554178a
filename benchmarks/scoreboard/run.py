"""Which scanner tells a tool that does more than it says from one that does not?

    python benchmarks/scoreboard/run.py [--programs FOLDER ...] [--out FILE] [--only WORD]

Each FOLDER holds programs of peers: `python -m venv v && v/bin/pip install bandit guarddog skilltotal mcp-scopecheck
diplomat-agent hexora`, then `--programs v/bin`; cisco-ai-skill-scanner, cisco-ai-mcp-scanner, codeaudit, and semgrep with
redteam-mcp (`--no-deps`, for its rules), want an environment each. A peer that is not there is left out and named. --only:
peers with this in their name.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpus import Sample, samples, write
from peers import PEERS, Said, program_of, run

from toolreg.contract import parse_module
from toolreg.effects import Effect
from toolreg.infer import infer


@dataclass(frozen=True)
class Score:
    """How a scanner did on one question: of `bad` files that should be flagged and `good` ones that should not."""

    hits: int
    unsure_bad: int
    bad: int
    false: int
    unsure_good: int
    good: int

    @property
    def precision(self) -> str:
        return _share(self.hits, self.hits + self.false)

    @property
    def recall(self) -> str:
        return _share(self.hits, self.bad)

    @property
    def let_through(self) -> str:
        return _share(self.bad - self.hits - self.unsure_bad, self.bad)

    @property
    def false_alarms(self) -> str:
        return _share(self.false, self.good)

    @property
    def asks(self) -> str:
        return _share(self.unsure_bad + self.unsure_good, self.bad + self.good)


def _share(part: int, whole: int) -> str:
    """Percent with Wilson's 95 % interval."""
    if not whole:
        return "–"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    return f"{100 * p:.0f} ({100 * max(0, middle - half):.0f}–{100 * min(1, middle + half):.0f})"


Declares = Callable[[Sample], frozenset[Effect]]


def honest(sample: Sample) -> frozenset[Effect]:
    """It declares what it does."""
    return sample.effects


def silent(_: Sample) -> frozenset[Effect]:
    """It declares nothing."""
    return frozenset()


def toolreg(made: list[Sample], declares: Declares) -> Said:
    """The static half of toolreg alone: no rule, no sandbox."""
    flagged, unsure = set(), set()
    for sample in made:
        found = infer(parse_module(f"/dev/null/{sample.file}", sample.source.encode()).tools[0])
        declared = declares(sample)
        if found.undeclared(declared):
            flagged.add(sample.file)
        elif found.unsettled(declared):
            unsure.add(sample.file)
    return Said(frozenset(flagged), frozenset(unsure))


def score(said_of_bad: Said, bad: list[Sample], said_of_good: Said, good: list[Sample]) -> Score:
    bad_names, good_names = {s.file for s in bad}, {s.file for s in good}
    return Score(
        len(said_of_bad.flagged & bad_names),
        len((said_of_bad.unsure - said_of_bad.flagged) & bad_names),
        len(bad),
        len(said_of_good.flagged & good_names),
        len((said_of_good.unsure - said_of_good.flagged) & good_names),
        len(good),
    )


def table(title: str, rows: list[tuple[str, Score, float]]) -> str:
    head = "| scanner | precision % | recall % | let through in silence % | false alarms % | asks a person % | seconds |\n|---|---|---|---|---|---|---|"
    lines = [
        f"| {n} | {s.precision} | {s.recall} | {s.let_through} | {s.false_alarms} | {s.asks} | {t:.1f} |"
        for n, s, t in rows
    ]
    return "\n".join([f"## {title}", "", head, *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, nargs="+", default=[Path(sys.executable).parent])
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "RESULTS.md")
    given = parser.parse_args()
    made = samples()
    effectful, pure = [s for s in made if s.effects], [s for s in made if not s.effects]
    started = time.perf_counter()
    silently, honestly = toolreg(made, silent), toolreg(made, honest)
    seconds = (time.perf_counter() - started) / 2
    says = [("toolreg, reading alone", score(silently, effectful, honestly, made), seconds)]
    does = [("toolreg, reading alone", score(silently, effectful, silently, pure), seconds)]
    absent = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "package/tools"
        write(made, folder)
        for peer in (p for p in PEERS if given.only in p.name):
            program = program_of(peer, given.programs)
            if program is None:
                absent.append(peer.name)
                continue
            said, seconds = run(peer, program, folder.parent)
            says.append((peer.name, score(said, effectful, said, made), seconds))
            does.append((peer.name, score(said, effectful, said, pure), seconds))
    given.out.write_text(report(made, effectful, pure, says, does, absent))
    sys.stdout.write(given.out.read_text())


def report(
    made: list[Sample],
    effectful: list[Sample],
    pure: list[Sample],
    says: list[tuple[str, Score, float]],
    does: list[tuple[str, Score, float]],
    absent: list[str],
) -> str:
    texts = [
        "# Scoreboard",
        f"{len(made)} labelled tools, {len(effectful)} with effects and {len(pure)} without, comments stripped; every scanner offline with its "
        "own defaults; 95 % intervals. The sets are toolreg's own (`benchmarks/effects/cases`), part of them written to fool it and part "
        "to look worse than they are. Its effect catalogue was developed on the set `dev`; the held-out sets were labelled before it first ran on "
        "them, and it was mended after.",
        table("Does it do more than it says?", says),
        f"Should be flagged: the {len(effectful)} tools with effects, each declaring `none`. Should not: all {len(made)}, each declaring what it does. "
        "Only toolreg and mcp-scopecheck compare code with a declaration, and mcp-scopecheck reads that of MCP, not of smolagents; the others "
        "say the same of both, so their precision here is at best the share of the first in the sum of both.",
        table("Does it touch the world at all?", does),
        f"Should be flagged: the {len(effectful)} tools with effects. Should not: the {len(pure)} without. This is a question that every scanner can "
        "answer. Most look for danger, not for effects: a plain request is none to them, and a low recall here is their intention.",
    ]
    texts.append(
        "guarddog, skilltotal and mcp-scopecheck were given each tool as a package of its own, two at a time: they name only some of the "
        "places of a finding, or say of a whole package whether they could read it. Their seconds are mostly starts. cisco skill-scanner was given each "
        "tool as the one script of a skill, its model and its services off; what it says of the skill's text is not counted. cisco mcp-scanner was given what an MCP server "
        "would list, names and docstrings: offline it reads no code, and these tools do not lie in words. "
        "semgrep's own rules are served from its registry alone, so it ran with those that redteam-mcp brings, which are about "
        "MCP servers."
    )
    if absent:
        texts.append(f"Not installed, so left out: {', '.join(absent)}.")
    return "\n\n".join(texts) + "\n"


if __name__ == "__main__":
    main()
