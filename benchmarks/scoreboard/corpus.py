"""The labelled tools of benchmarks/effects, as files that every scanner can read: no comments, no labels, no hints in names."""

from __future__ import annotations

import ast
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from toolreg.effects import Effect

SETS = ("dev", "heldout", "heldout2", "heldout3", "heldout4", "lookalike", "adversarial")
_SCORE = Path(__file__).parents[1] / "effects/score.py"


@dataclass(frozen=True)
class Sample:
    """One tool. file: its name in the folder that is scanned. effects: what it does, by its label."""

    file: str
    source: str
    effects: frozenset[Effect]
    origin: str


def samples() -> list[Sample]:
    """Every labelled tool that parses, numbered; a fair scan sees code alone."""
    made: list[Sample] = []
    score = _score()
    for name in SETS:
        if not (score.CASES / f"{name}.txt").is_file():
            continue
        for case in score.read_cases(name):
            source = ast.unparse(ast.parse(case.source)) + "\n"
            made.append(Sample(f"tool_{len(made):04d}.py", source, case.effects, name))
    return made


def write(made: list[Sample], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for sample in made:
        (folder / sample.file).write_text(sample.source)


def _score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("effects_score", _SCORE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["effects_score"] = module
    spec.loader.exec_module(module)
    return module
