"""For authors of rule packs: pytest parameters and one check made from the rules' own examples.

from toolreg.testing import check_example, examples

@pytest.mark.parametrize("example", examples("acme"), ids=str)
def test_every_example_is_judged_as_it_says(example):
    check_example(example)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from toolreg.contract.source import parse_module
from toolreg.lint.api import Rule
from toolreg.lint.example import class_tool, function_tool
from toolreg.lint.judge import lint_module, unsuppressed
from toolreg.lint.packs import load_rules

__all__ = ["Example", "check_example", "class_tool", "codes_in", "examples", "function_tool"]


@dataclass(frozen=True, slots=True)
class Example:
    """A bad or good example of a rule; `rules` are all that are run over it."""

    rule: Rule
    kind: str
    number: int
    source: str
    rules: tuple[Rule, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.rule.code}-{self.kind}-{self.number}"


def examples(pack: str = "builtin", packs: Sequence[str] = ()) -> list[Example]:
    """Every example of a pack's rules. packs: other packs whose rules are run beside it."""
    rules = load_rules([*packs, *([] if pack == "builtin" else [pack])])
    own = [r for r in rules if r.pack == pack]
    pairs = [
        (r, kind, n, s) for r in own for kind in ("bad", "good") for n, s in enumerate(getattr(r, kind), 1)
    ]
    return [Example(rule, kind, number, source, rules) for rule, kind, number, source in pairs]


def codes_in(source: str, rules: Sequence[Rule]) -> list[str]:
    """The codes that rules find in the text of one file, suppressed ones left out."""
    from toolreg.lint.api import Summary
    from toolreg.lint.judge import project_findings, summaries

    module = parse_module("example.py", source.encode())
    tools = [Summary(module.path, s[0], s[1:5], s[5]) for s in summaries(module)]
    return [f.code for f in (*unsuppressed(lint_module(module, rules)), *project_findings(rules, tools))]


def check_example(example: Example) -> None:
    """Raise AssertionError unless a bad example gives exactly its rule's code, and a good one none."""
    found = sorted(set(codes_in(example.source, example.rules)))
    wanted = [example.rule.code] if example.kind == "bad" else []
    if found != wanted:
        raise AssertionError(
            f"{example}: expected {wanted or 'no finding'}, found {found or 'none'} in\n{example.source}"
        )
