"""How well effects are inferred: `python benchmarks/effects/run.py [SET …] [--wrong]`.

Prints precision / recall for kinds, for kinds with targets, and for `unresolved`, beside the baselines
that can run: bandit and agent-audit are taken from the PATH, or from the folder in PEERS.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from baselines import baselines
from score import Answer, Case, read_cases, score

from toolreg.contract import parse_module
from toolreg.infer import infer

SETS = ("dev", "adversarial", "lookalike", "heldout", "heldout2", "heldout3", "heldout4", "heldout5")


def toolreg(case: Case) -> Answer:
    """The inference under test, on the last tool of the case."""
    module = parse_module(f"{case.name}.py", case.source.encode())
    found = infer(module.tools[-1])
    effects = frozenset(found.effects)
    open_kinds = frozenset(u.kind or "any" for u in found.unresolved)
    return Answer(frozenset(e.kind for e in effects), effects, open_kinds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--wrong", action="store_true", help="list the cases that differ from their label")
    options = parser.parse_args()
    for name in options.sets:
        cases = list(read_cases(name))
        print(f"\n{name}: {len(cases)} tools\n")
        print(
            f"{'program':<16} {'kinds P / R':<16} {'targets P / R':<16} {'unresolved P / R':<18} silent misses"
        )
        for label, program in {"toolreg": toolreg, **baselines()}.items():
            result = score(cases, program)
            targets = str(result.targets) if label == "toolreg" else "-"
            print(f"{label:<16} {result.kinds!s:<16} {targets:<16} {result.open!s:<18} {len(result.silent)}")
            if label == "toolreg":
                per_kind = "  ".join(
                    f"{k} {t}" for k, t in result.per_kind.items() if t.hit + t.missed + t.false
                )
                wrong = result.wrong if options.wrong else []
                silent = result.silent
        print(f"\nper kind: {per_kind}")
        print("\n".join([*(f"silent: {s}" for s in silent), *wrong]))


if __name__ == "__main__":
    main()
