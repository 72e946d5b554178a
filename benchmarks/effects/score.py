"""Labelled cases and the arithmetic of precision and recall."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolreg.effects import KINDS, Effect

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """One labelled tool. open: an honest reader leaves something unresolved."""

    name: str
    source: str
    effects: frozenset[Effect]
    open: bool

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(e.kind for e in self.effects)


@dataclass(frozen=True)
class Answer:
    """What a program says of a case. effects is None where it knows kinds alone."""

    kinds: frozenset[str]
    effects: frozenset[Effect] | None = None
    open_kinds: frozenset[str] = frozenset()  # "any" where every kind may hide


def read_cases(name: str) -> Iterator[Case]:
    """The cases of one file: `### name | effect; effect | ?` and the source below."""
    text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    for block in re.split(r"(?m)^### ", text)[1:]:
        head, _, source = block.partition("\n")
        label, effects, *mark = (part.strip() for part in head.split("|"))
        found = frozenset(Effect.parse(e) for e in effects.split(";") if e.strip() and e.strip() != "-")
        yield Case(label, source, found, "?" in mark)


@dataclass
class Tally:
    """True positives, false positives, false negatives."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def add(self, truth: Iterable[object], said: Iterable[object]) -> None:
        want, got = set(truth), set(said)
        self.hit += len(want & got)
        self.false += len(got - want)
        self.missed += len(want - got)

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.false) if self.hit + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} / {self.recall:.3f}"


def silent_misses(case: Case, answer: Answer) -> set[str]:
    """Kinds that the case has and the answer neither names nor leaves open."""
    if "any" in answer.open_kinds:
        return set()
    return set(case.kinds) - set(answer.kinds) - set(answer.open_kinds)


@dataclass
class Score:
    """One program over a set of cases."""

    kinds: Tally
    targets: Tally
    open: Tally
    per_kind: dict[str, Tally]
    silent: list[str]
    wrong: list[str]


def score(cases: Iterable[Case], program: Callable[[Case], Answer]) -> Score:
    """Run a program over the cases."""
    result = Score(Tally(), Tally(), Tally(), {k: Tally() for k in KINDS}, [], [])
    for case in cases:
        answer = program(case)
        result.kinds.add(case.kinds, answer.kinds)
        for kind, tally in result.per_kind.items():
            tally.add(case.kinds & {kind}, answer.kinds & {kind})
        if answer.effects is not None:
            result.targets.add(case.effects, answer.effects)
        result.open.add({1} if case.open else (), {1} if answer.open_kinds else ())
        result.silent += [f"{case.name}: {kind}" for kind in sorted(silent_misses(case, answer))]
        if (
            answer.kinds != case.kinds
            or bool(answer.open_kinds) != case.open
            or answer.effects not in (None, case.effects)
        ):
            result.wrong.append(_difference(case, answer))
    return result


def _difference(case: Case, answer: Answer) -> str:
    said = answer.effects if answer.effects is not None else frozenset()
    missing = ", ".join(map(str, sorted(case.effects - said)))
    extra = ", ".join(map(str, sorted(said - case.effects)))
    mark = f" open={sorted(answer.open_kinds)}" if bool(answer.open_kinds) != case.open else ""
    return f"{case.name}: missing [{missing}] extra [{extra}]{mark}"
